"""Where the face is in the picture, and how large."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found, Severity

LEAST_PX, ADVISED_PX = 96.0, 200.0
"""Pixels of the full picture that the face is wide."""
OFF_CENTRE = 0.2
"""Share of the picture's width that the face's middle may lie beside its middle."""
MARGIN = 0.01
LARGEST = 0.65


def find(film: Film) -> list[Found]:
    boxes = np.array([each.box if each else (np.nan,) * 4 for each in film.people or ()], np.float64)
    if not len(boxes) or np.isnan(boxes).all():
        return []
    wide, high = film.footage.facts.small
    scale = film.footage.facts.width / wide
    width = boxes[:, 2] - boxes[:, 0]
    usual, found = float(np.nanmedian(width)), list[Found]()
    if usual * scale < ADVISED_PX:
        severity: Severity = "error" if usual * scale < LEAST_PX else "warning"
        found.append(Found("face_small", severity, 0.0, film.seconds, usual * scale, ADVISED_PX, "px"))
    if usual / wide > LARGEST:
        found.append(Found("face_large", "warning", 0.0, film.seconds, 100 * usual / wide, 100 * LARGEST, "%"))
    off = np.nan_to_num(np.abs((boxes[:, 0] + boxes[:, 2]) / 2 / wide - 0.5))
    for begin, end, at in film.spans(off > OFF_CENTRE, least=5, gap=10):
        found.append(Found("off_centre", "warning", begin, end, 100 * float(off[at].max()), 100 * OFF_CENTRE, "%"))
    sides = boxes[:, 0] / wide, boxes[:, 1] / high, 1 - boxes[:, 2] / wide, 1 - boxes[:, 3] / high
    edge = np.min(np.stack(sides), axis=0)
    for begin, end, _ in film.spans(np.nan_to_num(edge, nan=1.0) < MARGIN, least=2, gap=5):
        found.append(Found("face_cut_off", "warning", begin, end))
    return found
