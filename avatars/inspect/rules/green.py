"""The screen: one even shade without shadows and things on it, whose light does not fall on the person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avatars.inspect.film import SCREEN_EVERY, Film
from avatars.inspect.finding import Found
from avatars.inspect.screen import ScreenLook

LIMITS: dict[str, tuple[Callable[[ScreenLook], float], float]] = {
    "second_shade": (lambda look: look.second, 0.05),
    "screen_uneven": (lambda look: look.uneven, 0.6),
    "screen_shadow": (lambda look: look.shadow, 0.01),
    "spill": (lambda look: look.spill, 0.06),
    "screen_object": (lambda look: look.objects, 0.0),
}
"""What is measured on a look, and the most that it may be."""


def find(film: Film) -> list[Found]:
    if len(film.screens) < 0.5 * len(film.times) / SCREEN_EVERY:
        return []
    found = []
    for rule, (measure, limit) in LIMITS.items():
        over = np.zeros(len(film.times), np.bool_)
        values = {index: measure(look) for index, look in film.screens}
        for index, value in values.items():
            over[index : index + SCREEN_EVERY] = value > limit
        for begin, end, at in film.spans(over, least=min(SCREEN_EVERY, len(over)), gap=2 * SCREEN_EVERY):
            worst = max(value for index, value in values.items() if at.start <= index < at.stop)
            found.append(Found(rule, "warning", begin, end, 100 * worst, 100 * limit, "%"))
    return found
