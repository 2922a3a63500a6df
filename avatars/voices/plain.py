"""Text made safe to voice, with the way back: every character kept knows its place in the original."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LIMIT = 10_000
"""Characters of one text that are voiced; the rest is left out."""
PIECE = 240
"""Characters that a synthesiser is given at once, so that a long text starts soon and stops soon."""

_TAG = re.compile(r"""</?[A-Za-z][\w:.-]*(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>""")
_SENTENCE_END = re.compile(r"[.!?。！？…]+[\"'”’)\]）】》」』]*(?=\s|$|[⺀-鿿])|[。！？\n]")
_CLAUSE_END = re.compile(r"[,;:]+\s|[，；：、—]+\s?")
_INNER = frozenset("'’-.,_")
_SPACE = re.compile(r"\s+")
_HYPHEN = re.compile(r"(?<!\S)-+(?!\S)")
"""A hyphen by itself, which espeak-ng tells as the word that follows; a dash is a pause to every synthesiser."""
_SENTENCE_PAUSE_MS, _CLAUSE_PAUSE_MS = 300, 150


@dataclass(frozen=True, slots=True)
class Plain:
    """`places[i]` is where character i of `text` stands in the original; one more place marks the end."""

    text: str
    places: tuple[int, ...]

    def span(self, at: int, length: int) -> tuple[int, int]:
        """The original's (begin, end) of `length` characters from `at`, both kept within the text."""
        begin = min(max(at, 0), len(self.text))
        end = min(max(begin, at + length), len(self.text))
        return self.places[begin], self.places[end - 1] + 1 if end > begin else self.places[begin]

    def extent(self, at: int, length: int, reach: int) -> int:
        """The length of the word at `at` whose first `length` characters are certain.

        Of a phrase that was voiced as one word only the first character may be; it goes on to the next word,
        at `reach` (below 0 when that is not known), or to the first character that no word has inside.
        """
        limit = len(self.text) if reach < 0 else min(reach, len(self.text))
        end = at + length
        while end < limit and self._goes_on(end, limit):
            end += 1
        return end - at

    def _goes_on(self, at: int, limit: int) -> bool:
        """Whether a word that reached `at` has that character too."""
        inner = self.text[at] in _INNER and at + 1 < limit and self.text[at + 1].isalnum()
        return self.text[at].isalnum() or inner


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a plain text from character `at`; `pause_ms` of silence belong behind it when another follows."""

    text: str
    at: int
    pause_ms: int


def plain(text: str) -> Plain:
    """What can be voiced of `text`: no controls, surrogates, markup or emoji; width and accents normalised."""
    kept: list[str] = []
    places: list[int] = []
    marked = {place for tag in _TAG.finditer(text[:LIMIT]) for place in range(*tag.span())}
    for place, character in enumerate(text[:LIMIT]):
        if unicodedata.combining(character) and kept:
            joined = unicodedata.normalize("NFC", kept[-1] + character)
            if len(joined) == 1:
                kept[-1] = joined
                continue
        voiced = " " if place in marked else _voiced(character)
        if voiced:
            kept.append(voiced)
            places.append(place)
    safe = _HYPHEN.sub(lambda found: "–" * len(found[0]), "".join(kept))
    return Plain(safe, (*places, min(len(text), LIMIT)))


def _voiced(character: str) -> str:
    code = ord(character)
    if character.isspace() or character in "\x00\x7f":
        return " "
    if _is_emoji(code):
        return " " if code >= 0x2600 and not 0xFE00 <= code <= 0xFE0F else ""
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Co", "Cn"):
        return " "
    if category == "Cf":
        return ""
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if 0xFF10 <= code <= 0xFF5A and len(narrow) == 1 and narrow.isalnum() else character


def _is_emoji(code: int) -> bool:
    return (
        0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or code in (0x200D, 0x20E3, 0x2B50, 0x2B55)
        or 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE01EF
    )  # fmt: skip


def pieces(text: str, longest: int = PIECE) -> list[Piece]:
    """Cuts `text` where a voice would pause; pieces without a letter or digit are left out."""
    out: list[Piece] = []
    at = 0
    while at < len(text):
        end, pause_ms = (len(text), 0) if len(text) - at <= longest else _cut(text, at, longest)
        piece = text[at:end]
        if any(c.isalnum() for c in piece):
            out.append(Piece(piece, at, pause_ms))
        at = end
    return out


def _cut(text: str, at: int, longest: int) -> tuple[int, int]:
    """Where the piece from `at` ends, and the pause behind it."""
    for pattern, pause_ms in ((_SENTENCE_END, _SENTENCE_PAUSE_MS), (_CLAUSE_END, _CLAUSE_PAUSE_MS), (_SPACE, 0)):
        ends = [match.end() for match in pattern.finditer(text, at, at + longest)]
        if ends:
            return ends[-1], pause_ms
    return at + longest, 0
