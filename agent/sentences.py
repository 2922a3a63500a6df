"""Splits streamed text into the pieces that a voice speaks, without I/O.

A *whole* text (an answer in a file) is cut at the ends of its sentences. A *live* stream (a model that is
still writing) is cut sooner: `。！？` at once, and the first piece already at a clause. Where a cut falls
depends on the text alone, never on how it was cut into chunks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FULL_STOPS = "。！？；!?"
ELLIPSIS = "…"
DOTS = "." + ELLIPSIS
CLAUSE_MARKS = "，、：,;:—"
CLOSERS = "”’」』）】》〉\"')]}»"
OPENERS = {"”": "“", "」": "「", "』": "『", "）": "（", "】": "【", "》": "《", "〉": "〈", ")": "(", "]": "["}
CAP = 240
"""The widest piece, in columns: a CJK character counts two."""
FIRST_CLAUSE = 12
"""The shortest first clause of a live stream: CJK characters, a Latin word counting three."""

_TITLES = frozenset(["mr", "mrs", "ms", "dr", "prof", "st", "mt", "e.g", "i.e", "vs", "approx", "dept", "cf"])
_BEFORE_NUMBER = frozenset(["no", "nos", "fig", "vol", "p", "pp", "ch"])
_MAYBE_LAST = frozenset(["etc", "a.m", "p.m", "u.s", "u.k", "inc", "ltd", "co", "bros", "jr", "sr", "al"])
_URL = re.compile(r"(?:https?://|www\.)\S*$", re.IGNORECASE)
_LAST_WORD = re.compile(r"[A-Za-z](?:[A-Za-z.]*[A-Za-z])?$")
_LIST_NUMBER = re.compile(r"\s*\d{1,3}$")
_PICTURES = re.compile(r"(?:[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+\s*)*")
_WORD_OR_CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece without surrounding space; `start` is its first character in the whole text."""

    text: str
    start: int


def is_cjk(character: str) -> bool:
    """Whether it is a Chinese, Japanese or Korean character."""
    return "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af" or "\uf900" <= character <= "\ufaff"


def speakable(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in text)


def split(text: str) -> tuple[str, ...]:
    """The sentences of a whole text. What holds no letter or digit at its end is left out."""
    splitter = Splitter()
    pieces = [*splitter.feed(text), *splitter.end()]
    return tuple(piece.text for piece in pieces)


def split_with_tails(text: str) -> Iterator[tuple[str, str]]:
    """The sentences of a whole text, each with the pictures that stand between it and the next one."""
    splitter = Splitter()
    pieces = [*splitter.feed(text), *splitter.end()]
    leads = [0, *(len(_PICTURES.match(piece.text)[0]) for piece in pieces[1:])]  # type: ignore[index]
    starts = [*(piece.start + lead for piece, lead in zip(pieces[1:], leads[1:], strict=True)), len(text)]
    for piece, lead, following in zip(pieces, leads, starts, strict=False):
        yield piece.text[lead:], text[piece.start + len(piece.text) : following]


def rejoin(pieces: Iterable[str]) -> str:
    """Pieces as one text: a space between them, none beside a CJK character or mark."""
    text = ""
    for piece in pieces:
        wide = text and (unicodedata.east_asian_width(text[-1]) in "WF" or is_cjk(piece[:1] or "x"))
        text += piece if not text or wide else f" {piece}"
    return text


class Splitter:
    """Takes text in chunks of any size and gives back pieces as soon as their end is certain."""

    def __init__(self, *, live: bool = False) -> None:
        self._live = live
        self._rest = ""
        self._offset = 0
        self._seen = 0
        self._first = True

    def feed(self, text: str) -> list[Piece]:
        self._rest += text
        return self._drain(final=False)

    def end(self) -> list[Piece]:
        """No more comes: the pieces that are left."""
        pieces = self._drain(final=True)
        pieces += self._take(len(self._rest))
        return pieces

    def _drain(self, *, final: bool) -> list[Piece]:
        pieces: list[Piece] = []
        while (cut := self._cut(final)) is not None:
            pieces += self._take(cut)
        return pieces

    def _take(self, cut: int) -> list[Piece]:
        text, self._rest = self._rest[:cut], self._rest[cut:]
        start, self._offset, self._seen = self._offset, self._offset + cut, 0
        if not speakable(text):
            return []
        self._first = False
        lead = len(text) - len(text.lstrip())
        if self._live:
            lead = next(i for i, c in enumerate(text) if not (c.isspace() or c in FULL_STOPS + CLOSERS + ELLIPSIS))
        return [Piece(text[lead:].rstrip(), start + lead)]

    def _cut(self, final: bool) -> int | None:
        """Where the first piece of what is left ends; None while that is unknown. Looks at each character once."""
        text = self._rest
        for i in range(self._seen, len(text)):
            ahead = _Ahead(text, i + 1, final)
            end = self._ends(text, i, ahead)
            if end is not None and speakable(text[:end]):
                return end
            if ahead.unknown:
                self._seen = i
                return None
            if 2 * (i + 1) >= CAP and _width(text[: i + 1]) >= CAP:
                return _best_cut(text[: i + 1])
        self._seen = len(text)
        return None

    def _ends(self, text: str, i: int, ahead: _Ahead) -> int | None:
        """The cut after character `i`, if a piece ends with it."""
        character = text[i]
        if character == "\n":
            return i + 1
        if character in FULL_STOPS:
            return self._after_stop(text, i, ahead)
        if character in DOTS and text[i - 1 : i] not in tuple(DOTS):
            return _after_dot(text, i, ahead)
        if self._live and self._first and character in CLAUSE_MARKS:
            return _after_clause(text, i, ahead)
        return None

    def _after_stop(self, text: str, i: int, ahead: _Ahead) -> int | None:
        if text[i] in "!?" and _URL.search(text[: i + 1]):
            return None
        if self._live and not _quoted(text[:i]):
            return i + 1
        return ahead.past(FULL_STOPS + CLOSERS + DOTS)


class _Ahead:
    """What follows position `at`. `unknown` becomes true when an answer needs text that has not come."""

    def __init__(self, text: str, at: int, final: bool) -> None:
        self._text, self._at, self._final = text, at, final
        self.unknown = False

    def past(self, characters: str) -> int | None:
        """The first position behind a run of `characters`."""
        at = self._at
        while at < len(self._text) and self._text[at] in characters:
            at += 1
        return at if self._known(at) else None

    def at(self, position: int) -> str | None:
        """The character there, "" at the end of all text, None while unknown."""
        if not self._known(position):
            return None
        return self._text[position] if position < len(self._text) else ""

    def word_start(self, position: int) -> str | None:
        """The first character from `position` on that is not a space."""
        while position < len(self._text) and self._text[position].isspace():
            position += 1
        return self.at(position)

    def _known(self, position: int) -> bool:
        if position < len(self._text) or self._final:
            return True
        self.unknown = True
        return False


def _after_dot(text: str, i: int, ahead: _Ahead) -> int | None:
    end = ahead.past(DOTS + FULL_STOPS)
    if end is None:
        return None
    dots = end - i > 1 or text[i] == ELLIPSIS
    closed = _past_closers(text, end, ahead)
    if closed is None:
        return None
    following = ahead.at(closed)
    if following is None:
        return None
    if following and not following.isspace():
        return closed if is_cjk(following) and not dots and not _URL.search(text[:end]) else None
    if not following:
        return closed
    return _before_space(text, i, closed, dots, ahead)


def _before_space(text: str, i: int, closed: int, dots: bool, ahead: _Ahead) -> int | None:
    """Whether a dot that a space follows ends its sentence."""
    word = _LAST_WORD.search(text[max(0, i - 40) : i])
    name = word.group().lower() if word else ""
    if not dots and (name in _TITLES or _LIST_NUMBER.fullmatch(text[:i])):
        return None
    initial = len(name) == 1 and word is not None and word.group().isupper() and name != "i"
    if not dots and initial:
        return None
    if dots or name in _MAYBE_LAST or name in _BEFORE_NUMBER:
        start = ahead.word_start(closed)
        if start is None or start.isdigit() or (start.islower() and name not in _BEFORE_NUMBER):
            return None
    return closed


def _past_closers(text: str, end: int, ahead: _Ahead) -> int | None:
    while True:
        character = ahead.at(end)
        if character is None:
            return None
        if not character or character not in CLOSERS:
            return end
        end += 1


def _after_clause(text: str, i: int, ahead: _Ahead) -> int | None:
    if _clause_length(text[:i]) < FIRST_CLAUSE:
        return None
    if text[i] in "，、：":
        return i + 1
    following = ahead.at(i + 1)
    if following is None:
        return None
    return i + 1 if text[i] == "—" or following.isspace() or is_cjk(following) else None


def _quoted(text: str) -> bool:
    """Whether a quotation or a bracket is still open at the end of `text`."""
    if text.count('"') % 2:
        return True
    return any(text.count(opener) > text.count(closer) for closer, opener in OPENERS.items())


def units(text: str) -> int:
    """How many words a text has; a CJK character counts as one."""
    return len(_WORD_OR_CJK.findall(text))


def _clause_length(text: str) -> int:
    return sum(1 if is_cjk(word[0]) else 3 for word in _WORD_OR_CJK.findall(text))


def _width(text: str) -> int:
    return sum(2 if is_cjk(character) else 1 for character in text)


def _best_cut(text: str) -> int:
    """The cut of a text that is too wide: behind its last clause mark, else its last space, in its second half."""
    half = len(text) // 2
    for i in range(len(text) - 2, half, -1):
        if (text[i] in CLAUSE_MARKS and not text[i + 1].isalnum()) or text[i] in "，、：":
            return i + 1
    for i in range(len(text) - 1, half, -1):
        if text[i].isspace():
            return i + 1
    return len(text)
