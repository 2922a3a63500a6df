"""Sounds by which a listener says "go on": they never end a turn."""

from __future__ import annotations

import re

_LATIN = r"m+[\s-]*h+m+|m{2,}|h+m+|uh[\s-]*huh|uh|um|ah+|oh+|yeah|yep|yes|okay|ok|right|sure|i see|really|wow|got it"
_CHINESE = "嗯|恩|哦|噢|喔|啊|呃|额|对的|对|是的|是吗|是|好的|好吧|好|行|可以|明白了|明白|知道了|这样啊|原来如此"
_MARKS = r"[\s,.!?…~\-，。！？、～—]*"
_ONLY = re.compile(rf"{_MARKS}(?:(?:(?:{_LATIN})(?![^\W_])|{_CHINESE}){_MARKS})*")
_LONGEST = 60


def is_backchannel(words: str) -> bool:
    """Whether a transcript, English or Chinese, holds nothing but such sounds. True without any words."""
    return len(words) <= _LONGEST and _ONLY.fullmatch(words.casefold()) is not None
