"""Pinyin made speakable for any Mandarin voice: common characters that have this sound and no other."""

from __future__ import annotations

import re
from functools import cache

_SYLLABLE = re.compile(r"[a-zü:]+[0-5]?")


def syllables(pinyin: str) -> tuple[str, ...] | None:
    """`chong2 qing4` or `chóng qìng` as syllables with tone digits; None for what is no pinyin."""
    from pypinyin.contrib.tone_convert import to_tone3

    found: list[str] = []
    for word in re.split(r"[\s'’-]+", pinyin.strip().lower().replace("u:", "ü").replace("v", "ü")):
        plain = word if re.search(r"\d", word) else to_tone3(word, v_to_u=True, neutral_tone_with_five=True)
        parts = _SYLLABLE.findall(plain)
        if not parts or "".join(parts) != plain:
            return None
        found += [part if part[-1].isdigit() else f"{part}5" for part in parts]
    return tuple(each[:-1] + ("5" if each[-1] == "0" else each[-1]) for each in found) or None


def homophones(pinyin: str) -> str | None:
    """Characters that are read as `pinyin`; None where a syllable is none of Mandarin's."""
    said = syllables(pinyin)
    if said is None:
        return None
    found = [_table().get(each, "") for each in said]
    return "".join(found) if all(found) else None


@cache
def _table() -> dict[str, str]:
    """A character for each syllable: of the 3,755 most common ones if possible, and with no other reading."""
    from pypinyin.pinyin_dict import pinyin_dict

    found: dict[str, str] = {}
    for level in ((0xB0, 0xD8), (0xD8, 0xF8)):
        sure: dict[str, str] = {}
        likely: dict[str, str] = {}
        for character in _level(*level):
            first, *others = pinyin_dict[ord(character)].split(",")
            if not others:
                sure.setdefault(_numbered(first), character)
            likely.setdefault(_numbered(first), character)
        found = likely | sure | found
    return found


@cache
def _numbered(syllable: str) -> str:
    """A syllable with its tone as a digit."""
    from pypinyin.contrib.tone_convert import to_tone3

    return str(to_tone3(syllable, v_to_u=True, neutral_tone_with_five=True))


def _level(first: int, end: int) -> list[str]:
    """The characters of GB 2312 in some of its rows; the first 40 hold the most common ones."""
    found: list[str] = []
    for high in range(first, end):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found
