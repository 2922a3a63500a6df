"""Chinese as it sounds: one sign a syllable, without tones, so that a homophone is found like a word."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from agent.review.fold import HAN_CHARACTER
from knowledge.normalise import HAN

_FIRST = 0xF0000
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))
"""What many speakers, and who evades, take for the same."""
_STOP = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")
_PIECE = re.compile(rf"[{HAN}]|[a-z]+| +|[^{HAN}a-z ]")


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """Every Chinese character's commonest syllable; empty where pypinyin is not installed."""
    found = find_spec("pypinyin")
    if found is None or found.origin is None:
        return {}
    rows = json.loads((Path(found.origin).parent / "pinyin_dict.json").read_text(encoding="utf-8"))
    return {chr(int(code)): readings.split(",")[0] for code, readings in rows.items()}


def syllable(character: str) -> str:
    """The syllable of a Chinese character in ASCII, with `v` for ü; empty where it has none."""
    return _toneless(_table().get(character, ""))


def _toneless(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    return "".join(each for each in bare if not unicodedata.combining(each))


@lru_cache(maxsize=1)
def _signs() -> dict[str, str]:
    """Every syllable, as it sounds, to its sign."""
    known = sorted({_sound(_toneless(each)) for each in set(_table().values())} - {""})
    return {each: chr(_FIRST + place) for place, each in enumerate(known)}


def _sound(plain: str) -> str:
    for written, heard in _MERGED:
        if plain.startswith(written) or plain.endswith(written):
            plain = plain.replace(written, heard)
    return plain


@lru_cache(maxsize=65_536)
def _sign(piece: str) -> str:
    """The sign of a character, or of a Latin syllable; what is neither stands for itself."""
    plain = syllable(piece) if HAN_CHARACTER.match(piece) else piece
    return _signs().get(_sound(plain), piece)


def sounds(words: str) -> str:
    """The signs of `words`; a Latin syllable counts as one, and a space only between Chinese characters."""
    pieces = _PIECE.findall(_STOP.sub("\n", words))
    return "".join(_sign(each) if each[0] != " " else "" for each in pieces)


def spelt(term: str) -> str:
    """A Chinese term in Latin syllables, with a space between."""
    return " ".join(map(syllable, term))


def warm_up() -> None:
    """Load the tables, which takes some tens of milliseconds."""
    _signs()
