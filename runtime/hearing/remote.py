"""A recogniser whose work is done by a service in a worker process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from visavis.engines import Capabilities, HeardWord, Message, Pool, Stream, Transcript
from visavis.errors import EngineError
from visavis.words import Pcm

Reopen = Callable[[Sequence[str]], Awaitable[Pool]]
"""Starts the service anew, for other phrases of the knowledge base."""


class RemoteAsr:
    """Sends `{"pcm": bytes}`, one stream an utterance; gets `{"text", "final"}` and so on back.

    With `reopen` it can `learn`.
    """

    name = "asr"
    capabilities: Capabilities

    def __init__(self, pool: Pool, reopen: Reopen | None = None) -> None:
        self._workers = _Workers(pool)
        self._reopen, self._learning = reopen, asyncio.Lock()
        self._closed = False

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        """See `visavis.engines.Asr`."""
        workers = self._workers
        workers.enter()
        try:
            stream = await workers.pool.open({})
            feeding = asyncio.create_task(_feed(stream, audio))
            try:
                async for message in stream:
                    yield _transcript(message)
                    if message["final"]:
                        return
                await feeding
                raise EngineError(self.name, "it ended without a transcript", "speak again", retryable=True)
            finally:
                stream.cancel()
                feeding.cancel()
                await asyncio.gather(feeding, return_exceptions=True)
        finally:
            workers.leave()

    async def learn(self, phrases: Sequence[str]) -> None:
        """Hear by other phrases from the next utterance on; those that are being heard end as they began.

        Raises EngineError when workers for them cannot be started; the ones before stay.
        """
        if self._reopen is None:
            return
        async with self._learning:
            fresh = _Workers(await self._reopen(phrases))
            if self._closed:
                await fresh.pool.close()
                return
            before, self._workers = self._workers, fresh
            try:
                await before.left()
            finally:
                await before.pool.close()

    async def close(self) -> None:
        self._closed = True
        await self._workers.pool.close()


class _Workers:
    """A pool, and how many utterances it is hearing."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._heard = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def enter(self) -> None:
        self._heard += 1
        self._idle.clear()

    def leave(self) -> None:
        self._heard -= 1
        if not self._heard:
            self._idle.set()

    async def left(self) -> None:
        """Return when nothing is being heard."""
        await self._idle.wait()


async def _feed(stream: Stream, audio: AsyncIterator[Pcm]) -> None:
    async for pcm in audio:
        await stream.append({"pcm": pcm.astype("<i2", copy=False).tobytes()})
    await stream.end()


def _transcript(message: Message) -> Transcript:
    others = tuple((text, score) for text, score in message.get("alternatives", ()))
    words = tuple(HeardWord(text, start, end) for text, start, end in message.get("words", ()))
    return Transcript(message["text"], message["final"], message.get("confidence", 1.0), others, words)
