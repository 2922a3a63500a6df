"""How a Chinese character sounds, so that a homophone or a mistyped character is still recognised."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@lru_cache(maxsize=20_000)
def sound(letter: str) -> str:
    """The commonest reading without its tone; sounds that are often mixed up are one. The letter itself if it has none.

    zh, ch, sh are z, c, s; n begins as l; -ng ends as -n.
    """
    readings = _readings().get(ord(letter), "")
    if not readings:
        return letter
    plain = unicodedata.normalize("NFD", readings.split(",")[0])
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    for careful, careless in _MERGED:
        plain = plain.replace(careful, careless)
    if plain.startswith("n"):
        plain = f"l{plain[1:]}"
    return plain.removesuffix("g") if plain.endswith("ng") else plain


@lru_cache(maxsize=1)
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return dict(PINYIN_DICT)
