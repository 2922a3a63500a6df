"""One stretch of voice on its way through a recogniser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import numpy as np

from visavis.engines import Asr, Transcript
from visavis.errors import EngineError
from visavis.signal import empty
from visavis.streams import closing
from visavis.vad import VAD_RATE
from visavis.words import Pcm

LONGEST = 10_000
"""Characters of a transcript; nobody says more in one utterance."""
PARTIALS = 5_000
"""Partial transcripts of an utterance."""
_REPORT = "report it to the engine's author"


class Speech:
    """The sound of one utterance, kept until it is understood so that a failed recogniser can be asked again.

    It holds no more than the longest utterance that the endpoint allows.
    """

    def __init__(self, began: float) -> None:
        self.began = self.ended = self.decided = began
        """Seconds on the session's clock: first voice, last voice, when the turn passed."""
        self.voiced_s = 0.0
        self.words = ""
        """The visitor's words so far."""
        self.own = 0
        """Samples of voice up to where the avatar's own words were heard last."""
        self.muted = False
        self.pressed = False
        """Whether a button was held for it: then it is meant for the avatar and ends when that is let go."""
        self._sound: list[Pcm] = []
        self._power, self._voiced = 0.0, 0
        self._more = asyncio.Event()
        self._over = asyncio.Event()
        self._due: float | None = None
        self._limit: asyncio.Timeout | None = None

    def add(self, pcm: Pcm) -> None:
        self._sound.append(pcm)
        self._more.set()

    def loud(self, level: float) -> None:
        """A chunk of its voice has this level."""
        self._power += level
        self._voiced += 1

    @property
    def level(self) -> float:
        """The mean level of its voice; 0 for none."""
        return self._power / self._voiced if self._voiced else 0.0

    def last(self, seconds: float) -> Pcm:
        """The newest of its sound, at the most so much."""
        wanted, pieces = round(seconds * VAD_RATE), list[Pcm]()
        for pcm in reversed(self._sound):
            pieces.insert(0, pcm)
            wanted -= len(pcm)
            if wanted <= 0:
                break
        return np.concatenate(pieces)[-round(seconds * VAD_RATE) :] if pieces else empty()

    def close(self, began: float, ended: float, voiced_s: float, decided: float, *, within_s: float) -> None:
        """There is no more sound; the transcript is due `within_s` from now."""
        self.began, self.ended, self.voiced_s, self.decided = began, ended, voiced_s, decided
        self._over.set()
        self._more.set()
        self._due = asyncio.get_running_loop().time() + within_s
        if self._limit is not None:
            self._limit.reschedule(self._due)

    async def closed(self) -> None:
        """Return once there is no more sound."""
        await self._over.wait()

    async def sound(self) -> AsyncIterator[Pcm]:
        """The sound from its beginning, as it comes, until it is closed."""
        sent = 0
        while True:
            while sent < len(self._sound):
                sent += 1
                yield self._sound[sent - 1]
            if self._over.is_set():
                return
            self._more.clear()
            await self._more.wait()

    async def transcribe(self, asr: Asr, partial: Callable[[str], None]) -> Transcript:
        """The final transcript; `partial` is told the words so far. A retryable failure is tried once more."""
        try:
            return await self._once(asr, partial)
        except EngineError as error:
            if not error.retryable:
                raise
            return await self._once(asr, partial)

    async def _once(self, asr: Asr, partial: Callable[[str], None]) -> Transcript:
        try:
            async with closing(asr.transcribe(self.sound())) as replies:
                return await self._final(replies, partial)
        except TimeoutError as error:
            raise EngineError("asr", "the transcript did not come in time", "speak again") from error
        except EngineError:
            raise
        except Exception as error:
            raise EngineError("asr", f"it broke: {error!r}", "look into the log") from error

    async def _final(self, replies: AsyncIterator[Transcript], partial: Callable[[str], None]) -> Transcript:
        told = 0
        try:
            async with asyncio.timeout_at(self._due) as self._limit:
                async for reply in replies:
                    transcript = checked(reply)
                    if transcript.final:
                        return transcript
                    told += 1
                    if told > PARTIALS:
                        raise EngineError("asr", "it gives partial transcripts without end", _REPORT)
                    partial(transcript.text)
                    await asyncio.sleep(0)  # an engine that never waits must not hold everybody up
        finally:
            self._limit = None
        raise EngineError("asr", "it ended without a final transcript", _REPORT)


def checked(found: object) -> Transcript:
    """What a recogniser gave, if it can be used: a mistake of an engine costs one utterance. Raises EngineError."""
    if not isinstance(found, Transcript) or not isinstance(found.text, str) or len(found.text) > LONGEST:
        raise EngineError("asr", "what it gave is no transcript", _REPORT)
    if isinstance(found.confidence, int | float) and 0.0 <= found.confidence <= 1.0:
        return found
    return replace(found, confidence=0.0)
