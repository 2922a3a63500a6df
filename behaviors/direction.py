"""How a sentence is played: its emotion and its actions. What the agent gets as stage directions."""

from __future__ import annotations

from behaviors.emotion import feel
from behaviors.gestures import gestures
from visavis.words import Cue, Emotion

_CHEERFUL = frozenset(["thumbs_up", "heart", "fist", "spread_both", "welcome_both"])
_GRAVE = frozenset([Emotion.SORRY, Emotion.SAD, Emotion.CALM])


def direct(text: str, language: str) -> tuple[Emotion, tuple[Cue, ...]]:
    """The emotion and the actions of one sentence, each at its stressed character. Same text, same answer."""
    emotion = feel(text, language).label
    cues = gestures(text, language)
    if emotion in _GRAVE:
        cues = tuple(cue for cue in cues if cue.name not in _CHEERFUL)
    return emotion, cues
