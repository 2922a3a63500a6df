"""Focus: soft from beginning to end, or lost for a while."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

SOFT = 0.14
"""Sharpness below which no edge in the whole picture is crisp."""
LOST = 0.62
"""Share of the recording's usual sharpness."""


def find(film: Film) -> list[Found]:
    if not len(film.sharpness):
        return []
    usual = float(np.percentile(film.sharpness, 70))
    if usual < SOFT:
        return [Found("soft", "warning", 0.0, film.seconds, usual, SOFT, "")]
    lit = film.contrast[film.at_full] > 6
    values = np.interp(np.arange(len(film.times)), film.at_full, np.where(lit, film.sharpness, usual))
    return [
        Found("focus_lost", "warning", begin, end, float(values[at].min()), LOST * usual, "")
        for begin, end, at in film.spans(values < LOST * usual, least=5, gap=10)
    ]
