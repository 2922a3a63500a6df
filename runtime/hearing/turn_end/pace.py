"""`pace`: a visitor who pauses long while speaking, or was cut off before, is given longer."""

from __future__ import annotations

from dataclasses import dataclass, field

from runtime.hearing.turn_end.opinion import Opinion, Silence

_SLOWEST = 0.75
"""Each turn the longest pauses that were learned fade to this share."""
_ROOM = 1.3
"""How much longer than the pauses so far the next one may be."""
_AGAIN = 1.0
"""An utterance that begins within so many seconds of a turn's end goes on with what was cut off."""


@dataclass(slots=True)
class Pace:
    """What one visitor's pauses tell, in seconds. It changes only by what it is told."""

    step_s: float = 0.3
    most_s: float = 1.5
    pause_s: float = 0.0
    """The longest pause inside an utterance of late."""
    patience_s: float = 0.0
    """Added for turns that were cut off."""
    _longest_s: float = field(default=0.0)

    def paused(self, seconds: float) -> None:
        """The visitor fell silent for so long inside an utterance, and went on."""
        self._longest_s = max(self._longest_s, seconds)

    def ended(self) -> None:
        """An utterance was understood that was the beginning of nothing."""
        self.pause_s = max(self._longest_s, self.pause_s * _SLOWEST)
        self.patience_s = self.patience_s * _SLOWEST if self.patience_s > self.step_s / 4 else 0.0
        self._longest_s = 0.0

    def cut_off(self, silence_s: float) -> None:
        """An utterance went on after its turn had passed; it had been silent for `silence_s`."""
        self.pause_s = max(self.pause_s, silence_s)
        self.patience_s = min(self.most_s, self.patience_s + self.step_s)

    def forget(self) -> None:
        """Another visitor speaks from now on."""
        self.pause_s = self.patience_s = self._longest_s = 0.0


@dataclass(frozen=True, slots=True)
class PaceEnd:
    """Holds every turn for `quickest_s` and the patience that cut-offs taught; one whose words are no known
    question also for somewhat longer than the visitor's own pauses."""

    pace: Pace
    quickest_s: float
    score: float

    def opinion(self, silence: Silence) -> Opinion | None:
        pace = self.pace
        if pace.patience_s and silence.silence_s < min(pace.most_s, self.quickest_s + pace.patience_s):
            return "hold"
        if silence.known or silence.match >= self.score:
            return None
        return "hold" if silence.silence_s < min(pace.most_s, pace.pause_s * _ROOM) else None


def goes_on(ended_s: float, began_s: float) -> bool:
    """Whether an utterance that began then may continue one whose turn had passed at `ended_s`."""
    return began_s - ended_s <= _AGAIN
