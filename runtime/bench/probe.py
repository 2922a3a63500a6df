"""A paced outlet that keeps no frame, only what a bench wants to know of them."""

from __future__ import annotations

import asyncio

from runtime.events import Event, LatencyKnown, ReplyFound, TurnEnded, UtteranceHeard
from runtime.turn import AUDIBLE_DBFS
from visavis.clock import Clock
from visavis.signal import first_above
from visavis.words import Frame


class Probe:
    """Implements `Outlet`."""

    paced = True

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.first_at: float | None = None
        """When the first audible slot with its picture was handed over, since `reset`."""
        self.last_speech_at = 0.0
        self.latency: LatencyKnown | None = None
        self.reply: ReplyFound | None = None
        self.heard: list[UtteranceHeard] = []
        self.first = asyncio.Event()
        self.ended = asyncio.Event()

    def reset(self) -> None:
        self.first_at, self.latency, self.reply = None, None, None
        self.heard.clear()
        self.first.clear()
        self.ended.clear()

    def send(self, frame: Frame) -> bool:
        if frame.turn:
            self.last_speech_at = self._clock.now()
            if self.first_at is None and first_above(frame.pcm, AUDIBLE_DBFS) is not None:
                self.first_at = self._clock.now()
        return True

    def tell(self, event: Event) -> None:
        match event:
            case LatencyKnown():
                self.latency = event
                self.first.set()
            case ReplyFound():
                self.reply = event
            case UtteranceHeard():
                self.heard.append(event)
            case TurnEnded():
                self.ended.set()

    async def drain(self) -> None:
        return

    def clear(self, turn: int, fade_ms: int) -> None: ...

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...
