"""Texts that lean on what was asked before: "and on Sunday?", "what about children?", "how much is it?"."""

from __future__ import annotations

import math
import re

from knowledge.content import content
from knowledge.days import days, undated
from knowledge.match import Ranked
from knowledge.normalise import has_han, normalise

SHORT_HAN = 10
"""Chinese characters up to which a text may lean."""
FEW = 2
"""Content words up to which a text with a pronoun in it leans."""

LEAST = 1e-4
"""How likely any entry is taken to be for a text alone, which may say little by itself."""

_LINKS = re.compile(r"^(?:(?:and|or|but|so|also|then|ok|okay|well|now|um|uh|oh|hmm|yes|no)\s+)+")
_ABOUT = re.compile(r"^(?:what|how) about\b|^what if\b|^(?:the )?same (?:for|with|on)\b")
_WHOLE = re.compile(
    r"^(?:what|when|where|who|whose|which|why|how|is|are|was|were|am|do|does|did|can|could|may|might|must|will|would|"
    r"shall|should|have|has|had|whats|wheres|whos|hows|i|we|my|our|you|your|there|tell|show|give|please|let)\b"
)
_PLACED = re.compile(r"^(?:on|in|at|for|with|without|by|from|until|till|after|before|during|to|under|over|even|only)\b")
_POINTING = "it that this one ones they them those these he she him her its their"
_POINTS = frozenset(_POINTING.split())
_LINKS_HAN = re.compile(r"^(?:那么|那|还有|以及|要是|如果|换成|换做|然后|而)")
_ASKS_HAN = re.compile(r"多少|几|哪|什么|怎么|怎样|如何|谁|吗|为何|能不能|可不可以|是不是|有没有|多久|多远")
_POINTS_HAN = re.compile(r"它|这个|那个|这种|那种|这里|那里|他|她")


def leans(text: str) -> bool:
    """Whether a text cannot be understood without the question before it. A question that is complete never leans."""
    plain = normalise(text)
    return _leans_han(plain) if has_han(plain) else _leans(plain)


def _leans(plain: str) -> bool:
    rest = _LINKS.sub("", plain)
    if not rest:
        return False
    if _ABOUT.match(rest):
        return True
    words = rest.split()
    if _POINTS.intersection(words):
        return len(content(rest)) <= FEW - (1 if _WHOLE.match(rest) else 0)
    if _WHOLE.match(rest):
        return False
    return bool(_PLACED.match(rest)) or rest != plain


def _leans_han(plain: str) -> bool:
    rest = _LINKS_HAN.sub("", plain)
    if len(rest) > SHORT_HAN:
        return False
    if _ASKS_HAN.search(rest):
        return bool(_POINTS_HAN.search(rest)) and len(content(rest)) <= 2 * FEW
    return rest != plain or rest.endswith("呢") or bool(_POINTS_HAN.search(rest))


def joined(question: str, text: str) -> str:
    """The question before and the text that leans on it, as one to be matched; of two days the new one counts."""
    plain = normalise(text)
    if days(text) and days(question):
        question = undated(question)
    if has_han(plain):
        return question.rstrip("？?。") + "，" + _LINKS_HAN.sub("", plain).rstrip("呢")
    rest = _ABOUT.sub("", _LINKS.sub("", plain)).strip()
    return f"{question} {rest}"


def together(alone: list[Ranked], after: list[Ranked]) -> list[Ranked]:
    """One ranking of a text alone and after the question before: what both speak for comes first.

    The new words are to say which entry is meant: without them the question before would speak for its own alone. All
    are together as likely as they are after it.
    """
    own = {each.entry: each.score for each in alone}
    both = [each.score * math.sqrt(max(own.get(each.entry, 0.0), LEAST)) for each in after]
    share = sum(each.score for each in after) / max(sum(both), 1e-9)
    found = [each._replace(score=score * share) for each, score in zip(after, both, strict=True)]
    return sorted(found, key=lambda each: -each.score)
