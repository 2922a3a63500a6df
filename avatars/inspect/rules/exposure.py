"""Light on the face: burnt out, drowned, one-sided, flickering."""

from __future__ import annotations

import numpy as np

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

WHITE, DARK = 0.06, 48.0
"""Share of the face without drawing; mean brightness, 0 to 255."""
SIDES = 1.9
"""How many times brighter one cheek may be."""
FLICKER = 1.5
"""Percent, root mean square over a second, by which the whole picture's light may change from frame to frame."""
_FRONTAL = 15.0


def find(film: Film) -> list[Found]:
    found = _flicker(film)
    people = film.people
    if people is None:
        wholly = film.light
        for begin, end, at in film.spans((wholly > 245) | (wholly < 25) & (wholly > 20), least=5):
            found.append(Found("exposure", "warning", begin, end, float(wholly[at].mean()), 245, ""))
        return found
    white = np.array([each.white if each else 0.0 for each in people])
    light = np.array([each.light if each else 128.0 for each in people])
    sides = np.array(
        [max(each.cheeks) / max(min(each.cheeks), 1.0) if each and abs(each.yaw) < _FRONTAL else 1.0 for each in people]
    )
    for begin, end, at in film.spans(white > WHITE, least=5, gap=10):
        found.append(Found("overexposed", "warning", begin, end, 100 * float(white[at].max()), 100 * WHITE, "%"))
    for begin, end, at in film.spans(light < DARK, least=5, gap=10):
        found.append(Found("underexposed", "warning", begin, end, float(light[at].min()), DARK, ""))
    for begin, end, at in film.spans(sides > SIDES, least=12, gap=25):
        found.append(Found("one_sided_light", "warning", begin, end, float(sides[at].max()), SIDES, ""))
    return found


def _flicker(film: Film) -> list[Found]:
    if len(film.light) < 8:
        return []
    relative = np.zeros(len(film.light))
    relative[2:] = np.diff(film.light, 2) / np.maximum(film.light[1:-1], 20) / 2
    window = max(5, round(1 / film.interval))
    level = 100 * np.sqrt(np.convolve(np.clip(relative, -0.1, 0.1) ** 2, np.ones(window) / window, "same"))
    often = np.convolve(np.abs(relative) > FLICKER / 200, np.ones(window) / window, "same") > 0.4
    return [
        Found("flicker", "warning", begin, end, float(level[at].max()), FLICKER, "%")
        for begin, end, at in film.spans((level > FLICKER) & often, least=window // 2, gap=window)
    ]
