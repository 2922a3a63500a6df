"""What the tests of turns share: an outlet that records, and speech made of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from runtime.events import Event
from visavis.clock import Clock
from visavis.words import SLOT, Frame, SpeechChunk, TimedViseme, TimedWord, Viseme


@dataclass
class Recorder:
    """An outlet that notes what reaches it and when; `heard` answers `played`."""

    clock: Clock
    paced: bool = True
    frames: list[tuple[float, Frame]] = field(default_factory=list)
    events: list[tuple[float, Event]] = field(default_factory=list)
    cleared: list[tuple[float, int]] = field(default_factory=list)
    heard: dict[int, int] = field(default_factory=dict)
    takes: bool = True

    def send(self, frame: Frame) -> bool:
        self.frames.append((self.clock.now(), frame))
        return self.takes

    def tell(self, event: Event) -> None:
        self.events.append((self.clock.now(), event))

    async def drain(self) -> None:
        return

    def clear(self, turn: int, fade_ms: int) -> None:
        self.cleared.append((self.clock.now(), turn))

    def played(self, turn: int) -> int | None:
        return self.heard.get(turn)

    async def close(self) -> None:
        return

    def speech(self, turn: int) -> list[tuple[float, Frame]]:
        """The frames of a turn with the time each was handed over."""
        return [(at, frame) for at, frame in self.frames if frame.turn == turn]

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for _, event in self.events if isinstance(event, kind)]

    def when(self, kind: type[Any]) -> list[float]:
        return [at for at, event in self.events if isinstance(event, kind)]


def chunk(slots: int, *, first: int = 0, word: str = "word", level: int = 8_000) -> SpeechChunk:
    """`slots` slots of loud sound, a word of five slots each, the first at slot `first` of its sentence."""
    words = tuple(
        TimedWord((first + n) * SLOT, (first + n + 5) * SLOT, word, (first + n) // 5 * (len(word) + 1))
        for n in range(0, slots, 5)
    )
    visemes = tuple(TimedViseme((first + n) * SLOT, Viseme.AA) for n in range(0, slots, 5))
    return SpeechChunk(np.full(slots * SLOT, level, np.int16), visemes, words)
