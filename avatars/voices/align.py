"""Words and mouth shapes for a voice that gives sound alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Self

import numpy as np

from avatars.voices.espeak import MODULES as ESPEAK_MODULES
from avatars.voices.espeak import chunk_of, front_manner
from avatars.voices.plain import Piece, pieces, plain
from visavis.engines import Context, Message, Pool, Stream
from visavis.errors import EngineError
from visavis.recipe import recipe
from visavis.signal import to_bytes
from visavis.streams import closing
from visavis.words import RATE, Pcm, SpeechChunk

SERVICE = "avatars.voices.align_service:AlignService"
MODULES = ("align", "align_path", "align_service", "align_sound", "align_speech", "front_end", *ESPEAK_MODULES)
OPENING = 60
"""Characters of what a voice is given first that answers with whole pieces only."""
SLICE = 2 * RATE
"""Samples that cross to the worker at once."""

Sound = Callable[[str], AsyncIterator[Pcm]]
"""Speaks a text: PCM at 24 kHz, in chunks of any size. Closing it stops the work. Raises EngineError."""


class Aligner:
    """Gives a voice's sound its words and mouth shapes; phonemes come from espeak-ng, in a worker process."""

    def __init__(self, pool: Pool, language: str, voice: str) -> None:
        self._pool, self._language, self._voice = pool, language, voice
        self.version = f"times {recipe(Path(__file__).parent, MODULES)}"

    @classmethod
    async def open(cls, context: Context, voice: str) -> Self:
        """For the context's language; `voice` names the voice in errors. Raises EngineError."""
        return cls(await context.launcher.pool(SERVICE, workers=1), context.language, voice)

    async def speak(
        self, text: str, sound: Sound, *, live: bool, rate: float = 1.0
    ) -> AsyncGenerator[SpeechChunk, None]:
        """The speech of `text`, each piece of which `sound` speaks at `rate`, a factor of its usual one.

        What is `live` is passed on as it comes. Raises EngineError, also for sound that is no speech of the text.
        """
        safe, base = plain(text), 0
        manner = front_manner(self._language, rate)
        for piece in _cut(safe.text, live=live):
            opening = {"text": piece.text, "at": piece.at, "manner": manner, "voice": self._voice, "live": live}
            length = 0
            async with aclosing(self._timed(opening, sound)) as replies:
                async for reply in replies:
                    chunk = chunk_of(reply, safe, text, base)
                    length += len(chunk.pcm)
                    yield chunk
            base += length
            pause = np.zeros(RATE * piece.pause_ms // 1000, np.int16)
            if len(pause):
                base += len(pause)
                yield SpeechChunk(pause)

    async def close(self) -> None:
        await self._pool.close()

    async def _timed(self, opening: Message, sound: Sound) -> AsyncGenerator[Message, None]:
        """The worker's chunks of one piece; its reference is made while the voice begins."""
        making = asyncio.ensure_future(self._pool.open(opening))
        try:
            replies: AsyncIterator[Message] | None = None
            async with closing(sound(opening["text"])) as chunks:
                async for pcm in chunks:
                    for part in _slices(pcm):
                        stream = await making
                        replies = replies or self._checked(stream)
                        await stream.append({"pcm": to_bytes(part)})
                        async for reply in _until_done(replies):
                            yield reply
            stream = await making
            await stream.end()
            async for reply in replies or self._checked(stream):
                yield reply
        finally:
            making.add_done_callback(_forget)
            making.cancel()

    async def _checked(self, stream: Stream) -> AsyncGenerator[Message, None]:
        problem = stream.hello.get("error")
        if problem:
            raise EngineError(
                self._voice, f"no times can be given: {problem}", f"use another language than {self._language}"
            )
        async for reply in stream:
            if "problem" in reply:
                raise EngineError(self._voice, str(reply["problem"]), "try the voice by itself: visavis voice say")
            yield reply


async def _until_done(replies: AsyncIterator[Message]) -> AsyncGenerator[Message, None]:
    while "done" not in (reply := await anext(replies)):
        yield reply


def _forget(making: asyncio.Future[Stream]) -> None:
    if not making.cancelled() and making.exception() is None:
        making.result().cancel()


def _slices(pcm: Pcm) -> Iterator[Pcm]:
    for begin in range(0, len(pcm), SLICE):
        yield pcm[begin : begin + SLICE]


def _cut(text: str, *, live: bool) -> list[Piece]:
    """What a voice is given one by one; one that is not live begins with a clause, so that it is heard soon."""
    whole = pieces(text)
    if live or not whole or len(whole[0].text) <= OPENING:
        return whole
    first = whole[0]
    opening = pieces(first.text, OPENING)[0]
    if not opening.pause_ms:
        return whole
    end = opening.at + len(opening.text)
    rest = Piece(first.text[end:], first.at + end, first.pause_ms)
    return [Piece(opening.text, first.at + opening.at, opening.pause_ms), rest, *whole[1:]]
