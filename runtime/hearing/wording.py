"""English text as a recogniser's language model wants it: lower-case words, no marks, numbers spelled out."""

from __future__ import annotations

import re
import unicodedata

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_SIGNS = {"&": " and ", "+": " plus ", "%": " percent ", "@": " at ", "=": " equals "}
_MONEY = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yuan"}
_TOKEN = re.compile(
    r"(?P<money>[$€£¥])\s?(?P<sum>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:[.,]\d\d(?!\d))?)|(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"|(?P<nth>\d+)(?:st|nd|rd|th)\b|(?P<thousands>\d{1,3}(?:,\d{3})+)|(?P<decimal>\d+\.\d+)|(?P<plain>\d+)",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """The words of `text` as they are spoken: `"Tickets: €12.50!"` becomes tickets twelve euros fifty."""
    text = text.replace("’", "'").replace("‘", "'")
    for sign, spoken in _SIGNS.items():
        text = text.replace(sign, spoken)
    text = _TOKEN.sub(lambda found: f" {_spoken(found)} ", text)
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    plain = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1 m", plain)
    found = (word.strip("'") for word in re.findall(r"[a-z']+", plain))
    return [word for word in found if word]


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence of `text`."""
    found = (words(piece) for piece in re.split(r"(?<=[.!?;:])\s+|\n+", text))
    return [piece for piece in found if piece]


def spell(number: int) -> str:
    """A whole number in words, up to a million million: 215 is two hundred fifteen."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{spell(number // size)} {name}" + (f" {spell(rest)}" if rest else "")
    raise AssertionError(number)


def _spoken(found: re.Match[str]) -> str:
    part = {name: value for name, value in found.groupdict().items() if value}
    if "money" in part:
        whole, _, cents = re.sub(r",(?=\d{3})", "", part["sum"]).replace(",", ".").partition(".")
        return f"{_number(whole)} {_MONEY[part['money']]}" + (f" {spell(int(cents))}" if int(cents or 0) else "")
    if "hour" in part:
        return spell(int(part["hour"])) + (_minutes(int(part["minute"])) if int(part["minute"]) else "")
    if "nth" in part:
        return _ordinal(int(part["nth"]))
    if "decimal" in part:
        whole, _, places = part["decimal"].partition(".")
        return f"{_number(whole)} point {_digits(places)}"
    return _number(part.get("thousands", part.get("plain", "")).replace(",", ""), year="plain" in part)


def _number(digits: str, *, year: bool = False) -> str:
    if len(digits) > 12:
        return _digits(digits)
    number = int(digits)
    if year and len(digits) == 4 and 1100 <= number < 2000 and number % 100 > 9:
        return f"{spell(number // 100)} {spell(number % 100)}"
    if year and 2010 <= number < 2100:
        return f"twenty {spell(number % 100)}"
    return spell(number)


def _minutes(minutes: int) -> str:
    return f" oh {spell(minutes)}" if minutes < 10 else f" {spell(minutes)}"


def _digits(digits: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in digits)


def _ordinal(number: int) -> str:
    *most, last = spell(number).split()
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return " ".join((*most, _ORDINALS.get(last, regular)))
