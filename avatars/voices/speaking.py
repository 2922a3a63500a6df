"""Several voices as one: when the first fails, the next takes over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import numpy as np

from visavis.clock import Clock, LoopClock
from visavis.engines import Capabilities, Style, Tts
from visavis.errors import EngineError
from visavis.streams import closing
from visavis.words import RATE, SpeechChunk, TimedWord

FIRST_S = 2.0
BETWEEN_S = 2.0
REST_S = 30.0
NOTHING = RATE // 20
"""Less sound than this is no part of a word, so the next voice begins the text anew."""


@dataclass(slots=True)
class _Voice:
    tts: Tts
    name: str
    first_s: float
    between_s: float
    rests_until: float = float("-inf")


class Speaking:
    """A `Tts` that tries `voices` in order.

    A voice is abandoned when it raises EngineError, or is silent for `first_s` before its first chunk or for
    `between_s` later; `limits` are these two for each voice by itself. It then comes last for `rest_s`. After sound the
    next voice goes on from the word that was not finished, if word times are known. Raises EngineError when no voice
    is left.
    """

    def __init__(
        self,
        voices: Sequence[Tts],
        *,
        clock: Clock | None = None,
        first_s: float = FIRST_S,
        between_s: float = BETWEEN_S,
        rest_s: float = REST_S,
        limits: Sequence[tuple[float, float]] = (),
    ) -> None:
        if not voices:
            raise ValueError("Speaking needs at least one voice")
        each = limits or [(first_s, between_s)] * len(voices)
        named = [getattr(tts, "name", type(tts).__name__) for tts in voices]
        self._voices = [_Voice(tts, name, *times) for tts, name, times in zip(voices, named, each, strict=True)]
        self._clock = clock or LoopClock()
        self._rest_s = rest_s
        self.capabilities: Capabilities = voices[0].capabilities

    @property
    def version(self) -> str:
        """All of theirs: one may change while it is open, as a voice that is taken back."""
        return " | ".join(voice.tts.version for voice in self._voices)

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        """Stream one sentence with the first voice that can."""
        told = _Told(text)
        failures: list[str] = []
        for voice in self._in_order():
            told.next_voice()
            try:
                async with aclosing(self._listen(voice, told.remainder, told.style(style))) as chunks:
                    bridge = told.bridge()
                    async for chunk in chunks:
                        if bridge is not None:
                            yield bridge
                            bridge = None
                        yield told.shifted(chunk)
                return
            except EngineError as error:
                voice.rests_until = self._clock.now() + self._rest_s
                failures.append(str(error))
                if not told.may_go_on:
                    break
        raise EngineError("voice", f"every voice failed: {'; '.join(failures)}", retryable=True)

    async def close(self) -> None:
        for voice in self._voices:
            await voice.tts.close()

    def _in_order(self) -> list[_Voice]:
        now = self._clock.now()
        return sorted(self._voices, key=lambda voice: voice.rests_until > now)

    async def _listen(self, voice: _Voice, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        """The voice's chunks; EngineError when the next one takes too long."""
        heard: asyncio.Queue[SpeechChunk | EngineError | None] = asyncio.Queue(1)
        work = asyncio.create_task(_run(voice.tts, text, style, heard))
        limit_s = voice.first_s
        try:
            while True:
                item = await self._within(limit_s, heard)
                if item is _LATE:
                    problem = f"nothing was heard for {limit_s:g} s"
                    raise EngineError(voice.name, problem, retryable=True)
                if isinstance(item, EngineError):
                    raise item
                if not isinstance(item, SpeechChunk):
                    return
                yield item
                limit_s = voice.between_s
        finally:
            work.cancel()
            await asyncio.wait([work])

    async def _within(self, limit_s: float, heard: asyncio.Queue[SpeechChunk | EngineError | None]) -> object:
        """The next item, or `_LATE`."""
        if not heard.empty():
            return heard.get_nowait()
        item = asyncio.ensure_future(heard.get())
        late = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + limit_s))
        try:
            await asyncio.wait((item, late), return_when=asyncio.FIRST_COMPLETED)
            return item.result() if item.done() else _LATE
        finally:
            item.cancel()
            late.cancel()


_LATE = object()


async def _run(tts: Tts, text: str, style: Style, heard: asyncio.Queue[SpeechChunk | EngineError | None]) -> None:
    """Speak into the queue; any other failure of an engine counts as an EngineError."""
    try:
        async with closing(tts.speak(text, style)) as chunks:
            async for chunk in chunks:
                await heard.put(chunk)
        await heard.put(None)
    except EngineError as error:
        await heard.put(error)
    except Exception as error:
        await heard.put(EngineError(type(tts).__name__, f"it broke: {error!r}"))


class _Told:
    """What has been said of the text, over all voices that took part."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._base = 0
        self._sent = 0
        self._last_viseme = -1
        self._words_known = False
        self._words: list[TimedWord] = []

    @property
    def remainder(self) -> str:
        return self._text[self._at :]

    def style(self, style: Style) -> Style:
        """The style for what is left of the text."""
        kept = (each for each in style.sounds if each.start >= self._at)
        moved = (replace(each, start=each.start - self._at, end=each.end - self._at) for each in kept)
        return replace(style, sounds=tuple(moved)) if style.sounds else style

    @property
    def may_go_on(self) -> bool:
        """Whether another voice can take over: nothing that counts was heard, or it is known up to which word."""
        return self._sent < NOTHING or self._words_known

    def shifted(self, chunk: SpeechChunk) -> SpeechChunk:
        """The chunk of the voice that speaks now, in the times and places of the whole."""
        visemes = tuple(replace(v, start=v.start + self._base) for v in chunk.visemes)
        words = tuple(
            replace(w, start=w.start + self._base, end=w.end + self._base, at=w.at + self._at) for w in chunk.words
        )
        self._sent += len(chunk.pcm)
        self._last_viseme = max([self._last_viseme, *(v.start for v in visemes)])
        self._words_known = self._words_known or bool(words)
        self._words += words
        return SpeechChunk(chunk.pcm, visemes, words)

    def next_voice(self) -> None:
        """Whoever speaks next begins with the word that was not finished."""
        cut = next((word.at for word in self._words if word.end > self._sent), None)
        if cut is None and self._words:
            cut = self._words[-1].at + len(self._words[-1].text)
        self._at = self._at if cut is None else cut
        self._at = len(self._text) - len(self._text[self._at :].lstrip())
        self._words.clear()
        self._base = max(self._sent, self._last_viseme + 1)

    def bridge(self) -> SpeechChunk | None:
        """Silence up to where the next voice begins, so that no time is given twice."""
        if self._base == self._sent:
            return None
        gap = np.zeros(self._base - self._sent, np.int16)
        self._sent = self._base
        return SpeechChunk(gap)
