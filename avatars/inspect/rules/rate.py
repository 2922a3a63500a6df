"""Frames a second: 25, or they are converted; a rate that varies and frames that are missing are told."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

WANTED, NEAR, LEAST = 25.0, 0.01, 20.0
VARIES = 0.02
"""Share of the distances between frames that may differ from the usual one by more than half a millisecond or 2 %."""
OFTEN = 0.05
"""Holes that are more than this share of the frames are no losses but a rate that varies."""
MISSING = 1.6
"""A distance of so many usual ones is a hole."""


def find(film: Film) -> list[Found]:
    if len(film.times) < 3:
        return []
    steps = np.diff(film.times)
    usual, whole = film.interval, film.seconds
    rate = (len(film.times) - 1) / max(float(film.times[-1]), 1e-6)
    off = np.abs(steps - usual) > max(0.02 * usual, 0.0015)
    holes = np.flatnonzero(steps > MISSING * usual)
    found = list[Found]()
    if off.mean() > VARIES and (len(holes) < 0.5 * off.sum() or len(holes) > OFTEN * len(steps)):
        found.append(Found("variable_rate", "warning", 0.0, whole, float(off.mean()) * 100, VARIES * 100, "%"))
    else:
        found += [
            Found("missing_frames", "warning", float(film.times[each]), float(film.times[each + 1]),
                  round(float(steps[each] / usual)) - 1, 0, "frames")
            for each in holes
        ]  # fmt: skip
        rate = 1 / usual
    if rate < LEAST:
        found.append(Found("low_rate", "error", 0.0, whole, rate, WANTED, "fps"))
    elif abs(rate - WANTED) > NEAR:
        found.append(Found("rate", "note", 0.0, whole, rate, WANTED, "fps"))
    return found
