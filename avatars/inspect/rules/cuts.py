"""Cuts and jumps: one frame that differs from the one before far more than the frames around it do."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

STANDS_OUT = 4.0
"""How many times the change around it."""
LEAST = 2.0
"""Levels of brightness, mean of the picture."""
AROUND = 6


def find(film: Film) -> list[Found]:
    found = []
    dark = (film.light < 20) | (film.contrast < 4)
    for at in range(1, len(film.moved)):
        if film.moved[at] < LEAST or dark[max(at - 1, 0) : at + 1].any():
            continue
        near = np.concatenate([film.moved[max(1, at - AROUND) : at], film.moved[at + 1 : at + 1 + AROUND]])
        around = float(np.max(near)) if len(near) else 0.0
        if film.moved[at] > STANDS_OUT * max(float(np.median(near)) if len(near) else 0.0, 0.15) and (
            film.moved[at] > 2.0 * around
        ):
            time = float(film.times[at])
            found.append(Found("cut", "error", time, time + film.interval, float(film.moved[at]), LEAST, "levels"))
    return found
