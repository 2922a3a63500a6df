"""Whether Chinese words so far cannot be all, or are a whole question: by how they end."""

from __future__ import annotations

import re

_MARKS = re.compile(r"[\s\W_]+")
_DANGLING = (
    "还有", "那个", "这个", "然后", "因为", "所以", "但是", "可是", "不过", "如果", "要是", "或者", "而且", "以及",
    "就是", "就是说", "请问", "我想", "我想问", "想问一下", "请问一下", "嗯", "呃", "额", "和", "跟", "与", "从", "把",
    "关于", "对于", "比如", "比如说", "还想", "想要", "我要", "有没有", "可不可以", "能不能", "是不是", "可以", "我的",
    "你们的", "您的", "在", "的时候", "的话",
)  # fmt: skip
_COMPLETE = ("可不可以", "是不是", "可以", "在不在")
"""Of these, what is a question of its own after a subject ("这样可不可以")."""
_ASKING = re.compile(
    r"(吗|呢|吧|么|多少钱|几点|几点钟|多久|多远|多大|哪里|哪儿|什么时候|怎么走|怎么办|怎么卖|谁|在哪|多少)$"
)


def dangles(text: str) -> bool:
    """Whether the last word calls for another (还有, 然后, 和, 请问, 嗯)."""
    plain = _MARKS.sub("", text)
    ending = next((each for each in sorted(_DANGLING, key=len, reverse=True) if plain.endswith(each)), None)
    return ending is not None and not (ending in _COMPLETE and len(plain) > len(ending) + 2)


def whole(text: str) -> bool:
    """Whether it ends as questions do (吗, 多少钱, 在哪里)."""
    plain = _MARKS.sub("", text)
    return len(plain) > 3 and _ASKING.search(plain) is not None
