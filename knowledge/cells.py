"""Vectors sorted into cells around centres (an inverted file): a search looks through the nearest cells alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLE = 16_384
"""Vectors by which the centres are found."""
ROUNDS = 8
SHARE = 0.03
"""The share of the cells that a search looks through."""
AT_ONCE = 4_096
"""Vectors that are sorted in at once, so that nothing large is held in between."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Cells:
    """Unit vectors, shape (rows, dimensions), copied in the order of their cells; `centres` are theirs."""

    def __init__(self, vectors: Floats, centres: Floats) -> None:
        self._centres, self._probes = centres, probes(len(centres))
        owners = _nearest(vectors, centres)
        self._rows = np.argsort(owners, kind="stable")
        self._edges = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(centres)))])
        self._vectors = vectors[self._rows]

    def nearest(self, vector: Floats, count: int) -> Rows:
        """About the `count` rows nearest to a unit vector, in no order."""
        likeness = self._centres @ vector
        cells = np.argpartition(likeness, -self._probes)[-self._probes :]
        runs = [slice(*self._edges[cell : cell + 2]) for cell in cells.tolist()]
        rows = np.concatenate([self._rows[run] for run in runs])
        if count >= len(rows):
            return rows
        scores = np.concatenate([self._vectors[run] @ vector for run in runs])
        return np.asarray(rows[np.argpartition(scores, -count)[-count:]], np.int64)


def probes(count: int) -> int:
    """How many of `count` cells a search looks through."""
    return max(1, round(SHARE * count))


def centres(vectors: Floats) -> Floats:
    """Of twice the square root as many cells as there are vectors: spherical k-means over an even sample."""
    count = max(1, round(2 * len(vectors) ** 0.5))
    sample = vectors[np.linspace(0, len(vectors) - 1, min(len(vectors), SAMPLE)).astype(np.int64)]
    rng = np.random.default_rng(0)
    found = sample[rng.choice(len(sample), min(count, len(sample)), replace=False)]
    for _ in range(ROUNDS):
        owners = _nearest(sample, found)
        order = np.argsort(owners, kind="stable")
        taken, starts = np.unique(owners[order], return_index=True)
        sums = np.add.reduceat(sample[order], starts)
        found[taken] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.ascontiguousarray(found, np.float32)


def _nearest(vectors: Floats, centres: Floats) -> Rows:
    parts = [(vectors[at : at + AT_ONCE] @ centres.T).argmax(1) for at in range(0, len(vectors), AT_ONCE)]
    return np.concatenate([*parts, np.empty(0, np.int64)]).astype(np.int64)
