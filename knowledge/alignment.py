"""How well each word of a question is met by some word of an entry, and each word of a phrasing by the question.

A whole sentence's vector blurs the one word that tells an entry from its neighbours; its words' vectors do not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.pieces import Pieces

Floats = NDArray[np.float32]


class Alignment:
    """The pieces of a library: `asked[entry]` of its phrasings, `told[entry]` of its first question and its answer.

    Rare pieces weigh more. `common` are pieces of any texts: with the library's own they tell what all have in common.
    """

    def __init__(self, asked: Sequence[Sequence[Pieces]], told: Sequence[Pieces], common: Sequence[Pieces]) -> None:
        phrasings = [each for entry in asked for each in entry]
        self._middle = np.concatenate([each.vectors for each in (*phrasings, *common)]).astype(np.float32).mean(0)
        self._count = len(asked)
        self._spread = Counter(
            piece for entry in asked for piece in {int(piece) for each in entry for piece in each.ids}
        )
        self._weights = [np.array([self._weight(piece) for piece in each.ids], np.float32) for each in phrasings]
        self._phrasings = [self._unit(each).astype(np.float16) for each in phrasings]
        self._told = [self._unit(each).astype(np.float16) for each in told]

    def scores(
        self, pieces: Pieces, entries: NDArray[np.int64], rows: Sequence[NDArray[np.int64]]
    ) -> tuple[Floats, Floats]:
        """Of each of `entries`, whose phrasings that count are `rows`: how well it is met, and how well it meets.

        The first is of the phrasing whose words the question meets best, the second of the question's words.
        """
        asked = self._unit(pieces)
        weights = np.array([self._weight(piece) for piece in pieces.ids], np.float32)
        weights /= max(float(weights.sum()), 1e-9)
        met, meets = np.zeros(len(entries), np.float32), np.zeros(len(entries), np.float32)
        for at, (entry, own) in enumerate(zip(entries.tolist(), rows, strict=True)):
            parts = [self._phrasings[row] for row in own.tolist()]
            alike = np.concatenate([*parts, self._told[entry]]).astype(np.float32) @ asked.T
            meets[at] = weights @ alike.max(0)
            best, edge = alike.max(1), 0
            for row, part in zip(own.tolist(), parts, strict=True):
                mass = self._weights[row]
                met[at] = max(met[at], float(best[edge : edge + len(part)] @ mass) / max(float(mass.sum()), 1e-9))
                edge += len(part)
        return met, meets

    def _weight(self, piece: int) -> float:
        return math.log((self._count + 1) / (self._spread.get(int(piece), 0) + 0.5))

    def _unit(self, pieces: Pieces) -> Floats:
        moved = pieces.vectors.astype(np.float32) - self._middle
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)
