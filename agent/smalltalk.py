"""Words that state nothing: those that every sentence needs, courtesies, and ways to say that one does not know."""

from __future__ import annotations

import re

_EN = """
a about above after again all along also always am among an and another any anybody anyone anything are around as ask
at away back be because been before being best better both bring but by came can cannot come could course day dear
did do does doing done down each either else enjoy enough ever every everybody everyone everything exactly excellent
feel few fine first for found free friend from fun get give glad go going good goodbye great guess had happy has have
having he hear hello help helpful her here hers hey hi him his hope how i idea if in information interesting into is
it its just kind know last let like little long look lot lovely made make many may maybe me mean might mind moment
more morning most much must my name need never new next nice night no nobody not nothing now of off often oh okay ok
on once one only or other our out over own perhaps please pleasure possible probably put question quite rather really
right said same say see seem seen shall she should show since small so some somebody someone something soon sorry
still such sure take talk tell than thank thanks that the their them then there these they thing things think this
those though time to today together too try understand unfortunately until up upon us very visit visitor want was way
we welcome well were what when where whether which while who whole why will wish with without wonderful word would
yes yet you your yours yourself answer answers anyone's apologies afraid certain certainly colleague colleagues staff
ca wo meet nice met speak speaking name names
detail details assist anytime gladly absolutely actually simply especially including offer available
""".split()  # noqa: SIM905
EN = frozenset(_EN)
"""English words that are no evidence of a fact."""

_ZH = """
您好|你好|大家好|欢迎光临|欢迎|谢谢|感谢|不客气|不用谢|对不起|抱歉|不好意思|请问|请您|请|可以|能够|能|需要|想要|希望|觉得|
知道|了解|介绍|告诉|帮助|帮您|帮你|为您|为你|回答|问题|信息|这里|那里|这个|那个|这些|那些|什么|怎么|为什么|哪里|哪个|多少|
我们|你们|他们|它们|咱们|您|你|我|他|她|它|大家|自己|非常|很|十分|特别|比较|有点|一点|一些|一下|一起|一定|的话|如果|因为|
所以|但是|不过|而且|或者|以及|还有|还是|就是|是不是|有没有|没有|不是|是的|是|的|了|吗|呢|吧|啊|呀|哦|嗯|和|与|在|到|从|
对|也|都|就|还|再|才|又|只|把|被|让|给|跟|向|会|要|有|不|没|当然|随时|高兴|开心|愉快|祝|再见|稍等|目前|现在|其他|其它|
工作人员|服务|清楚|确定|早上|上午|下午|晚上|中午|今天|明天|同事|看看|来|去|上|下|里|个|位|哈
"""
ZH = re.compile("|".join(sorted(filter(None, _ZH.replace("\n", "").split("|")), key=len, reverse=True)))
"""Chinese words that are no evidence of a fact."""

UNSURE = re.compile(
    r"\b(?:(?:do|does|did)(?: not|n't) (?:know|have)|not (?:sure|certain|aware)|no (?:idea|information)|not something|"
    r"(?:cannot|can't|can not|unable to) (?:say|tell|answer|help|find)|(?:would )?rather not|"
    r"(?:do|will)(?: not|n't) (?:talk|discuss)|afraid|sorry)\b|不知道|不清楚|不确定|不了解|没有相关|没有这方面|"
    r"无法|不便|不能|抱歉|对不起|不好意思",
    re.IGNORECASE,
)
"""Says that one does not know or will not tell."""
