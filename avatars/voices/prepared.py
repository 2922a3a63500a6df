"""Fixed answers are synthesised once and spoken from memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path

from avatars.voices.shelf import FORMAT, Shelf
from visavis.engines import Style, Tts
from visavis.streams import closing
from visavis.words import SpeechChunk

MEMORY_BYTES = 64 * 2**20


class Prepared:
    """A voice that remembers what it was told to prepare; it is itself a `Tts`.

    What is kept is found again only under the same avatar, voice, text, style and version of the engine,
    so that any change of them is a change of what is kept. `max_gb` bounds the folder, not the memory.
    """

    def __init__(self, tts: Tts, avatar: str, voice: str, cache_dir: Path, max_gb: float = 2.0) -> None:
        self.capabilities = tts.capabilities
        self._tts, self._avatar, self._voice = tts, avatar, voice
        self._shelf = Shelf(cache_dir / "speech", int(max_gb * 2**30))
        self._memory: OrderedDict[str, tuple[SpeechChunk, ...]] = OrderedDict()
        self._memory_bytes = 0
        self._one_at_a_time = asyncio.Lock()

    @property
    def version(self) -> str:
        """The engine's: it may change while the voice is open, with what its lexicon says."""
        return self._tts.version

    async def prepare(self, text: str, style: Style) -> None:
        """Have `text` ready, synthesising it if need be. Raises EngineError."""
        async with self._one_at_a_time:
            if self._find(text, style) is None:
                async for _ in self.speak(text, style, remember=True):
                    pass

    def has(self, text: str, style: Style) -> bool:
        """Whether `text` would be spoken without the engine."""
        name = self._name(text, style)
        return name in self._memory or self._shelf.has(name)

    async def speak(self, text: str, style: Style, *, remember: bool = False) -> AsyncGenerator[SpeechChunk, None]:
        """Stream one sentence, from memory when it is there; `remember` keeps one that was streamed to its end."""
        kept = self._find(text, style)
        if kept is not None:
            for chunk in kept:
                yield chunk
            return
        heard: list[SpeechChunk] = []
        async with closing(self._tts.speak(text, style)) as chunks:
            async for chunk in chunks:
                if remember:
                    heard.append(chunk)
                yield chunk
        if remember:
            name = self._name(text, style)
            self._shelf.put(name, heard)
            self._hold(name, tuple(heard))

    async def close(self) -> None:
        """Close the engine; what is kept stays."""
        await self._tts.close()

    def _name(self, text: str, style: Style) -> str:
        parts = [self._avatar, self._voice, text, self.version, FORMAT]
        return hashlib.sha256(json.dumps([*parts, asdict(style)]).encode()).hexdigest()

    def _find(self, text: str, style: Style) -> tuple[SpeechChunk, ...] | None:
        name = self._name(text, style)
        if name in self._memory:
            self._memory.move_to_end(name)
            return self._memory[name]
        found = self._shelf.get(name)
        if found is not None:
            self._hold(name, found)
        return found

    def _hold(self, name: str, speech: tuple[SpeechChunk, ...]) -> None:
        for chunk in speech:
            chunk.pcm.flags.writeable = False
        if name not in self._memory:
            self._memory_bytes += _bytes(speech)
        self._memory[name] = speech
        self._memory.move_to_end(name)
        while self._memory_bytes > MEMORY_BYTES and len(self._memory) > 1:
            self._memory_bytes -= _bytes(self._memory.popitem(last=False)[1])


def _bytes(speech: tuple[SpeechChunk, ...]) -> int:
    return sum(chunk.pcm.nbytes + 64 * (len(chunk.visemes) + len(chunk.words) + 1) for chunk in speech)
