"""How a sentence is played: its emotion and its actions. What the agent gets as stage directions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from behaviors.emotion import Feeling, feel
from behaviors.gestures import gestures
from behaviors.tact import Tact, tact
from visavis.words import Cue, Emotion

CHEERFUL = frozenset(["thumbs_up", "heart", "fist", "spread_both", "welcome_both", "ok", "emphasis_both"])
"""Actions that regret and grief do not go with."""
REASSURING = frozenset(["ok", "emphasis_both"])
"""Of these, what calm goes with: all is well, and how much so."""
GRAVE = frozenset([Emotion.SORRY, Emotion.SAD, Emotion.CALM])


def direct(text: str, language: str) -> tuple[Emotion, tuple[Cue, ...]]:
    """The emotion and the actions of one sentence, each at its stressed character. Same text, same answer."""
    return directed(text, _tact(language))


def directed(text: str, manners: Tact) -> tuple[Emotion, tuple[Cue, ...]]:
    """The same by a deployment's own tact, as far as the text alone decides."""
    emotion = natural(text, manners).label
    return emotion, fitting(gestures(text, manners.language), emotion)


def natural(text: str, manners: Tact) -> Feeling:
    """What a sentence is played with, whoever hears it."""
    return manners.proper(feel(text, manners.language), text)


def fitting(cues: Sequence[Cue], emotion: Emotion) -> tuple[Cue, ...]:
    """The actions without the cheerful ones where the emotion is grave."""
    unfit = CHEERFUL - REASSURING if emotion is Emotion.CALM else CHEERFUL
    return tuple(cue for cue in cues if emotion not in GRAVE or cue.name not in unfit)


@cache
def _tact(language: str) -> Tact:
    return tact(language)
