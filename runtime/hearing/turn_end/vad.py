"""`vad`: the turn passes after plain silence."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.hearing.turn_end.opinion import Opinion, Silence


@dataclass(frozen=True, slots=True)
class SilenceEnd:
    silence_s: float

    def opinion(self, silence: Silence) -> Opinion | None:
        return "pass" if silence.silence_s >= self.silence_s else None
