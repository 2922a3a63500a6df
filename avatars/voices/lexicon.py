"""How names and words are to be pronounced where a voice would get them wrong: entries of `configs/lexicon/*.yaml`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from avatars.voices.text.edits import Edit, han
from avatars.voices.text.homophones import homophones, syllables


@dataclass(frozen=True, slots=True)
class Entry:
    """`grapheme` is spoken as the `alias`, the `pinyin` (`chong2 qing4`) or the phonemes `ipa`.

    It holds for texts of `language` ("" for all; `en` holds for `en-GB`) and for the voice named `voice` ("" for all).
    With `exact` the case of its letters matters.
    """

    id: str
    grapheme: str
    language: str = ""
    voice: str = ""
    alias: str = ""
    pinyin: str = ""
    ipa: str = ""
    exact: bool = False

    def holds(self, language: str, voice: str) -> bool:
        """Whether it is meant for a text of this language in this voice."""
        mine, theirs = self.language.lower(), language.lower()
        return (not mine or theirs == mine or theirs.startswith(f"{mine}-")) and self.voice in ("", voice)

    @property
    def rank(self) -> tuple[int, int, int]:
        """Which of two goes first: the longer, then a voice's before a language's before a general one's."""
        return -len(self.grapheme), -bool(self.voice), -len(self.language)

    def said(self, language: str) -> str:
        """What stands in for the grapheme where phonemes are not taken; itself where there is nothing."""
        if self.alias or not self.pinyin:
            return self.alias or self.grapheme
        if language.split("-")[0].lower() in ("zh", "cmn"):
            return homophones(self.pinyin) or self.grapheme
        return " ".join(each.rstrip("12345") for each in syllables(self.pinyin) or (self.grapheme,))


@dataclass(frozen=True)
class Lexicon:
    """Entries, and the pronunciations that they give to a text."""

    entries: tuple[Entry, ...] = ()
    _tables: dict[tuple[str, str], _Table] = field(default_factory=dict, compare=False)

    @cached_property
    def version(self) -> str:
        """Eight hexadecimal digits that change with what the entries say."""
        said = [[getattr(each, name) for name in Entry.__slots__] for each in self.entries]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:8]

    def edits(self, text: str, language: str, voice: str = "") -> list[Edit]:
        """The changes for a text: the longest graphemes first, none inside a word, no two overlapping."""
        key = (language.lower(), voice)
        if key not in self._tables:
            if len(self._tables) >= 32:
                self._tables.clear()
            self._tables[key] = _Table([each for each in self.entries if each.holds(language, voice)])
        taken = bytearray(len(text))
        found: list[Edit] = []
        for begin, entry in sorted(self._tables[key].found(text), key=lambda each: (each[1].rank, each[0])):
            end = begin + len(entry.grapheme)
            if any(taken[begin:end]):
                continue
            taken[begin:end] = b"\x01" * (end - begin)
            found.append(Edit(begin, end, entry.said(language), entry.ipa))
        return sorted(found, key=lambda each: each.begin)


class _Table:
    """Entries that hold, by their graphemes; of several with one grapheme the first in rank."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        for entry in sorted(entries, key=lambda each: each.rank):
            table, key = (self._exact, entry.grapheme) if entry.exact else (self._folded, fold(entry.grapheme))
            table.setdefault(key, entry)
        self._lengths = sorted({len(each) for each in (*self._exact, *self._folded)}, reverse=True)
        self._heads = {key[0].lower() for key in (*self._exact, *self._folded)}

    def found(self, text: str) -> list[tuple[int, Entry]]:
        """Every place where a grapheme stands as a word."""
        folded = fold(text)
        out: list[tuple[int, Entry]] = []
        for at, head in enumerate(folded):
            if head not in self._heads:
                continue
            for length in self._lengths:
                for entry in (self._exact.get(text[at : at + length]), self._folded.get(folded[at : at + length])):
                    if entry is not None and not _inside(text, at, at + len(entry.grapheme)):
                        out.append((at, entry))
        return out


def fold(text: str) -> str:
    """A text without the case of its letters, each character in its place."""
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


def _inside(text: str, begin: int, end: int) -> bool:
    """Whether a word goes on before or after: letters and digits of scripts that part words by spaces."""
    left, right = text[begin - 1 : begin], text[end : end + 1]
    return (_bound(left) and _bound(text[begin])) or (_bound(right) and _bound(text[end - 1]))


def _bound(character: str) -> bool:
    return character.isalnum() and not han(character) and not "\u3040" <= character <= "\u30ff"


def of(entries: Sequence[Entry]) -> Lexicon:
    """A lexicon of these entries."""
    return Lexicon(tuple(entries))


NOTHING = Lexicon()
"""A lexicon without entries."""
