"""Words that try to give the language model orders instead of asking the avatar something."""

from __future__ import annotations

import re

from agent.review.fold import unleet, words

_ORDERS = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directives?|directions|programming|training"
    r"|constraints?|restrictions|polic(?:y|ies)|safeguards)"
)
_PAST = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|initial|original|system|former|past|your|existing|current)"
)
_HIDDEN = r"(?:system|initial|hidden|secret|original|developer|internal|full|entire|pre)"
_GAP = r"(?:\w+ ){0,4}"
_DROP = r"(?:ignore|disregard|forget|override|bypass|overlook|neglect|discard|skip|drop|delete|erase)"
_TELL = (
    r"(?:reveal|show|print|repeat|output|display|tell|give|send|leak|dump|recite|copy|paste|write|say|share|expose"
    r"|translate|summari[sz]e|encode|what(?: is| are| was| were|s))"
)
_NOT_OTHERS = (
    r"(?! (?:for|on|about|regarding|how|payments?|repl(?:y|ies)|responses?|answers?|service|delivery|attention|help))"
)
_ACT = r"(?:act|behave|respond|answer|reply|pretend|roleplay|role play|play|imagine)"
_FREE = (
    r"(?:unrestricted|unfiltered|uncensored|jailbroken|no (?:restrictions|rules|limits|filters?|guidelines)"
    r"|without (?:any )?(?:restrictions|rules|limits|filters?|guidelines|limitations|censorship))"
)
_THING = (
    r"(?:dan|ai|assistant|model|bot|chatbot|gpt|hacker|bound|restricted|limited|unrestricted|unfiltered|uncensored)"
)
_ZH_DROP = r"(?:忽略|无视|忘记|忘掉|忘了|不要理会|别理会|抛开|跳过|绕过|覆盖|删除|清除|丢弃|不用管|别管|不再遵守|违反)"
_ZH_PAST = r"(?:之前|以上|上面|前面|先前|原来|原有|所有|全部|一切|你的|你收到的|系统|此前|上述|一开始)"
_ZH_ORDERS = r"(?:指令|指示|提示词|提示|规则|规定|设定|要求|限制|命令|约束|prompt|system)"
_ZH_TELL = r"(?:告诉|显示|输出|打印|重复|复述|透露|泄露|展示|说出|给我|公布|公开|背出|背诵|翻译|列出|写出|念)"
_ZH_HIDDEN = (
    r"(?:系统(?:提示(?:词|语|内容|是|吧|给|$)|指令|设定|消息)|提示词|(?:初始|隐藏|内部)(?:指令|设定|提示)|prompt)"
)

_OVERRIDE = (
    rf"\b{_DROP} {_GAP}{_PAST} (?:\w+ ){{0,2}}{_ORDERS}\b",
    r"\b(?:ignore|disregard|override|bypass) all (?:\w+ )?(?:instructions?|prompts?|rules|constraints?|restrictions)\b",
    r"\b(?:ignore|disregard|forget) (?:everything|anything|all|what|whatever) (?:that )?(?:is |was |you |has |have )?"
    r"(?:were |been |have been |had been |written |said )?(?:told|above|before this|so far|instructed|taught)\b",
    r"\b(?:new|updated|real|actual|true) (?:system )?(?:instructions?|prompt) (?:is|are|follow|as follows|below)\b",
    r"\b(?:system|admin|root|developer|sudo) (?:override|mode (?:on|enabled|activated))\b",
    r"\bend of (?:the )?(?:system )?(?:prompt|instructions)\b",
    r"\bfrom now on you (?:are|will|must|shall|should|can|only|have to|may)\b",
    r"\bstop being (?:an? )?(?:\w+ )?(?:avatar|assistant|ai|bot|guide)\b",
    rf"{_ZH_DROP}[^\n]{{0,8}}?{_ZH_PAST}[^\n]{{0,6}}?{_ZH_ORDERS}",
    r"从现在(?:起|开始)你(?:就?是|要|必须|只能|将|不再|需要|得)|接下来你(?:就是|必须|只能|不再|要?扮演)",
    r"(?:新的?|最新|真正的?)(?:系统)?(?:指令|提示词|设定)(?:是|如下|为)",
)
_ROLE = (
    rf"\byou are (?:now|no longer) (?:an? |the |my |in |called |named |going to )?(?:\w+ ){{0,3}}{_THING}\b",
    rf"\b{_ACT}\b (?:\w+ ){{0,8}}{_FREE}\b",
    r"\b(?:dan|god|developer|debug|jailbreak|maintenance|sudo|admin) mode\b",
    r"\bdo anything now\b",
    r"\bact as (?:an? )?(?:linux|terminal|shell|root|python interpreter|command line)\b",
    r"(?:你现在(?:就?是|变成|要?扮演)|扮演|假装|模拟|充当)[^\n]{0,16}(?:没有|不受|无|解除|不用遵守)[^\n]{0,6}(?:限制|约束|规则|审查|道德)",
    r"(?:进入|开启|切换到?|启用|激活)[^\n]{0,6}(?:调试|管理员|上帝|开发者|开发人员|越狱|无限制|root|dan)模式",
    r"(?:越狱|开发者|dan)模式",
)
_REVEAL = (
    rf"\b{_TELL} {_GAP}(?:{_HIDDEN} (?:{_ORDERS}|messages?)|your (?:\w+ )?(?:prompt|instructions))\b{_NOT_OTHERS}",
    r"\b(?:repeat|print|output|copy|recite|write|say|translate) (?:\w+ ){0,3}(?:words|text|sentences?|everything"
    r"|anything|content|lines?|paragraphs?|instructions) (?:that (?:is|was|comes|came) |written )?"
    r"(?:above|before this|so far|preceding|verbatim)\b",
    r"\bwhat (?:does|do|did) (?:it say |the text say |the lines? say )?(?:above|before this)\b",
    rf"{_ZH_TELL}[^\n]{{0,10}}{_ZH_HIDDEN}",
    rf"[把将][^\n]{{0,6}}(?:系统提示|{_ZH_HIDDEN})[^\n]{{0,4}}(?:发|给|告诉|说|念|打印|输出|写|贴)",
    r"你们?的?(?:系统|初始|隐藏|内部|原始)?(?:提示词|系统提示|系统指令|初始设定|prompt)(?:是|有|里|写|都)",
    r"(?:重复|复述|输出|打印|背出)[^\n]{0,4}(?:以上|上面|前面|之前)(?:的)?(?:所有|全部)?(?:内容|文字|文本|话|字)",
)
_RULES = tuple(
    (name, re.compile("|".join(patterns), re.ASCII))
    for name, patterns in (("override", _OVERRIDE), ("role", _ROLE), ("reveal", _REVEAL))
)
_TOKENS = re.compile(
    r"<\|[^|<>]{1,40}\|>|\[/?(?:inst|sys|system|assistant)\]|<</?sys>>|</?(?:s|system|assistant|user|human)>"
    r"|<(?:start|end)_of_turn>|<(?:bos|eos|unk|pad)>|(?:^|\n)[^\S\n]{0,8}#{1,4}[^\S\n]{0,8}"
    r"(?:system|instructions?|assistant|human)\b"
    r"|(?:^|\n)[^\S\n]{0,8}(?:system|assistant|developer|系统|助手)[^\S\n]{0,8}[:：]|[{\[]\s{0,8}[\"']role[\"']\s{0,8}:"
    r"|\bbegin (?:system )?(?:prompt|message|instructions)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    "ignor|disregard|forget|overr|bypass|overlook|neglect|discard|skip|drop|delet|eras|instruct|prompt|you are|from now"
    "|stop being| mode|anything now|act as|unrestrict|unfilter|uncensor|jailbr|without|no r|no l|no f|no g|above"
    "|before this|verbatim|so far|preceding|指令|指示|提示|规|设定|限制|命令|约束|要求|从现在|接下来|模式|审查|道德"
    "|以上|上面|前面|之前"
)
"""What is in every text that a rule may fit: most have none of it."""


def find(text: str, folded: str) -> str | None:
    """The rule that fits a text; None when nothing in it looks like an order. `folded` is the same text, folded."""
    if _TOKENS.search(text):
        return "tokens"
    return _rule(words(folded)) or _rule(words(unleet(folded) or ""))


def _rule(plain: str) -> str | None:
    if _ASKED.search(plain) is None:
        return None
    return next((name for name, pattern in _RULES if pattern.search(plain)), None)
