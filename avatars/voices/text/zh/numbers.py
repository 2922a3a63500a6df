"""Chinese numbers in characters, from their digits."""

from __future__ import annotations

import re
from functools import lru_cache

DIGITS = "零一二三四五六七八九"
LARGEST = 16
"""Digits that are read as one number; more are read one by one."""
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number without its sign."""
MINUS = "-−－–"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")


def digits(text: str) -> str:
    """Each digit by itself, one as 一: years and decimals."""
    return "".join(DIGITS[int(each)] for each in text if each.isascii() and each.isdigit())


def spelled(text: str) -> str:
    """Each digit by itself, one as 幺: telephone numbers, rooms, flights."""
    return digits(text).replace("一", "幺")


def grouped(text: str) -> str:
    """Digits one by one as 幺 has them, with a pause where the groups part."""
    return "，".join(spelled(each) for each in re.findall(r"\d+", text))


@lru_cache(maxsize=4096)
def whole(text: str) -> str:
    """A whole number; one with zeros in front or too many digits is read one by one."""
    plain = text.replace(",", "")
    if len(plain) > LARGEST or (len(plain) > 1 and plain.startswith("0")):
        return digits(plain)
    from cn2an import an2cn  # type: ignore[import-untyped]

    said = str(an2cn(plain, "low"))
    return re.sub(r"^二(?=[百千万亿])", "两", said)


def cardinal(text: str) -> str:
    """A number as it is written: sign, commas, decimals."""
    sign = "负" if text[:1] in MINUS and text[:1] else "正" if text.startswith("+") else ""
    before, dot, after = text.lstrip(MINUS + "+").partition(".")
    return sign + (whole(before) if before else "零") + (f"点{digits(after)}" if dot and after else "")


def counted(text: str) -> str:
    """A number before what is counted: 两 for two."""
    return "两" if text == "2" else cardinal(text)
