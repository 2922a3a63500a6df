"""How an emotion sounds, for voices that are told in numbers how to speak."""

from __future__ import annotations

from dataclasses import dataclass

from visavis.engines import Style
from visavis.words import Emotion


@dataclass(frozen=True, slots=True)
class Prosody:
    """Factors of the rate, the pitch, the width of its movement (as a power of ratios) and the level."""

    rate: float = 1.0
    pitch: float = 1.0
    range: float = 1.0
    energy: float = 1.0


PROSODY = {
    Emotion.NEUTRAL: Prosody(),
    Emotion.HAPPY: Prosody(1.04, 1.08, 1.3, 1.05),
    Emotion.SAD: Prosody(0.88, 0.94, 0.7, 0.85),
    Emotion.SURPRISED: Prosody(1.05, 1.12, 1.45, 1.08),
    Emotion.SORRY: Prosody(0.92, 0.97, 0.8, 0.9),
    Emotion.CALM: Prosody(0.92, 0.98, 0.8, 0.95),
}
STRONGEST = 2.0


def prosody_of(style: Style) -> Prosody:
    """The factors of the style's emotion at its degree: none at 0, those of `PROSODY` at 1, squared at 2."""
    full, degree = PROSODY[style.emotion], min(STRONGEST, max(0.0, style.degree))
    return Prosody(full.rate**degree, full.pitch**degree, full.range**degree, full.energy**degree)
