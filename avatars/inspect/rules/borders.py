"""Lines of another colour at the picture's border, which cutting programmes leave there, down to one pixel."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

APART, AGREE = 25.0, 6.0
"""Levels of brightness: how far a line stands off the ones inside it, and how far those may differ."""
_BAR = 6.0


def find(film: Film) -> list[Found]:
    if not len(film.edges):
        return []
    lines = np.median(film.edges, axis=0)
    steady = np.percentile(np.abs(film.edges - lines), 75, axis=0)
    found = []
    for row, wobble in zip(lines, steady, strict=True):
        inner = row[1:]
        line = abs(row[0] - inner[-1]) > APART and float(np.ptp(inner[1:])) < AGREE and wobble[0] < AGREE
        bar = bool((row < _BAR).all()) and float(np.median(film.light)) > 3 * _BAR
        if line or (bar and bool((film.edges[:, :, 0] < _BAR).mean() > 0.4)):
            width = 4 if bar else int(np.flatnonzero(np.abs(row - inner[-1]) > APART)[-1]) + 1
            found.append(Found("border", "warning", 0.0, film.seconds, width, 0, "px"))
    return found[:1]
