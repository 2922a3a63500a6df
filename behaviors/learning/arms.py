"""The manners that are chosen between: how an answer is spoken, and how often hands stress its words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from visavis.engines import Style
from visavis.words import Cue

Beats = Literal["all", "fewer", "none"]
"""Hands stress every word that was planned, the first of a sentence, or none."""


@dataclass(frozen=True, slots=True)
class Arm:
    """`rate`, `energy` and `degree` are factors of those of the style that the sentence's feeling gives."""

    name: str
    rate: float = 1.0
    energy: float = 1.0
    degree: float = 1.0
    beats: Beats = "all"

    def styled(self, style: Style) -> Style:
        """The style in this manner; `PLAIN` gives the same, so what was prepared is found."""
        return replace(
            style,
            rate=round(style.rate * self.rate, 3),
            energy=round(style.energy * self.energy, 3),
            degree=round(min(2.0, style.degree * self.degree), 2),
        )

    def kept(self, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
        """The cues that are left of a sentence; only beats are ever left out."""
        allowed = {"all": len(cues), "fewer": 1, "none": 0}[self.beats]
        beats = [cue for cue in cues if cue.rank == "beat"][:allowed]
        return tuple(cue for cue in cues if cue.rank != "beat" or cue in beats)


PLAIN = Arm("plain")
"""The default, which changes nothing."""
