"""A camera that is not still: the whole picture trembles, or drifts away and stays there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

LIMIT = 0.15
"""Percent of the picture's width, root mean square over a second, by which it may jump from frame to frame."""


def find(film: Film) -> list[Found]:
    if len(film.shift) < 8:
        return []
    wide = np.pad(film.moved, 6, mode="edge")
    around = np.median(np.lib.stride_tricks.sliding_window_view(wide, 13), axis=1)
    calm = film.moved < np.maximum(4 * around, 2.0)  # a cut is none of it
    window = max(5, round(1.0 / film.interval))
    jumps = np.stack([_trembling(film.shift[:, part], calm) for part in range(film.shift.shape[1])])
    least = np.nanmin(np.where(np.isnan(jumps), np.inf, jumps), axis=0)  # a body moves some parts, a camera all
    least[~np.isfinite(least)] = 0
    level = 100 * np.sqrt(_mean(least, window))
    often = _mean((least > (LIMIT / 100) ** 2).astype(np.float64), window) > 0.3
    return [
        Found("shake", "warning", begin, end, float(level[at].max()), LIMIT, "%")
        for begin, end, at in film.spans((level > LIMIT) & often, least=window // 2, gap=window)
    ]


def _trembling(shift: NDArray[np.float32], calm: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Square of the jump of each frame that is no steady movement; not a number where it is unknown."""
    clipped = np.clip(shift.astype(np.float64), -0.05, 0.05)
    found = np.zeros(len(shift))
    found[1:] = (np.diff(clipped, axis=0) ** 2).sum(axis=1) / 4
    found[~calm] = 0
    return np.where(np.isnan(shift).any(axis=1), np.nan, found)


def _mean(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    return np.convolve(values, np.ones(window) / window, "same")
