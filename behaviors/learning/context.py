"""What a choice may depend on: numbers that tell the situation, and nothing of who the visitor is or said."""

from __future__ import annotations

import math
from dataclasses import dataclass

from visavis.words import Source, Via

FEATURES = ("one", "chinese", "morning", "noon", "voice", "improvised", "returning", "follows", "length")
"""What the numbers of a context are, in order."""
LONG = 120
"""Characters of a sentence that count as long; Chinese ones count three times."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Of one answer: `turn` counts the visit's answers from 1, `characters` are those of its first sentence."""

    language: str
    hour: float
    via: Via
    source: Source
    returning: bool
    turn: int
    characters: int

    @property
    def features(self) -> tuple[float, ...]:
        """As `FEATURES` names them, each from -1 to 1."""
        chinese = self.language.lower().startswith("zh")
        day = 2 * math.pi * self.hour / 24
        return (
            1.0,
            float(chinese),
            round(math.sin(day), 3),
            round(-math.cos(day), 3),
            float(self.via == "voice"),
            float(self.source in ("llm", "rag", "webhook")),
            float(self.returning),
            float(self.turn > 1),
            round(min(1.0, self.characters * (3 if chinese else 1) / LONG), 2),
        )
