"""A session's hearing as its client drives it: ears that are made when the first sound comes, at its rate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from runtime.hearing.ears import Mode
from runtime.hearing.heard import Broken, Failed, Heard, Mended, Noise, Sound, VoiceBegan, VoiceEnded
from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.words import Pcm

log = logging.getLogger(__name__)

REST_S = 5.0
"""After ears have broken, sound is not listened to for so long."""


class Ears(Protocol):
    """What is used of `runtime.hearing.ears.Ears`."""

    def push(self, pcm: Pcm, arrived: float) -> None: ...
    def press(self) -> None: ...
    def release(self) -> None: ...
    def switch(self, mode: Mode) -> None: ...
    def saying(self, text: str | None) -> None: ...
    def playing(self, pcm: Pcm, rate: int, at: float) -> None: ...
    async def run(self) -> None: ...


Make = Callable[[Callable[[Sound], None], int, Mode], Ears]
"""Makes ears that tell a callable what they hear, for sound of a rate in Hz, in a mode."""


class Listening:
    """`tell` is called with each `Sound` while `run` runs. Everything else returns at once."""

    def __init__(self, make: Make, tell: Callable[[Sound], None], clock: Clock) -> None:
        self._make, self._tell, self._clock = make, tell, clock
        self._ears: Ears | None = None
        self._rate = 0
        self._mode: Mode = "hands_free"
        self._holding = False
        self._pushed = 0
        self._committed = 0
        self._generation = 0
        self._voice = False
        """Whether a stretch of voice has been told of that has not ended."""
        self._saying: str | None = None
        self._rests_until = 0.0
        self._changed = asyncio.Event()

    @property
    def transcribing(self) -> bool:
        """Whether something was said whose words are not known yet."""
        return self._committed > 0

    def push(self, pcm: Pcm, rate: int) -> None:
        """Take sound at `rate` Hz; another rate than before starts hearing afresh."""
        if self._clock.now() < self._rests_until:
            return
        if self._ears is None or rate != self._rate:
            self._begin(rate)
        assert self._ears is not None
        self._pushed += len(pcm)
        self._ears.push(pcm, self._clock.now())

    def _begin(self, rate: int) -> None:
        self._cut()
        self._rate = rate
        self._generation += 1
        self._ears = self._make(partial(self._told, self._generation), rate, self._mode)
        self._changed.set()
        self._ears.saying(self._saying)
        if self._holding:
            self._ears.press()

    def _cut(self) -> None:
        """Nothing more comes of what was being heard."""
        now = self._clock.now()
        if self._voice:
            self._voice = False
            self._tell(VoiceEnded(now, 0.0))
            self._tell(Noise(now, now, 0.0, "muted"))
        elif self._committed:
            self._tell(Noise(now, now, 0.0, "muted"))
        self._committed = 0

    def press(self) -> None:
        """What comes from now on is one utterance, until `release`."""
        if self._holding:
            return
        self._holding, self._pushed = True, 0
        if self._ears is not None:
            self._ears.press()

    def release(self) -> bool:
        """The utterance is over; False when there was no sound in it."""
        held, self._holding = self._holding, False
        if self._ears is None or not self._pushed:
            return False
        if not held:
            self._ears.press()
        self._pushed = 0
        self._committed += 1
        self._ears.release()
        return True

    def forget(self) -> None:
        """Drop what was pushed and not yet understood."""
        self._holding, self._pushed, self._committed = False, 0, 0
        if self._ears is not None:
            self._ears.switch("muted")
            self._ears.switch(self._mode)

    def hands_free(self, free: bool) -> None:
        """Listen all the time, or only between `press` and `release`."""
        self._mode = "hands_free" if free else "hold"
        if self._ears is not None:
            self._ears.switch(self._mode)

    def saying(self, text: str | None) -> None:
        """What the avatar is voicing; its echo is not the visitor."""
        if text == self._saying:
            return
        self._saying = text
        if self._ears is not None:
            self._ears.saying(text)

    def playing(self, pcm: Pcm, rate: int, at: float) -> None:
        """The avatar's sound, and when it comes out."""
        if self._ears is not None:
            self._ears.playing(pcm, rate, at)

    def _told(self, generation: int, sound: Sound) -> None:
        if generation != self._generation:
            return
        if isinstance(sound, VoiceBegan | VoiceEnded):
            self._voice = isinstance(sound, VoiceBegan)
        elif isinstance(sound, Heard | Noise | Failed):
            self._committed = max(0, self._committed - 1)
        self._tell(sound)

    async def run(self) -> None:
        """Hear until cancelled; ears that break are told of, and are made again for later sound."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._ears is None:
                continue
            try:
                await self._hear(self._ears)
            except Exception:
                log.exception("the ears broke")
                self._ears, self._rests_until = None, self._clock.now() + REST_S
                self._cut()
                self._tell(Broken(EngineError("hearing", "it broke unexpectedly", "touch or type", retryable=True)))
                await self._clock.sleep_until(self._rests_until)
                self._tell(Mended())

    async def _hear(self, ears: Ears) -> None:
        """Return when other ears have taken over. Raises what breaks these."""
        hearing = asyncio.ensure_future(ears.run())
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({hearing, changed}, return_when=asyncio.FIRST_COMPLETED)
            if hearing.done():
                hearing.result()
        finally:
            for task in (hearing, changed):
                task.cancel()
            await asyncio.gather(hearing, changed, return_exceptions=True)
