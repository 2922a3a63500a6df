"""Mandarin as a whole: the rules in their order, and what `say-as` asks for."""

from __future__ import annotations

import re

from avatars.voices.text.en.numbers import letters
from avatars.voices.text.rules import Rule
from avatars.voices.text.zh import addresses, dates, money, signs, units
from avatars.voices.text.zh.numbers import cardinal, counted, digits, whole

RULES: tuple[Rule, ...] = (*addresses.RULES[:3], *money.RULES, *dates.RULES, *signs.RULES[:2], *addresses.RULES[3:],
                           *units.RULES, *signs.RULES[2:])  # fmt: skip
_NAMES = {"-": "横杠", ".": "点", "/": "斜杠", "@": "艾特", "_": "下划线", "#": "井号", "+": "加", "*": "星号"}


class ChineseReader:
    """Readings that a document asks for by name; each gives None for a text that is nothing of the kind."""

    def __init__(self, tag: str = "zh") -> None:
        self.tag = tag

    def cardinal(self, text: str) -> str | None:
        """A number as a count."""
        return (
            cardinal(text.replace(" ", "")) if re.fullmatch(r"[-+−]?[\d,. ]*\d", text) and text.count(".") < 2 else None
        )

    def ordinal(self, text: str) -> str | None:
        """A number as a place."""
        plain = re.sub(r"^第|(?:st|nd|rd|th)$", "", text.replace(",", ""))
        return f"第{whole(plain)}" if plain.isascii() and plain.isdigit() else None

    def digits(self, text: str) -> str | None:
        """Digits one by one."""
        return digits(text) or None

    def telephone(self, text: str) -> str | None:
        """Digits one by one, in groups."""
        return addresses.telephone(text) if re.search(r"\d", text) else None

    def characters(self, text: str) -> str | None:
        """Every character by its name."""
        said = [digits(each) if each.isascii() and each.isdigit() else letters(each) if each.isalnum()
                else _NAMES.get(each, "") for each in text]  # fmt: skip
        return "，".join(each for each in said if each) or None

    def date(self, day: int | None, month: int | None, year: str) -> str | None:
        """A date of its parts."""
        return dates.said_date(day, month, year)

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
        name = units.UNITS.get(found[2]) if found else None
        return f"{counted(found[1])}{name}" if found and name else None
