"""Lips closed while nothing is said, and nothing over them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.inspect.film import Film
from avatars.inspect.finding import Found
from avatars.voices.enrol.inspect.noise import ERROR_DB, snr_db

OPEN = 0.03
"""Gap between the lips as a share of the face's width from which they are open."""
PAUSE_S, SETTLING_S = 0.6, 0.2
"""A shorter pause is part of speaking; lips take so long to close and to open."""
OFTEN = 0.3
"""Share of a pause that they may be open."""
SMALLEST = 60.0
"""Pixels of the small frame; in a narrower face nothing can be told of lips."""
COVERED = 22.0
"""How far (CIE Lab) skin around the lips may change against brow and cheeks."""


def find(film: Film) -> list[Found]:
    if film.people is None:
        return []
    return covered(film) + (open_lips(film) if film.take is not None and film.kind.lips else [])


def covered(film: Film) -> list[Found]:
    """At least two of five places around the lips have another colour than usual, for three frames."""
    people = film.people or ()
    unknown = np.full((5, 3), np.nan, np.float32)
    rows = np.stack([each.skin if each and each.box[2] - each.box[0] >= SMALLEST else unknown for each in people])
    if np.isnan(rows).all():
        return []
    off = np.linalg.norm(rows - np.nanmedian(rows, axis=0), axis=2)
    over = np.nan_to_num(off) > COVERED
    return [
        Found("lips_covered", "warning", begin, end, float(np.nanmax(off[at])), COVERED, "")
        for begin, end, at in film.spans(over.sum(axis=1) >= 2, least=3, gap=3)
    ]


def open_lips(film: Film) -> list[Found]:
    assert film.take is not None
    if not film.take.speech or snr_db(film.take) < ERROR_DB:  # where speech begins and ends is not known
        return []
    gaps = np.array([each.gap if each else np.nan for each in film.people or ()])
    found = []
    for start, end in pauses(film):
        inside = (film.times >= start + SETTLING_S) & (film.times < end - SETTLING_S)
        found += _open(film, gaps, inside, "lips_open_at_start" if start == 0 else "lips_open")
    return found


def pauses(film: Film) -> list[tuple[float, float]]:
    """Where nobody speaks; the first one begins at 0."""
    assert film.take is not None
    edges = [0.0, *(each for span in film.take.speech for each in span), film.seconds]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= PAUSE_S]


def _open(film: Film, gaps: NDArray[np.float64], inside: NDArray[np.bool_], rule: str) -> list[Found]:
    known = inside & ~np.isnan(gaps)
    if known.sum() < 3:
        return []
    opened = known & (np.nan_to_num(gaps) > OPEN)
    if opened.sum() <= OFTEN * known.sum() and film.spans(opened, least=max(3, round(1 / film.interval))) == []:
        return []
    return [
        Found(rule, "warning", begin, end, 100 * float(gaps[at].max()), 100 * OPEN, "%")
        for begin, end, at in film.spans(opened, least=3, gap=12)
    ]
