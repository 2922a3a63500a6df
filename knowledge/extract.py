"""The sentences of documents: which passage holds one like the question, and what of it is worth reading out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.ngrams import TfIdf
from knowledge.normalise import has_han
from knowledge.passages import Passage, sentences, together

SENTENCES = 3_000
"""Sentences that are embedded; of a library with more, passages are compared as wholes."""
SPOKEN = 3
"""Sentences that are read out at most."""
LENGTH = 320
"""Characters that are read out at most, unless one sentence has more."""
LENGTH_HAN = 110
LEXICAL = 0.5
NEAR = 0.6
"""A sentence nearby that is this much like the question, in parts of the best sentence, is read out too."""
_LEANS = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|he|she|his|her|there|both|but|so|then|otherwise|also)\b|"
    r"[它他她这那其此]|另外|不过|但是?|因此|所以|否则",
    re.IGNORECASE,
)

Floats = NDArray[np.float32]


def embeddable(passages: Sequence[Passage]) -> list[str]:
    """The sentences of all passages, each with the heading that it stands below; none where there are too many."""
    found = [f"{_heading(each)}: {sentence}" for each in passages for sentence in _split(each.text)]
    return found if len(found) <= SENTENCES else []


class Extracts:
    """Passages, and the unit vectors of `embeddable(passages)`."""

    def __init__(self, passages: Sequence[Passage], vectors: Floats) -> None:
        self._passages = passages
        self._starts = np.cumsum([0, *(len(_split(each.text)) for each in passages)]) if len(vectors) else np.zeros(1)
        self._vectors = vectors if len(vectors) and len(vectors) == self._starts[-1] else None

    def likeness(self, place: int, vector: Floats) -> float | None:
        """How like a question's vector the nearest sentence of a passage is; None where sentences are not embedded."""
        near = self._near(place, vector)
        return None if near is None or not len(near) else float(near.max())

    def answer(self, place: int, text: str, vector: Floats) -> str:
        """One to three sentences of a passage, in their order: that most like the question, and what belongs to it."""
        said = _split(self._passages[place].text)
        if len(said) < 2:
            return together(said)
        near = self._near(place, vector)
        lexical = TfIdf(said).scores(text)
        scores = lexical if near is None else (1 - LEXICAL) * near + LEXICAL * lexical
        first, last = _window(said, np.asarray(scores, np.float32))
        return together(said[first : last + 1])

    def _near(self, place: int, vector: Floats) -> Floats | None:
        if self._vectors is None:
            return None
        near: Floats = self._vectors[self._starts[place] : self._starts[place + 1]] @ vector
        return near


@lru_cache(maxsize=8_192)
def _split(text: str) -> tuple[str, ...]:
    return tuple(sentences(text))


def _window(said: Sequence[str], scores: Floats) -> tuple[int, int]:
    """First and last of the sentences around the best that are read out: others that are like the question as well,
    what a sentence leans on, and what leans on it, as far as there is room."""
    best = int(scores.argmax())
    window = best, best
    for at in np.argsort(-scores).tolist():
        if at == best or float(scores[at]) < NEAR * float(scores[best]):
            continue
        window = _wider(said, window, at)
    if _LEANS.match(said[window[0]]):
        window = _wider(said, window, window[0] - 1)
    if window[1] + 1 < len(said) and _LEANS.match(said[window[1] + 1]):
        window = _wider(said, window, window[1] + 1)
    return window


def _wider(said: Sequence[str], window: tuple[int, int], at: int) -> tuple[int, int]:
    """The window with sentence `at` in it, or as it is where that would be too much to read out."""
    first, last = max(0, min(window[0], at)), max(window[1], at)
    whole = said[first : last + 1]
    limit = LENGTH_HAN if has_han(whole[0]) else LENGTH
    return (first, last) if len(whole) <= SPOKEN and sum(map(len, whole)) <= limit else window


def _heading(passage: Passage) -> str:
    return passage.title.rpartition(" › ")[2]
