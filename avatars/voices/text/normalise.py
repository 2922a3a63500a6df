"""The rules of the languages put to a text."""

from __future__ import annotations

import re
import unicodedata
from typing import Protocol

from avatars.voices.text import en, zh
from avatars.voices.text.edits import Claims
from avatars.voices.text.rules import follow
from avatars.voices.text.surroundings import stretches

MODULES = ("edits", "rules", "surroundings", "normalise", *(f"en/{name}" for name in (
    "numbers", "dates", "money", "units", "addresses", "words", "reader")), *(f"zh/{name}" for name in (
    "numbers", "dates", "money", "units", "addresses", "signs", "reader")))  # fmt: skip
"""What decides how a text is read, for the version of what is kept."""
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_RULES = {"en": en.RULES, "zh": zh.RULES}


class Reader(Protocol):
    """What a document may ask a text to be read as; None for a text that is nothing of the kind."""

    def cardinal(self, text: str) -> str | None: ...
    def ordinal(self, text: str) -> str | None: ...
    def digits(self, text: str) -> str | None: ...
    def telephone(self, text: str) -> str | None: ...
    def characters(self, text: str) -> str | None: ...
    def date(self, day: int | None, month: int | None, year: str) -> str | None: ...
    def time(self, text: str) -> str | None: ...
    def currency(self, text: str) -> str | None: ...
    def unit(self, text: str) -> str | None: ...


def reader(language: str) -> Reader:
    """The readings of a language; English for one that has no rules."""
    tag = language.lower()
    return zh.ChineseReader(tag) if tag.split("-")[0] == "zh" else en.EnglishReader(tag)


def read_aloud(text: str, language: str, claims: Claims) -> None:
    """Claim how numbers, dates, prices and the like are said, where nothing was claimed before."""
    folded = "".join(_folded(each) for each in _WIDE_COMMA.sub(",", text))
    for begin, end, tag in stretches(folded, language):
        follow(_RULES[tag.split("-")[0]], folded, claims, begin, end, tag)


def _folded(character: str) -> str:
    """Wide letters and signs as narrow ones, digits of every script as 0 to 9; every character stays one."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if not "\uff01" <= character <= "\uff5e" or character in "，；：？！（）":
        return " " if character in "\u00a0\u202f\u2009" else character
    narrow = unicodedata.normalize("NFKC", character)
    return narrow if len(narrow) == 1 else character
