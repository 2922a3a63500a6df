"""What a model's sentence may not hold: the canary, pieces of its orders, and what stands in no source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from agent.redact import Found, links, personal
from agent.review.fold import fold, words
from knowledge.normalise import HAN

WORDS, CHARACTERS = 8, 14
"""So many words, or Chinese characters, on end that stand in the prompt are a piece of it."""
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")
_CODE = re.compile(
    r"```|<\|?/?[a-z][a-z0-9_]{0,20}(?:\s[^<>]{0,80})?\|?>|\b(?:def|function)\s+\w+\s*\(|#include\b|\bconsole\.log\b"
    r"|\bprint\(|\bSELECT\b[^\n]{1,80}\bFROM\b|\bsudo \w|\brm -rf?\b|[;{]\s*\}|=>\s*\{"
    r"|\bimport \w+ (?:as|from)\b|\$\(|\bos\.system\b",
    re.IGNORECASE,
)


def canary(text: str, token: str) -> bool:
    """Whether the token is in the text, spaced or not."""
    return token in re.sub(r"[\W_]+", "", text.lower())


def verbatim(text: str, prompt: str, sources: Sequence[str] = ()) -> bool:
    """Whether the text repeats a piece of the prompt that is not in a source too."""
    pieces = _pieces(text) & _prompted(prompt)
    return bool(pieces) and not pieces <= {piece for source in sources for piece in _pieces(source)}


@lru_cache(maxsize=64)
def _prompted(prompt: str) -> frozenset[str]:
    return _pieces(prompt)


def _pieces(text: str) -> frozenset[str]:
    tokens = _TOKEN.findall(words(fold(text)))
    size = CHARACTERS if sum(len(each) == 1 for each in tokens) * 2 > len(tokens) else WORDS
    return frozenset(" ".join(tokens[place : place + size]) for place in range(len(tokens) - size + 1))


def code(text: str, sources: Sequence[str] = ()) -> bool:
    """Whether the text holds code or markup that is in no source."""
    found = _CODE.search(text)
    return found is not None and not any(found.group() in source for source in sources)


def unknown(text: str, found: Iterable[Found], sources: Sequence[str]) -> list[Found]:
    """Those pieces of the text that are in no source, however it writes them."""
    known = [_bare(source) for source in sources]
    return [each for each in found if not any(_bare(text[each.start : each.end]) in source for source in known)]


def unknown_links(text: str, sources: Sequence[str]) -> list[Found]:
    return unknown(text, links(text), sources)


def unknown_personal(text: str, sources: Sequence[str]) -> list[Found]:
    return unknown(text, personal(text), sources)


def _bare(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.lower()).removeprefix("http").removeprefix("s").removeprefix("www")
