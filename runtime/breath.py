"""How fast an avatar breathes: slowly when nobody is there, faster when it is moved."""

from __future__ import annotations

from visavis.words import RATE, SLOT

ALONE_S = 5.4
"""Seconds that a breath takes while nobody is there."""
CALM_S, MOVED_S = 4.4, 3.0
"""Seconds that a breath takes at no arousal and at the greatest."""
STEP = 2 * SLOT
"""It goes on every other slot, so that a picture between may cost nothing."""


class Breath:
    """One session's. Its pace may change at any time, how far it is never jumps."""

    def __init__(self) -> None:
        self._phase, self._at = 0.0, 0

    def at(self, pts: int, arousal: float, *, alone: bool) -> float:
        """How far through a breath it is in the slot at `pts`: 0 to 1. `arousal` is 0 to 1."""
        step = pts // STEP
        period = ALONE_S if alone else CALM_S + (MOVED_S - CALM_S) * arousal
        self._phase = (self._phase + (step - self._at) * STEP / RATE / period) % 1.0
        self._at = step
        return round(self._phase, 4)
