"""One exchange: from what a person said to the last sample of the answer.

A turn owns one task group; whatever it starts ends with it. It is preparing until its first slot is
played, then playing, held while the visitor may be speaking, and ended for good.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from enum import Enum

import numpy as np

from agent.filler import Filler
from runtime.events import TurnEnded
from runtime.latency import LatencyRecord
from runtime.temper import TurnTemper, style_of
from runtime.track import Track
from visavis.clock import Clock
from visavis.engines import Capabilities, Style, Tts
from visavis.errors import EngineError
from visavis.signal import first_above
from visavis.streams import closing
from visavis.words import RATE, SLOT, Frame, Reply, Sentence, SpeechChunk, TurnKind, Utterance

log = logging.getLogger(__name__)

PAUSE = RATE * 18 // 100
"""Silence between two sentences."""
READING_S = 0.06
"""A sentence that cannot be voiced stays as long as it takes to read, per character."""
AUDIBLE_DBFS = -50.0


class Hush:
    """A voice for clients that want text alone: a slot of silence for every sentence."""

    capabilities = Capabilities(word_times=False)
    version = "hush"

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        yield SpeechChunk(np.zeros(SLOT, np.int16))

    async def close(self) -> None: ...


HUSH = Hush()


class State(Enum):
    PREPARING = "preparing"
    PLAYING = "playing"
    HELD = "held"
    ENDED = "ended"


class Turn:
    """`find` gives the reply, `filler` what is said while it takes long; `on_reply` is called once `reply` is known."""

    def __init__(
        self,
        number: int,
        kind: TurnKind,
        clock: Clock,
        find: Callable[[], Awaitable[Reply | None]],
        tts: Tts,
        *,
        filler: Filler | None = None,
        temper: TurnTemper | None = None,
        on_reply: Callable[[Turn], None] = lambda turn: None,
    ) -> None:
        self.number, self.kind = number, kind
        self.utterance: Utterance | None = None
        self.state = State.PREPARING
        self.track = Track()
        self.record = LatencyRecord(clock.now())
        self.heard_all = asyncio.Event()
        self.problem: str | None = None
        self.ending: TurnEnded | None = None
        """What was told when it ended."""
        self.reply: Reply | None = None
        self._clock, self._find, self._tts, self._on_reply = clock, find, tts, on_reply
        self._filler, self.temper = filler, temper
        self._sent: deque[tuple[int, int]] = deque()
        """The line's and the turn's first sample of each slot that was handed over and is not out yet."""
        self._heard = 0

    @property
    def ended(self) -> bool:
        return self.state is State.ENDED

    async def run(self) -> None:
        """Answer and speak; returns when all of it was heard. Cancelling it ends everything it started."""
        sentences: asyncio.Queue[Sentence | None] = asyncio.Queue(4)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._answer(sentences), name=f"turn {self.number}: answer")
                group.create_task(self._speak(sentences), name=f"turn {self.number}: speak")
        finally:
            self.track.finish()
        if self.track.length:
            await self.heard_all.wait()

    async def _answer(self, sentences: asyncio.Queue[Sentence | None]) -> None:
        bridging = asyncio.create_task(self._bridge(sentences)) if self._filler is not None else None
        try:
            reply = await self._find()
        finally:
            if bridging is not None:
                bridging.cancel()
        if reply is not None:
            self.reply = reply
            self._on_reply(self)
            if self.temper is not None and self._tts is not HUSH:
                self.temper.answers(reply, self.utterance)
            async with closing(reply.sentences) as pieces:
                async for sentence in pieces:
                    self.record.mark("answer", self._clock.now())
                    await sentences.put(sentence)
        await sentences.put(None)

    async def _bridge(self, sentences: asyncio.Queue[Sentence | None]) -> None:
        """Say something when the answer is not there in time."""
        assert self._filler is not None
        await self._clock.sleep_until(self.record.t0 + self._filler.after_s)
        if (line := self._filler.line(self.number)) is not None:
            sentences.put_nowait(line)

    @property
    def bridged(self) -> bool:
        """Whether what bridges the wait has been said, and the answer is not there."""
        only = all(spoken.sentence.filler for spoken in self.track.sentences)
        return self.state is State.PLAYING and only and not self.track.ready and not self.track.finished

    async def _speak(self, sentences: asyncio.Queue[Sentence | None]) -> None:
        while (sentence := await sentences.get()) is not None:
            style = style_of(sentence.emotion, sentence.intensity)
            if self.temper is not None:
                sentence, style = self.temper.plays(sentence, (self.track.length - self.track.cursor) / RATE)
            self.track.begin(sentence, pause=PAUSE, timed=self._tts.capabilities.word_times)
            try:
                await self._voice(sentence, style)
            except EngineError as error:
                log.warning("turn %d: the voice failed, the text stands in for it: %s", self.number, error)
                self.problem = str(error)
                self.track.append(SpeechChunk(np.zeros(int(len(sentence.text) * READING_S * RATE), np.int16)))
            self.track.complete()
        self.track.finish()

    async def _voice(self, sentence: Sentence, style: Style) -> None:
        text = sentence.markup or sentence.text
        async with closing(self._tts.speak(text, style)) as chunks:
            async for chunk in chunks:
                if not sentence.filler and first_above(chunk.pcm, AUDIBLE_DBFS) is not None:
                    self.record.mark("voice", self._clock.now())
                self.track.append(chunk)
                await self.track.room()

    def drawn(self) -> None:
        """A picture of its speech is there."""
        if self.record.marked("voice"):
            self.record.mark("face", self._clock.now())

    def handed_over(self, frame: Frame) -> bool:
        """A frame of its speech went to the outlet; True when that completes the latency record."""
        if self.state is State.PREPARING:
            self.state = State.PLAYING
        self._sent.append((frame.pts, frame.offset))
        if self.record.complete or first_above(frame.pcm, AUDIBLE_DBFS) is None:
            return False
        if self.track.bridges(frame.offset):
            if self.record.filler_ms is None:
                self.record.filler_ms = round((self._clock.now() - self.record.t0) * 1000, 3)
            return False
        self.record.mark("outlet", self._clock.now())
        return True

    def heard(self, out: int) -> int:
        """Samples of it that have been heard when all of the line before `out` has come out."""
        while self._sent and self._sent[0][0] < out:
            pts, offset = self._sent[0]
            self._heard = max(self._heard, min(offset + min(SLOT, out - pts), self.track.length))
            if out < pts + SLOT:
                break
            self._sent.popleft()
        return self._heard

    def came_out(self, out: int) -> None:
        """The line has come out up to `out`: notice when that was the last of it."""
        self.heard(out)
        if self.state is State.PLAYING and self.track.over and not self._sent:
            self.heard_all.set()

    def hold(self, out: int) -> None:
        """Fall silent; what was handed over and is not out by `out` is not going to be heard."""
        self.heard(out)
        self._sent.clear()
        self.state = State.HELD

    def resume(self, heard: int) -> int:
        """Go on after `heard` samples were heard; return from which."""
        self.state = State.PLAYING
        return self.track.word_start(heard)
