"""Keyword rules: which of them a text fires. All words of all rules are looked for at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import ahocorasick  # type: ignore[import-not-found,import-untyped,unused-ignore]

from knowledge.normalise import has_han, normalise
from knowledge.patterns import Budget, Pattern, TooSlow
from knowledge.schema import Keyword


class _Terms(NamedTuple):
    some: tuple[str, ...]
    every: tuple[str, ...]
    none: tuple[str, ...]


class _Patterns(NamedTuple):
    some: tuple[Pattern, ...]
    every: tuple[Pattern, ...]
    none: tuple[Pattern, ...]


class Keywords:
    """A library's keywords, highest priority first, ties in file order.

    A text costs time by its own length and the number of words found in it, not by the number of keywords; regular
    expressions are searched one by one, as long as `Budget` lasts.
    """

    def __init__(self, items: Iterable[Keyword]) -> None:
        self._keywords = sorted(items, key=lambda each: -each.priority)
        self._terms: dict[int, _Terms] = {}
        self._patterns: dict[int, _Patterns] = {}
        self._owners: dict[str, list[int]] = {}
        for place, each in enumerate(self._keywords):
            if each.match == "regex":
                self._patterns[place] = _Patterns(
                    *(tuple(map(Pattern, terms)) for terms in (each.any, each.all, each.none))
                )
            else:
                self._add(place, _Terms(*(_keys(each.match, terms) for terms in (each.any, each.all, each.none))))
        self._automaton = _automaton(key for terms in self._terms.values() for part in terms for key in part)

    def _add(self, place: int, terms: _Terms) -> None:
        self._terms[place] = terms
        for key in terms.some or terms.every[:1]:
            self._owners.setdefault(key, []).append(place)

    def matching(self, text: str) -> list[Keyword]:
        """The keywords that the text fires, best first."""
        plain = normalise(text)
        if not plain:
            return []
        fired = [*self._by_terms(plain), *self._by_patterns(unicodedata.normalize("NFKC", text))]
        return [self._keywords[place] for place in sorted(fired)]

    def _by_terms(self, plain: str) -> Iterator[int]:
        found = self._found(plain)
        for place in {owner for key in found for owner in self._owners.get(key, ())}:
            terms = self._terms[place]
            if found.issuperset(terms.every) and found.isdisjoint(terms.none):
                yield place

    def _found(self, plain: str) -> set[str]:
        """Every key of a keyword that is in the text."""
        found = {f"={plain}"}
        if self._automaton is not None:
            found.update(key for _, key in self._automaton.iter(plain) if key[0] != " ")
            found.update(key for _, key in self._automaton.iter(f" {_spaced(plain)} ") if key[0] == " ")
        return found

    def _by_patterns(self, raw: str) -> Iterator[int]:
        budget = Budget()
        for place, patterns in self._patterns.items():
            try:
                if _searched(patterns, raw, budget):
                    yield place
            except TooSlow:
                continue


def _searched(patterns: _Patterns, text: str, budget: Budget) -> bool:
    return (
        all(budget.occurs(each, text) for each in patterns.every)
        and (not patterns.some or any(budget.occurs(each, text) for each in patterns.some))
        and not any(budget.occurs(each, text) for each in patterns.none)
    )


def _keys(match: str, terms: tuple[str, ...]) -> tuple[str, ...]:
    """What stands for each term: `=` before a whole text, spaces around a whole word, the term itself anywhere."""
    plain = filter(None, map(normalise, terms))
    if match == "exact":
        return tuple(f"={each}" for each in plain)
    return tuple(f" {each} " if match == "word" and not has_han(each) else each for each in plain)


def _automaton(keys: Iterable[str]) -> Any:
    """Finds all keys in one pass over a text; None when there are none."""
    automaton = ahocorasick.Automaton()
    for key in keys:
        if not key.startswith("="):
            automaton.add_word(key, key)
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


def _spaced(text: str) -> str:
    """Latin words set apart from Chinese, so that each is found whole."""
    if text.isascii():
        return text
    return " ".join("".join(each if not has_han(each) else f" {each} " for each in text).split())
