"""What `say-as` asks for, in a language's own words."""

from __future__ import annotations

import re
from collections.abc import Callable

from avatars.voices.text.normalise import Reader

_DATE = re.compile(r"y+|m+|d+")
_ORDERS = {"date": "", "mdy": "mdy", "dmy": "dmy", "ymd": "ymd", "md": "md", "dm": "dm", "ym": "ym", "my": "my",
    "d": "d",
           "m": "m", "y": "y", "ydm": "ydm"}  # fmt: skip


def said_as(reader: Reader, kind: str, form: str, text: str) -> str | None:
    """`text` read as a `kind`; None where it is nothing of it, so that it is read as any other text."""
    kinds: dict[str, Callable[[str], str | None]] = {
        "cardinal": reader.cardinal, "number": reader.ordinal if form == "ordinal" else reader.cardinal,
        "ordinal": reader.ordinal, "digits": reader.digits, "digit": reader.digits, "telephone": reader.telephone,
        "phone": reader.telephone, "characters": reader.characters, "spell-out": reader.characters,
        "letters": reader.characters, "verbatim": reader.characters, "time": reader.time, "currency": reader.currency,
        "unit": reader.unit, "measure": reader.unit,
    }  # fmt: skip
    if kind == "date":
        return _date(reader, form, text)
    if kind in ("expletive", "bleep"):
        return ""
    read = kinds.get(kind.removeprefix("vxml:"))
    return read(text.strip()) if read is not None else None


def _date(reader: Reader, form: str, text: str) -> str | None:
    """A date of numbers whose order is said; without an order, or with names in it, it is read as any other."""
    order = "".join(part[0] for part in _DATE.findall(form)) or (
        "ymd" if re.match(r"\d{4}\D?\d\d\D?\d\d$", text) else ""
    )
    if order not in _ORDERS or re.search(r"[^\d\s./年月日号-]", text):
        return None
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1 and len(numbers[0]) == 8 and len(order) == 3:
        numbers = _unglued(order, numbers[0])
    if len(numbers) != len(order):
        return None
    parts = dict(zip(order, numbers, strict=True))
    month, day = (int(parts[key]) if key in parts else None for key in "md")
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if day is not None and month is None:
        return reader.ordinal(str(day))
    return reader.date(day, month, parts.get("y", ""))


def _unglued(order: str, digits: str) -> list[str]:
    found, at = [], 0
    for each in order:
        size = 4 if each == "y" else 2
        found.append(digits[at : at + size])
        at += size
    return found
