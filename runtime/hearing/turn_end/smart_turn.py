"""`smart-turn`: how the voice itself sounds where it stopped, judged once a pause by an acoustic model."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.hearing.turn_end.opinion import Opinion, Silence


@dataclass(frozen=True, slots=True)
class VerdictEnd:
    """Judged finished (`sure` or more), the turn passes after `silence_s`; judged unfinished (`1 - sure` or less),
    it is held for `held_s`. What lies between says nothing, and a verdict that is not there is not waited for."""

    sure: float
    silence_s: float
    held_s: float

    def opinion(self, silence: Silence) -> Opinion | None:
        if silence.verdict is None:
            return None
        if silence.verdict >= self.sure:
            return "pass" if silence.silence_s >= self.silence_s else None
        return "hold" if silence.verdict <= 1 - self.sure and silence.silence_s < self.held_s else None
