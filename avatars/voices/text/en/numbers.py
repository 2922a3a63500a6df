"""English numbers in words, from their digits."""

from __future__ import annotations

import re
from functools import lru_cache

from num2words import num2words  # type: ignore[import-untyped]

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LARGEST = 15
"""Digits that are read as one number; more are read one by one."""
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![A-Za-z])\.\d+"
"""A number without its sign."""
SIGN = r"(?:(?<![\w)\]])[-−–](?=[\d.]))"
MAGNITUDES = {
    "k": "thousand", "thousand": "thousand", "m": "million", "mn": "million", "mm": "million", "mio": "million",
    "million": "million", "bn": "billion", "b": "billion", "billion": "billion", "tn": "trillion",
    "t": "trillion", "trillion": "trillion", "hundred": "hundred", "dozen": "dozen",
}  # fmt: skip
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_PARTS = {2: "half", 4: "quarter"}


@lru_cache(maxsize=4096)
def _words(number: int, to: str = "cardinal") -> str:
    return str(num2words(number, to=to)).replace(",", "")


def digits(text: str) -> str:
    """Each digit by itself."""
    return " ".join(DIGITS[int(each)] for each in text if each.isascii() and each.isdigit())


def grouped(text: str) -> str:
    """Digits one by one, with a pause where the groups part."""
    return ", ".join(digits(each) for each in re.findall(r"\d+", text))


def whole(text: str) -> str:
    """A whole number, with or without commas; one with zeros in front or too many digits one by one."""
    plain = text.replace(",", "")
    if len(plain) > LARGEST or (len(plain) > 1 and plain.startswith("0")):
        return digits(plain)
    return _words(int(plain))


def cardinal(text: str) -> str:
    """A number as it is written: sign, commas, decimals."""
    sign = "minus " if text[:1] in "-−–" and text[:1] else "plus " if text.startswith("+") else ""
    before, dot, after = text.lstrip("-−–+").partition(".")
    said = whole(before) if before else "zero"
    return sign + said + (f" point {digits(after)}" if dot and after else "")


def ordinal(text: str) -> str:
    """The ordinal of a whole number."""
    plain = text.replace(",", "")
    return digits(plain) if len(plain) > LARGEST else _words(int(plain), "ordinal")


def year(text: str) -> str:
    """A year as it is said: nineteen ninety-eight, two thousand and five."""
    number = int(text)
    if len(text) > 4 or number < 1000:
        return whole(text)
    return _words(number, "year").replace("oh-", "oh ")


def decade(text: str) -> str:
    """The plural of a decade or century: nineteen nineties, eighteen hundreds."""
    said = year(text) if len(text) == 4 else whole(text)
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def fraction(top: str, bottom: str) -> str | None:
    """A fraction in words; None where it is not said as one."""
    above, below = int(top), int(bottom)
    if not 0 < above < below <= 100 or (below > 20 and below % 10 and below not in (32, 64)):
        return None
    one = above == 1
    part = _PARTS.get(below) or ordinal(bottom).removeprefix("one ")
    return f"{_words(above)} {part if one else 'halves' if below == 2 else f'{part}s'}"


def roman(text: str) -> int:
    """The value of a Roman numeral in capitals; 0 for what is none."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_VALUES[each] for each in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def one(number: str) -> bool:
    """Whether what is counted stands in the singular."""
    return number.lstrip("-−–+") in ("1", "1.0", "1.00")


def letters(text: str) -> str:
    """A word spelled: letters with hyphens between, digits in words."""
    said = [DIGITS[int(each)] if each.isascii() and each.isdigit() else each.upper() for each in text if each.isalnum()]
    return "-".join(said)
