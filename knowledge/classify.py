"""A linear classifier over vectors: where entries have many phrasings, it tells them apart better than any one does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ENOUGH = 5
"""Phrasings an entry, on the average, from which a classifier is fitted."""
STEPS, RATE, DECAY = 60, 0.1, 0.003
SCALE = 20.0
"""By how much centred vectors are stretched: a likeness of 0.05 then counts."""
AT_MOST = 4e11
"""Multiplications that fitting may take: larger libraries do without."""


class Linear:
    """Multinomial logistic regression, fitted by Adam on all rows at once. `owners` (rows,) is the entry of each."""

    def __init__(self, vectors: Floats, owners: NDArray[np.int64], entries: int) -> None:
        self._middle = vectors.mean(0)
        inputs = self._inputs(vectors)
        wanted = np.zeros((len(vectors), entries), np.float32)
        wanted[np.arange(len(vectors)), owners] = 1
        self._weights: Floats = np.zeros((inputs.shape[1], entries), np.float32)
        mean, square = np.zeros_like(self._weights), np.zeros_like(self._weights)
        for step in range(STEPS):
            slope: Floats = inputs.T @ (_softmax(inputs @ self._weights) - wanted)
            slope = entries * (slope / len(vectors) + DECAY * self._weights)
            mean = 0.9 * mean + 0.1 * slope
            square = 0.99 * square + 0.01 * slope * slope
            rate = RATE * (1 if step < 0.6 * STEPS else 0.3)
            moved = mean / (1 - 0.9 ** (step + 1)) / (np.sqrt(square / (1 - 0.99 ** (step + 1))) + 1e-6)
            self._weights = np.asarray(self._weights - rate * moved, np.float32)

    @staticmethod
    def worth(vectors: Floats, entries: int) -> bool:
        """Whether there are phrasings enough for a classifier, and not so many that fitting takes long."""
        work = 4.0 * STEPS * vectors.size * entries
        return entries > 1 and len(vectors) >= ENOUGH * entries and work <= AT_MOST

    def scores(self, vectors: Floats) -> Floats:
        """The logit of each entry, shape (rows, entries)."""
        return np.asarray(self._inputs(vectors) @ self._weights, np.float32)

    def _inputs(self, vectors: Floats) -> Floats:
        stretched = (vectors - self._middle) * SCALE
        return np.concatenate([stretched, np.ones((len(vectors), 1))], 1).astype(np.float32)


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)
