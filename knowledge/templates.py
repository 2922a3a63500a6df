"""Fields in what is said: `{name}`, `{product.price}`, `{time}`. They are filled with plain values and nothing else.

A field is a name, or names with dots between; each name is looked up in a mapping. There are no attributes, indexes,
conversions or formats. `{{` and `}}` stand for braces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from knowledge import dates

VALUE_LIMIT = 200
"""Characters that one value may bring into a sentence."""
DEPTH = 4
BUILT_IN = ("time", "date", "weekday")
"""Fields that need no context; a context that has them comes first."""
_LARGEST = 10**15
_NAME = r"[^\W\d_]\w{0,63}"
_PIECE = re.compile(r"(?P<text>[^{}]+)|(?P<brace>\{\{|\}\})|\{(?P<field>[^{}]*)\}|(?P<wrong>[{}])")
_FIELD = re.compile(rf"{_NAME}(?:\.{_NAME}){{0,{DEPTH - 1}}}")


def fields(text: str) -> tuple[str, ...]:
    """The fields of a text, each once, in order. Raises ValueError with a remedy."""
    return tuple(dict.fromkeys(piece for piece, is_field in _pieces(text) if is_field))


def fill(text: str, context: Mapping[str, object], now: datetime, language: str = "en") -> str | None:
    """The text with its fields filled in; None when the context lacks one, or has no text or number there."""
    filled: list[str] = []
    for piece, is_field in _pieces(text):
        value = _value(piece, context, now, language) if is_field else piece
        if value is None:
            return None
        filled.append(value)
    return "".join(filled)


def plain(text: str) -> str | None:
    """The text as it is always said; None when it has fields."""
    pieces = _pieces(text)
    return None if any(is_field for _, is_field in pieces) else "".join(piece for piece, _ in pieces)


@lru_cache(maxsize=8192)
def _pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """The text cut into what is said as it is and fields (True)."""
    if "{" not in text and "}" not in text:
        return ((text, False),)
    pieces: list[tuple[str, bool]] = []
    for found in _PIECE.finditer(text):
        if found["text"] or found["brace"]:
            pieces.append((found["text"] or found["brace"][0], False))
        elif found["field"] is not None and _FIELD.fullmatch(found["field"]):
            pieces.append((found["field"], True))
        else:
            raise ValueError(
                f"{_around(text, found.start())!r} is no field; write {{name}} or {{product.price}}, "
                "and {{ or }} for a brace that is said"
            )
    return tuple(pieces)


def _around(text: str, place: int) -> str:
    end = text.find("}", place)
    return text[place : min(end + 1 if end > place else len(text), place + 24)]


def _value(field: str, context: Mapping[str, object], now: datetime, language: str) -> str | None:
    value: object = context
    for name in field.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None and field in BUILT_IN:
        return dates.spoken(field, now, language)
    return rendered(value)


def rendered(value: object) -> str | None:
    """A text on one line without control characters, or a number as people write it; None for anything else."""
    match value:
        case bool():
            return None
        case str():
            kept = "".join(each for each in value if each.isspace() or not unicodedata.category(each).startswith("C"))
            return " ".join(kept.split())[:VALUE_LIMIT].rstrip() or None
        case int():
            return str(value) if abs(value) < _LARGEST else None
        case float():
            return _decimals(value)
    return None


def _decimals(value: float) -> str | None:
    if not abs(value) < _LARGEST:
        return None
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
