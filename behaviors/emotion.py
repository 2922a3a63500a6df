"""What a sentence feels like, from its wording and punctuation."""

from __future__ import annotations

from dataclasses import dataclass

from behaviors.wording import wording
from visavis.words import Emotion

WORDED = 0.7
EXCLAIMED = 0.25


@dataclass(frozen=True, slots=True)
class Feeling:
    """`intensity` is 0 to 1; a neutral one has none."""

    label: Emotion = Emotion.NEUTRAL
    intensity: float = 0.0


def feel(text: str, language: str) -> Feeling:
    """The feeling of one sentence. Regret and trouble are never taken for joy, however they are exclaimed."""
    exclaimed = any(mark in text for mark in "!！")
    for rule in wording(language).emotions:
        if rule.find(text) is not None:
            return Feeling(Emotion(rule.name), min(1.0, WORDED + EXCLAIMED * exclaimed))
    if ("?!" in text) or ("？！" in text):
        return Feeling(Emotion.SURPRISED, WORDED)
    if exclaimed:
        return Feeling(Emotion.HAPPY, 2 * EXCLAIMED)
    return Feeling()
