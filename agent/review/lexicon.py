"""Finds the terms of word lists in a text, also where they are written otherwise to slip through."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]

from agent.review import syllables
from agent.review.fold import HAN_CHARACTER, fold, one_i, unleet, whole, words
from agent.review.lists import Term
from agent.review.spelling import begins, masked, respelt, single, split, squashed

_HISSES = ("s", "x", "z", "ch", "sh")
_HAN_ONLY = re.compile(r"[^a-z0-9 ]+")
_BOUNDED = "\u0e00"
"""Scripts below this have words with space between; those above are searched without regard to words."""


class Hit(NamedTuple):
    """Where a term was found in one reading of a text."""

    start: int
    end: int
    term: Term


class Searcher:
    """An automaton over terms in one spelling; what an allowed term overlaps and is not part of, is no hit."""

    def __init__(self) -> None:
        self._automaton = ahocorasick.Automaton()
        self._terms: dict[str, list[Term]] = {}
        self._longest = 0

    def add(self, spelling: str, term: Term) -> None:
        self._terms.setdefault(spelling, []).append(term)
        self._longest = max(self._longest, len(spelling))

    def build(self) -> None:
        for spelling, terms in self._terms.items():
            self._automaton.add_word(spelling, (len(spelling), terms))
        self._automaton.make_automaton()

    def __contains__(self, spelling: str) -> bool:
        return spelling in self._terms

    def first(self, text: str, *, bounded: bool = True) -> Term | None:
        """The first term that the text holds and no allowed one takes back."""
        if not self._terms or not text:
            return None
        hits = list(self._hits(text, bounded))
        if not hits:
            return None
        allowed = sorted((hit for hit in hits if hit.term.allowed), key=lambda hit: hit.start)
        starts = [each.start for each in allowed]
        for hit in hits:
            if hit.term.allowed:
                continue
            near = allowed[bisect_left(starts, hit.start - self._longest) : bisect_left(starts, hit.end)]
            if not any(_takes_back(each, hit) for each in near):
                return hit.term
        return None

    def _hits(self, text: str, bounded: bool) -> Iterator[Hit]:
        for last, (size, terms) in self._automaton.iter(text):
            start, end = last + 1 - size, last + 1
            for term in terms:
                if not bounded or _stands_alone(text, start, end, term):
                    yield Hit(start, end, term)


def _takes_back(allowed: Hit, hit: Hit) -> bool:
    overlaps = allowed.start < hit.end and hit.start < allowed.end
    inside = hit.start <= allowed.start and allowed.end <= hit.end and allowed[:2] != hit[:2]
    return overlaps and not inside


def _stands_alone(text: str, start: int, end: int, term: Term) -> bool:
    """Whether the word boundaries that the term asks for are there."""
    if not term.suffix and start and _letter(text[start]) and _letter(text[start - 1]):
        return False
    if term.prefix or not _letter(text[end - 1]) or not _letter_at(text, end):
        return True
    return any(text.startswith(each, end) and not _letter_at(text, end + len(each)) for each in _plurals(text[:end]))


def _plurals(word: str) -> tuple[str, ...]:
    return ("es",) if word.endswith(_HISSES) else ("s", "z")


def _letter(character: str) -> bool:
    return character < _BOUNDED and character.isalpha()


def _letter_at(text: str, place: int) -> bool:
    return place < len(text) and _letter(text[place])


class Lexicon:
    """Terms, and the ways in which each may be spelt. Made once; a search takes some tens of microseconds."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._plain, self._squashed, self._leet, self._sound, self._long = (Searcher() for _ in range(5))
        self._masked: dict[str, list[Term]] = {}
        self._short: dict[str, Term] = {}
        self._sounds = False
        for term in terms:
            self._add(term)
        for each in (self._plain, self._squashed, self._leet, self._sound, self._long):
            each.build()

    def _add(self, term: Term) -> None:
        spelling = term.words
        self._plain.add(spelling, term)
        if term.exact:
            return
        if _HAN_ONLY.fullmatch(spelling):
            size = len(spelling)
            if HAN_CHARACTER.match(spelling) and (size > 2 or term.sounds or (term.allowed and size > 1)):
                self._hear(spelling, term)
            return
        self._leet.add(one_i(spelling), term)
        letters = spelling.replace(" ", "")
        if len(letters) == 3 and not term.allowed:
            self._short[letters] = term
        if len(letters) >= 4:
            self._long.add(letters, term)
            if term.allowed or squashed(spelling) == spelling:
                self._squashed.add(squashed(spelling), term)
            if not term.allowed and " " not in spelling:
                self._masked.setdefault(spelling[0], []).append(term)

    def _hear(self, spelling: str, term: Term) -> None:
        self._sound.add(syllables.sounds(spelling), term)
        if not term.allowed:
            self._sounds = True
            spoken = syllables.spelt(spelling)
            self._plain.add(spoken, term)
            self._plain.add(spoken.replace(" ", ""), term)

    def find(self, text: str) -> Term | None:
        """The first term found in the text, in whatever spelling; None when there is none."""
        return self.find_folded(fold(text))

    def find_folded(self, folded: str) -> Term | None:
        """The same for a text that is folded already."""
        plain = words(folded)
        return self._plain.first(plain) or self._disguised(folded, plain)

    def _disguised(self, folded: str, plain: str) -> Term | None:
        for respelling in respelt(plain):
            if found := self._plain.first(respelling):
                return found
        short = squashed(plain)
        if short != plain and (found := self._squashed.first(short)):
            return found
        leet = unleet(folded)
        if leet is not None and (found := self._leet.first(one_i(words(leet)))):
            return found
        for joined in single(folded):
            if found := self._short.get(joined) or self._long.first(joined, bounded=False):
                return found
        for joined in split(folded, plain):
            if joined in self._long and (found := self._long.first(joined)):
                return found
        return self._starred(folded) or self._chinese(plain)

    def _starred(self, folded: str) -> Term | None:
        for token in masked(folded):
            for term in self._masked.get(token[0], ()):
                rest = token[len(term.words) :]
                if begins(token, term.words) and (not rest or term.prefix or rest in _plurals(term.words)):
                    return term
        return None

    def _chinese(self, plain: str) -> Term | None:
        if plain.isascii() or HAN_CHARACTER.search(plain) is None:
            return None
        joined = whole(plain)
        if joined != plain and (found := self._plain.first(joined)):
            return found
        return self._sound.first(syllables.sounds(joined)) if self._sounds else None
