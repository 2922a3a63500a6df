"""Endless footage of a stretch that ends: forwards, backwards, forwards; and where such a stretch begins by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visavis.words import FPS

LONGEST = 5 * 60 * FPS
"""Frames after the first motion at which a stretch ends by itself."""
MOVED = 1.5
"""Grey levels by which the mean of a picture's most changed part differs from the last one's where somebody moves."""
STEADY = 3
"""So many frames in a row have to move: one alone is a flicker."""


def index(step: int, start: int, end: int) -> int:
    """The frame shown at `step`: start..end..start, each end once. Steps may be negative."""
    span = end - start
    if span <= 0:
        return start
    at = step % (2 * span)
    return start + (at if at <= span else 2 * span - at)


def changes(pictures: NDArray[np.uint8], parts: int = 8) -> NDArray[np.float32]:
    """How much each picture's most changed part differs from the picture before, in grey levels; 0 for the first.

    `pictures`: (frames, height, width), grey, both sides at least `parts`.
    """
    high, wide = (side // parts * parts for side in pictures.shape[1:])
    blocks = pictures[:, :high, :wide].reshape(-1, parts, high // parts, parts, wide // parts)
    levels = blocks.mean(axis=(2, 4), dtype=np.float32)
    apart = np.abs(np.diff(levels, axis=0, prepend=levels[:1]))
    found: NDArray[np.float32] = apart.max(axis=(1, 2))
    return found


def stretch(change: NDArray[np.float32]) -> tuple[int, int]:
    """First and last frame to play where nobody says: from the first motion on for five minutes.

    `change` is that of each frame, as `changes` measures it. Where nothing moves, all of it.
    """
    moved = np.convolve(change > MOVED, np.ones(STEADY, int), "valid") == STEADY
    start = int(np.argmax(moved)) if len(change) >= STEADY and moved.any() else 0
    return start, min(start + LONGEST, len(change)) - 1
