"""A visitor's words as data: nothing in them may act on the page, the log or the prompt."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LIMIT = 2_000
"""Characters of one utterance that are taken; the rest is cut."""

_DROPPED = frozenset(["Cc", "Cf", "Cs", "Co", "Cn"])


@dataclass(frozen=True, slots=True)
class Words:
    """Text of at most `LIMIT` characters, on one line; `cut`: there was more."""

    text: str
    cut: bool = False


def clean(text: str, limit: int = LIMIT) -> Words:
    """Take out control, bidirectional and zero-width characters, lone surrogates and private ones; join spaces."""
    head = text[: limit * 4]
    line = " ".join(printable(head).split())
    return Words(line[:limit].rstrip(), cut=len(line) > limit or len(text) > len(head))


def printable(text: str) -> str:
    """`text` without characters that are not seen; a space or a line's end becomes a space."""
    return "".join(" " if character.isspace() else character for character in text if _kept(character))


def _kept(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _DROPPED
