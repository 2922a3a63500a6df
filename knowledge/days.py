"""Days of the week that a text names: what is said of Sunday is no answer about Tuesday."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.normalise import normalise

_NAMES = ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
_ENGLISH = re.compile(rf"\b(?:({'|'.join(_NAMES)})days?|(week ?ends?)|(week ?days?|working days?))\b")
_HAN = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])|(周末|双休日)|(工作日|平日)")
_PLACES = {each: at for names in (_NAMES, "一二三四五六日") for at, each in enumerate(names)} | {"天": 6}
_WORKING, _WEEKEND = frozenset(range(5)), frozenset((5, 6))


@lru_cache(maxsize=4_096)
def days(text: str) -> frozenset[int]:
    """The days that are named, Monday is 0; a weekend is two, working days are five."""
    plain = normalise(text)
    found: set[int] = set()
    for name, end, _ in (*_ENGLISH.findall(plain), *_HAN.findall(plain)):
        found |= {_PLACES[name]} if name else _WEEKEND if end else _WORKING
    return frozenset(found)


def undated(text: str) -> str:
    """The text without the days that it names, normalised."""
    return _HAN.sub("", _ENGLISH.sub("", normalise(text))).strip()


def other_day(text: str, asks: Sequence[Iterable[str]]) -> NDArray[np.float32]:
    """-1 for each entry whose phrasings, `asks`, name days and none of those that the text names; 0 for the rest."""
    found = np.zeros(len(asks), np.float32)
    if asked := days(text):
        for place, phrasings in enumerate(asks):
            named = frozenset[int]().union(*map(days, phrasings))
            found[place] = -1.0 if named and not named & asked else 0.0
    return found
