"""English as a whole: the rules in their order, and what `say-as` asks for."""

from __future__ import annotations

import re

from avatars.voices.text.en import addresses, dates, money, units, words
from avatars.voices.text.en.numbers import cardinal, digits, letters, ordinal
from avatars.voices.text.rules import Rule

RULES: tuple[Rule, ...] = (*addresses.RULES[:3], *words.RULES[:1], *money.RULES, *dates.RULES, *addresses.RULES[3:],
                           *words.RULES, *units.RULES)  # fmt: skip
_NAMES = {"-": "dash", ".": "dot", "/": "slash", "@": "at", "_": "underscore", "#": "hash", "+": "plus", "*": "star"}


class EnglishReader:
    """Readings that a document asks for by name; each gives None for a text that is nothing of the kind."""

    tag = "en-us"

    def __init__(self, tag: str = "en-us") -> None:
        self.tag = tag

    def cardinal(self, text: str) -> str | None:
        """A number as a count."""
        return (
            cardinal(text.replace(" ", "")) if re.fullmatch(r"[-+−]?[\d,. ]*\d", text) and text.count(".") < 2 else None
        )

    def ordinal(self, text: str) -> str | None:
        """A number as a place."""
        plain = re.sub(r"(?:st|nd|rd|th)$", "", text.replace(",", ""))
        return ordinal(plain) if plain.isascii() and plain.isdigit() else None

    def digits(self, text: str) -> str | None:
        """Digits one by one."""
        return digits(text) or None

    def telephone(self, text: str) -> str | None:
        """Digits one by one, in groups."""
        return addresses.telephone(text) if re.search(r"\d", text) else None

    def characters(self, text: str) -> str | None:
        """Every character by its name."""
        said = [letters(each) if each.isalnum() else _NAMES.get(each, "") for each in text]
        return ", ".join(each for each in said if each) or None

    def date(self, day: int | None, month: int | None, year: str) -> str | None:
        """A date of its parts."""
        return dates.said_date(self.tag, day, month, year)

    def time(self, text: str) -> str | None:
        """A time of day."""
        return dates.said_time(text) if re.fullmatch(r"\d{1,2}:\d\d(?::\d\d)?", text) else None

    def currency(self, text: str) -> str | None:
        """A price: its sign or its code, before or behind."""
        found = re.fullmatch(r"\s*([^\d\s.,-]*)\s*([\d.,]*\d)\s*([^\d\s]*)\s*", text)
        unit = found and (found[1] or found[3])
        if not found or unit not in money.UNITS:
            return None
        return money.said_money(found[2].replace(",", ""), str(unit))

    def unit(self, text: str) -> str | None:
        """A measure."""
        found = re.fullmatch(r"\s*([-+−]?[\d.,]*\d)\s*(\S+)\s*", text)
        if not found or found[2] not in units.UNITS:
            return None
        said = units.said_unit(found[2], single=found[1] == "1", tag=self.tag)
        return f"{cardinal(found[1])} {said}"
