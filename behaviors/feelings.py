"""What the avatar feels over time: which feelings it takes up, how they come and go.

Both parts are functions of the clock's time and of what happened, never of how often they are asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from behaviors.direction import GRAVE
from behaviors.emotion import Feeling
from visavis.words import Emotion

ATTACK_S = 0.3
"""In that time a feeling has come to nine tenths."""
DECAY_S = 2.0
"""In that time it has gone down to a tenth."""
FAINT = 0.06
"""Below it nothing is seen: the face is neutral."""
STEADY_S = 24.0
"""The time constant with which the resistance to another feeling wanes."""
_TENTH = math.log(10)


@dataclass(frozen=True, slots=True)
class Course:
    """What is felt `since` when, and until when something nourishes it; seconds on one clock."""

    label: Emotion = Emotion.NEUTRAL
    since: float = -math.inf
    until: float = -math.inf

    def at(self, now: float) -> Course:
        """The same, with the feeling gone if it has had the time."""
        gone = self.until + 1.25 * DECAY_S
        return Course(since=gone) if self.label is not Emotion.NEUTRAL and now >= gone else self

    def takes(self, wanted: Feeling, now: float, *, ordered: bool = False) -> Feeling:
        """What is felt when `wanted` comes: another feeling must be the stronger, the shorter ago the last change was.

        Grave ones meet half the resistance, `ordered` ones none. What does not come through leaves the face at rest.
        """
        here = self.at(now)
        if ordered or wanted.label in (here.label, Emotion.NEUTRAL):
            return wanted
        resistance = math.exp(-max(0.0, now - here.since) / STEADY_S) * (0.5 if wanted.label in GRAVE else 1.0)
        return wanted if wanted.intensity >= resistance else Feeling()

    def then(self, felt: Feeling, now: float, until: float) -> Course:
        """The course after `felt` began at `now`."""
        here = self.at(now)
        if felt.label is Emotion.NEUTRAL:
            return here
        return Course(felt.label, here.since if felt.label is here.label else now, until)


class Envelope:
    """How strongly the feeling is seen: it comes fast and goes slowly. Another one begins from nothing."""

    def __init__(self) -> None:
        self._label, self._level, self._now = Emotion.NEUTRAL, 0.0, 0.0
        self._since, self._nourished = -math.inf, -math.inf

    def at(self, now: float, wanted: Feeling) -> Feeling:
        """What is seen at `now`, in seconds that never step back, when `wanted` was felt since the last call."""
        passed, self._now = max(0.0, now - self._now), max(now, self._now)
        label, target = wanted.label, wanted.intensity
        if label is Emotion.NEUTRAL:
            label, target = self._label, 0.0
        if label is not self._label:
            self._turn(label, now)
        span = ATTACK_S if target > self._level else DECAY_S
        self._level = target + (self._level - target) * math.exp(-_TENTH * passed / span)
        if target:
            self._nourished = now
        elif self._level < FAINT and self._label is not Emotion.NEUTRAL:
            self._turn(Emotion.NEUTRAL, now)
        return self.seen

    def _turn(self, label: Emotion, now: float) -> None:
        self._label, self._level, self._since = label, 0.0, now

    @property
    def seen(self) -> Feeling:
        return Feeling(self._label, self._level)

    @property
    def course(self) -> Course:
        """As sentences see it that are yet to come."""
        return Course(self._label, self._since, self._nourished)
