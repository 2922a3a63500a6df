"""A transcript as units that can be counted from the front: words, and each Chinese or Japanese character."""

from __future__ import annotations

import re
import unicodedata

from runtime.hearing.wording import words

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:'[^\W_]+)*")


def spoken(text: str) -> list[str]:
    """The units of `text` as they are said, without marks; Latin numbers are spelled out."""
    if text.isascii():
        return words(text)
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    return _UNIT.findall(plain) if _WIDE.search(plain) else words(text) or _UNIT.findall(plain)


def places(text: str) -> list[tuple[str, int]]:
    """The units as they are written in `text`, in lower case, each with where it ends."""
    return [(found.group().lower(), found.end()) for found in _UNIT.finditer(text)]
