"""What a sentence feels like: from its words, its punctuation and its emoji."""

from __future__ import annotations

from dataclasses import dataclass

from behaviors.feeling_words import Words, words_of_feeling
from visavis import emoji
from visavis.words import FELT, Emotion

EXCLAIMED = 0.25
BOOSTED = 0.15
DAMPED = -0.2
PICTURED = 0.6
"""How strong a feeling is that an emoji alone tells."""
DENIED = 0.5
"""How sad it is that a joy is denied."""
_VALENCE = {
    Emotion.NEUTRAL: 0.0, Emotion.HAPPY: 0.9, Emotion.SAD: -0.9, Emotion.SURPRISED: 0.3, Emotion.SORRY: -0.6,
    Emotion.CALM: 0.1,
}  # fmt: skip
_AROUSAL = {
    Emotion.NEUTRAL: 0.3, Emotion.HAPPY: 0.7, Emotion.SAD: 0.15, Emotion.SURPRISED: 0.95, Emotion.SORRY: 0.35,
    Emotion.CALM: 0.1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Feeling:
    """`intensity` is 0 to 1; a neutral one has none."""

    label: Emotion = Emotion.NEUTRAL
    intensity: float = 0.0

    @property
    def valence(self) -> float:
        """From -1, unpleasant, to 1."""
        return _VALENCE[self.label] * self.intensity

    @property
    def arousal(self) -> float:
        """From 0, at rest, to 1."""
        rest = _AROUSAL[Emotion.NEUTRAL]
        return rest + (_AROUSAL[self.label] - rest) * self.intensity


def feel(text: str, language: str) -> Feeling:
    """The feeling of one sentence. Regret and trouble are never taken for joy, however they are exclaimed.

    An emoji decides where words tell nothing, and makes the same feeling of theirs stronger.
    """
    words = words_of_feeling(language)
    exclaimed = any(mark in text for mark in "!！")
    shown = emoji.felt(text)
    if (worded := _worded(text, words)) is not None:
        more = EXCLAIMED * exclaimed + BOOSTED * (worded.label is shown) + _degree(text, words)
        return Feeling(worded.label, min(1.0, max(0.3, worded.intensity + more)))
    if shown is not None:
        return Feeling(shown, min(1.0, PICTURED + EXCLAIMED * exclaimed))
    if any(mark in text for mark in ("?!", "!?", "？！", "！？")):
        return Feeling(Emotion.SURPRISED, FELT)
    return Feeling(Emotion.HAPPY, 2 * EXCLAIMED) if exclaimed else Feeling()


def _worded(text: str, words: Words) -> Feeling | None:
    denied = False
    for group in words.emotions:
        for found in group.pattern.finditer(text):
            if not words.denied(text, found.start()):
                return Feeling(Emotion(group.name), group.at)
            denied = denied or group.name == Emotion.HAPPY
    return Feeling(Emotion.SAD, DENIED) if denied else None


def _degree(text: str, words: Words) -> float:
    boosted = words.boosted is not None and words.boosted.search(text) is not None
    damped = words.damped is not None and words.damped.search(text) is not None
    return BOOSTED * boosted + DAMPED * damped
