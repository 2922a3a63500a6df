"""How long the recording is, for its kind."""

from __future__ import annotations

from avatars.inspect.film import Film
from avatars.inspect.finding import Found


def find(film: Film) -> list[Found]:
    kind, lasts = film.kind, film.seconds
    if lasts < kind.least_s:
        return [Found("too_short", "error", 0.0, lasts, lasts, kind.least_s, "s")]
    if lasts < kind.advised_s:
        return [Found("too_short", "warning", 0.0, lasts, lasts, kind.advised_s, "s")]
    if lasts > kind.most_s:
        return [Found("too_long", "error", 0.0, lasts, lasts, kind.most_s, "s")]
    return []
