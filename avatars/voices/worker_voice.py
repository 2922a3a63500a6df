"""A voice whose model lives in a worker process and gives sound alone."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import ClassVar, Self

from avatars.voices.align import Aligner
from visavis.engines import Capabilities, Context, Message, Pool, Style
from visavis.errors import EngineError, OptionError
from visavis.signal import from_bytes
from visavis.words import Pcm, SpeechChunk

SLOWEST, FASTEST = 0.25, 4.0


class WorkerVoice:
    """What `open` of an engine makes. Its service takes {rate}, then {text}; it answers with {pcm: bytes at 24 kHz}.

    A model that `streams` is passed on as it comes; another is asked clause by clause first.
    """

    name: ClassVar[str]
    service: ClassVar[str]
    streams: ClassVar[bool] = False
    follows: ClassVar[frozenset[str]] = frozenset({"rate"})

    def __init__(self, pool: Pool, aligner: Aligner, facts: Message, version: str) -> None:
        self._pool, self._aligner = pool, aligner
        self.capabilities = Capabilities(
            tuple(facts["languages"]),
            streams=True,
            word_times=True,
            sample_rate=int(facts["hz"]),
            controls=self.follows,
        )
        self.version = f"{self.name} {facts['version']} {version}, {aligner.version}"

    @classmethod
    async def started(cls, context: Context, options: Message, files: list[Path], *, workers: int = 1) -> Self:
        """The voice with its model loaded. Raises OptionError for `model` where it cannot be loaded."""
        try:
            pool = await context.launcher.pool(cls.service, workers=workers, options=options)
        except EngineError as error:
            problem = f"it cannot be loaded: {error.problem}"
            raise OptionError("model", problem, "give the files of another voice") from error
        try:
            stream = await pool.open({"rate": 1.0})
            facts = stream.hello
            stream.cancel()
            return cls(pool, await Aligner.open(context, cls.name), facts, fingerprint(options, files))
        except BaseException:
            await pool.close()
            raise

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        rate = min(FASTEST, max(SLOWEST, style.rate)) if "rate" in self.follows else 1.0
        speech = self._aligner.speak(text, lambda piece: self._sound(piece, rate), live=self.streams, rate=rate)
        async with aclosing(speech) as chunks:
            async for chunk in chunks:
                yield chunk

    async def close(self) -> None:
        await self._pool.close()
        await self._aligner.close()

    async def _sound(self, text: str, rate: float) -> AsyncIterator[Pcm]:
        stream = await self._pool.open({"rate": rate})
        try:
            await stream.append({"text": text})
            await stream.end()
            async for reply in stream:
                yield from_bytes(reply["pcm"])
        finally:
            stream.cancel()


def fingerprint(options: Message, files: list[Path]) -> str:
    """Eight digits that change with the options, or with the size or the time of a file."""
    parts = [repr(sorted(options.items()))]
    for path in files:
        facts = path.stat()
        parts.append(f"{path.name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
