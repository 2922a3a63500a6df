"""What a manner is expected to bring in a situation: linear, each arm apart from what all bring together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

POOLED, APART = 1.0, 5.0
"""Ridge penalties: of what all arms bring, and of what one brings besides; one hardly tried is taken for the others."""


def fitted(contexts: Floats, arms: Ints, rewards: Floats, count: int) -> Floats:
    """Weights (arm × feature) from contexts (n × feature), the arms (n) that were chosen and their rewards (n)."""
    pooled = _ridge(contexts, rewards, POOLED)
    left = rewards - contexts @ pooled
    apart = [_ridge(contexts[arms == arm], left[arms == arm], APART) for arm in range(count)]
    return pooled + np.array(apart)


def _ridge(contexts: Floats, rewards: Floats, penalty: float) -> Floats:
    square = contexts.T @ contexts + penalty * np.eye(contexts.shape[1])
    return np.asarray(np.linalg.solve(square, contexts.T @ rewards), np.float64)


def best(expected: Floats) -> Ints:
    """The best arm by what each is expected to bring (n × arm); the default where none is better than it."""
    arms: Ints = np.argmax(expected, axis=1).astype(np.int64)
    return arms
