"""What all questions have in common, taken out of their vectors, so that what remains is what they are about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FEWEST = 16
"""Vectors below which nothing is taken out: too few to tell what is common."""


class Space:
    """Fitted to `samples`, shape (rows, dimensions): takes out their mean and their first principal direction."""

    def __init__(self, samples: Floats) -> None:
        dimensions = samples.shape[1]
        self._mean = np.zeros(dimensions, np.float32)
        self._first = np.zeros(dimensions, np.float32)
        if len(samples) >= FEWEST:
            self._mean = samples.mean(0)
            self._first = _direction(samples - self._mean)

    def __call__(self, vectors: Floats) -> Floats:
        """Unit vectors of the same shape, (rows, dimensions)."""
        moved = vectors - self._mean
        moved = moved - np.outer(moved @ self._first, self._first)
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-9), np.float32)


def _direction(centred: Floats) -> Floats:
    """The first principal direction, by power iteration from the longest row."""
    found = centred[int(np.argmax(np.einsum("ij,ij->i", centred, centred)))]
    for _ in range(30):
        found = centred.T @ (centred @ found)
        found = found / max(float(np.linalg.norm(found)), 1e-12)
    return np.asarray(found, np.float32)
