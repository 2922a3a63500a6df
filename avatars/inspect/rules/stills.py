"""Frames that are black, or of one colour, and pictures that stand still as no camera's do."""

from __future__ import annotations

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

BLACK, FLAT = 20.0, 4.0
FROZEN_MEAN, FROZEN_MOST = 0.4, 4.0
"""Levels that a frame may differ from the one before and still be the same one, coded anew."""
FROZEN_S = 0.28


def find(film: Film) -> list[Found]:
    empty = (film.light < BLACK) & (film.contrast < 3 * FLAT) | (film.contrast < FLAT)
    found = [
        Found("black_frames", "error", begin, end, float(at.stop - at.start), 0, "frames")
        for begin, end, at in film.spans(empty)
    ]
    same = (film.moved < FROZEN_MEAN) & (film.most_moved <= FROZEN_MOST) & ~empty
    same[:1] = False
    least = max(3, round(FROZEN_S / film.interval))
    found += [
        Found("frozen", "error", begin - film.interval, end, end - begin, FROZEN_S, "s")
        for begin, end, _ in film.spans(same, least=least)
    ]
    return found
