"""Chinese numerals and hours of the day as numbers."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.chinese.lexicon import Piece

_DIGITS = {each: place for place, each in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1_000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_NUMERALS = frozenset((*_DIGITS, *_UNITS, *_MYRIADS))
_AFTERNOON = frozenset(("下午", "晚上", "傍晚", "今晚", "晚间"))
_OCLOCK, _NOON, _LONGEST = "点", 12, 12


def with_numbers(pieces: Iterable[Piece]) -> list[Piece]:
    """The same pieces with numerals that are no known word as digits: 三十 is 30, 下午三点 is 下午 15 点."""
    found: list[Piece] = []
    for piece in (*pieces, Piece("", ())):
        if piece.text in _NUMERALS and not piece.concepts:
            if found and not found[-1].concepts and _NUMERALS.issuperset(found[-1].text) and found[-1].text:
                found[-1] = Piece(found[-1].text + piece.text, ())
            else:
                found.append(piece)
            continue
        if found and not found[-1].concepts and found[-1].text:
            found[-1] = Piece(_written(found[-1].text), ())
        if piece.text == _OCLOCK:
            _to_the_clock(found)
        found.append(piece)
    return found[:-1]


def value(numeral: str) -> int:
    """The number that Chinese numerals mean: 二〇二五 is 2025, 一千二百 is 1200, 三万五 is 35000."""
    if not any(each in _UNITS or each in _MYRIADS for each in numeral):
        return int("".join(str(_DIGITS[each]) for each in numeral))
    total = section = digit = 0
    last = 1
    for each in numeral:
        if each in _DIGITS:
            digit = _DIGITS[each]
        elif each in _UNITS:
            last = _UNITS[each]
            section, digit = section + (digit or 1) * last, 0
        else:
            last = _MYRIADS[each]
            total, section, digit = ((total + section + digit) or 1) * last, 0, 0
    short = last > min(_UNITS.values()) and numeral[-2:-1] not in ("零", "〇")
    return total + section + (digit * last // 10 if short else digit)


def _written(text: str) -> str:
    return str(value(text)) if len(text) <= _LONGEST and _NUMERALS.issuperset(text) else text


def _to_the_clock(found: list[Piece]) -> None:
    if len(found) > 1 and found[-2].text in _AFTERNOON and found[-1].text.isdecimal() and len(found[-1].text) <= 2:
        hour = int(found[-1].text)
        found[-1] = Piece(str(hour + _NOON if hour < _NOON else hour), ())
