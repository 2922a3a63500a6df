"""How like a text is to all that an entry is asked and answers, in words and letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.ngrams import TfIdf

STRAYS = 3
"""How many of the nearest stray questions are looked at."""

Floats = NDArray[np.float32]


class Whole:
    """Entries as one text each: `asks[entry]` its phrasings, `answers[entry]` its first one and its answer."""

    def __init__(self, asks: Sequence[Sequence[str]], answers: Sequence[str], strays: Sequence[str]) -> None:
        self._asks, self._answers = asks, answers
        self._entries = TfIdf([_joined(*each) for each in zip(asks, answers, strict=True)])
        self._strays = TfIdf(strays)

    def scores(self, text: str) -> Floats:
        """The likeness of each entry, 0..1."""
        return self._entries.scores(text)

    def without(self, text: str, entry: int) -> float:
        """The likeness of an entry to one of its own phrasings, were that not there."""
        asks = list(self._asks[entry])
        asks.remove(text)
        answer = self._answers[entry].removeprefix(text)
        return self._entries.alike(text, _joined(asks, answer))

    def stray(self, text: str, own: int | None = None) -> float:
        """How like it is to stray questions, 0..1; `own` is the one that the text is itself."""
        scores = self._strays.scores(text)
        if own is not None:
            scores = np.delete(scores, own)
        return float(np.sort(scores)[-STRAYS:].mean()) if len(scores) else 0.0


def _joined(asks: Sequence[str], answer: str) -> str:
    return " ".join((*asks, answer))
