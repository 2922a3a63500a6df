"""A recogniser whose work is done by a service in a worker process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from visavis.engines import Capabilities, HeardWord, Message, Pool, Stream, Transcript
from visavis.errors import EngineError
from visavis.words import Pcm


class RemoteAsr:
    """Sends `{"pcm": bytes}`, one stream an utterance; gets `{"text", "final"}` and so on back."""

    name = "asr"
    capabilities: Capabilities

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        """See `visavis.engines.Asr`."""
        stream = await self._pool.open({})
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

    async def close(self) -> None:
        await self._pool.close()


async def _feed(stream: Stream, audio: AsyncIterator[Pcm]) -> None:
    async for pcm in audio:
        await stream.append({"pcm": pcm.astype("<i2", copy=False).tobytes()})
    await stream.end()


def _transcript(message: Message) -> Transcript:
    others = tuple((text, score) for text, score in message.get("alternatives", ()))
    words = tuple(HeardWord(text, start, end) for text, start, end in message.get("words", ()))
    return Transcript(message["text"], message["final"], message.get("confidence", 1.0), others, words)
