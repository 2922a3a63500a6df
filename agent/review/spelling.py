"""Ways of writing a Latin word so that it is read and not found: drawn out, spaced out, cut in two, starred."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from agent.review.letters import LEET

_DOUBLED = re.compile(r"([a-z])\1+")
_DRAWN = re.compile(r"([a-z])\1{2,}")
_SINGLE = re.compile(
    r"(?<![^\W_])[a-z0-9@$!](?:[\W_]{1,3}?[a-z0-9@$!](?![^\W_])){2,}(?:[\W_]{1,3}[a-z]{1,12}(?![^\W_]))?"
)
_CUT = re.compile(r"(?<![^\W_])([a-z]{1,8})[.\-*_~·|•]{1,2}(?=([a-z]{1,8})(?![^\W_]))")
_STARRED = re.compile(r"(?<![^\W_])[a-z][a-z*#%&•●]{0,14}[*#%&•●][a-z*#%&•●]{0,14}")
_NOT_LETTER = re.compile(r"[^a-z0-9@$!]+")
_VOWEL = re.compile("[aeiouy]")
_ENDS = frozenset(["hit", "it", "its", "is", "itch", "ill", "and", "art", "end", "in", "on", "us", "as", "ass", "an"])
"""Short words before which a stray letter is no part of them (`Model S hit the road`)."""


def respelt(plain: str) -> Iterator[str]:
    """`plain` with letters that are drawn out written twice, and once."""
    if _DRAWN.search(plain):
        yield _DRAWN.sub(r"\1\1", plain)
        yield _DRAWN.sub(r"\1", plain)


def squashed(plain: str) -> str:
    """`plain` without doubled letters."""
    return _DOUBLED.sub(r"\1", plain)


def single(folded: str) -> Iterator[str]:
    """What letters that stand apart read together (`f.u.c.k`)."""
    for found in _SINGLE.finditer(folded):
        joined = _NOT_LETTER.sub("", found.group())
        if re.search("[a-z]", joined):
            yield joined if joined.isalpha() else joined.translate(LEET)


def split(folded: str, plain: str) -> Iterator[str]:
    """What two halves of a word read together (`fu-ck`, `fu ck`); not where the halves are words of their own."""
    for found in _CUT.finditer(folded):
        yield found.group(1) + found.group(2)
    tokens = plain.split()
    for left, right in pairwise(tokens):
        if len(left) + len(right) <= 12 and ((_stub(left) and right not in _ENDS) or _stub(right)):
            yield left + right


def _stub(token: str) -> bool:
    """Whether a token is too little to be a word."""
    return len(token) <= 3 and token.isascii() and token.isalpha() and not _VOWEL.search(token)


def masked(folded: str) -> Iterator[str]:
    """Words of which signs hide some letters (`f*ck`)."""
    return (found.group() for found in _STARRED.finditer(folded))


def begins(token: str, word: str) -> bool:
    """Whether a masked word begins as `word` does, as far as it is seen."""
    seen = sum(map(str.isalpha, token[: len(word)]))
    return (
        len(token) >= len(word)
        and seen >= 2
        and seen * 2 >= len(word)
        and all(shown == meant or not shown.isalpha() for shown, meant in zip(token, word, strict=False))
    )
