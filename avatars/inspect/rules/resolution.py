"""How many pixels the picture has."""

from __future__ import annotations

from avatars.inspect.film import Film
from avatars.inspect.finding import Found

LEAST, ADVISED = 480, 1080
"""Pixels of the shorter side."""


def find(film: Film) -> list[Found]:
    facts = film.footage.facts
    shorter = min(facts.width, facts.height)
    if shorter < LEAST:
        return [Found("resolution", "error", 0.0, film.seconds, shorter, LEAST, "px")]
    if shorter < ADVISED and not film.kind.photo:
        return [Found("resolution", "warning", 0.0, film.seconds, shorter, ADVISED, "px")]
    return []
