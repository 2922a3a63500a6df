"""A recogniser that hears what a test scripts, when the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from visavis.engines import Capabilities, Context, Transcript
from visavis.errors import EngineError
from visavis.words import Pcm


@dataclass(frozen=True, slots=True)
class Scripted:
    """One utterance: `partials` are (seconds of its sound, words), the final text comes `delay_s` after its end.

    With `fails` it raises that error instead, after `fails_after_s` of sound or at the end.
    """

    text: str = ""
    partials: tuple[tuple[float, str], ...] = ()
    delay_s: float = 0.02
    confidence: float = 1.0
    fails: EngineError | None = None
    fails_after_s: float | None = None


class FakeAsr:
    """Gives its script away utterance by utterance; when it is used up it hears nothing. `heard` is all the sound."""

    def __init__(self, *script: Scripted | str, sample_rate: int = 16_000) -> None:
        self.capabilities = Capabilities(sample_rate=sample_rate)
        self.script = [Scripted(said) if isinstance(said, str) else said for said in script]
        self.heard: list[list[Pcm]] = []
        self.open_now = 0
        self.closed = False

    @classmethod
    async def open(cls, context: Context, *, say: tuple[str, ...] = ()) -> FakeAsr:
        return cls(*say)

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        if self.closed:
            raise EngineError("fake", "it is closed")
        said = self.script.pop(0) if self.script else Scripted()
        sound: list[Pcm] = []
        self.heard.append(sound)
        self.open_now += 1
        try:
            partials = list(said.partials)
            async for pcm in audio:
                sound.append(pcm)
                seconds = sum(map(len, sound)) / self.capabilities.sample_rate
                if said.fails is not None and said.fails_after_s is not None and seconds >= said.fails_after_s:
                    raise said.fails
                while partials and seconds >= partials[0][0]:
                    yield Transcript(partials.pop(0)[1], final=False)
            if said.fails is not None:
                raise said.fails
            await asyncio.sleep(said.delay_s)
            yield Transcript(said.text, final=True, confidence=said.confidence)
        finally:
            self.open_now -= 1

    async def close(self) -> None:
        self.closed = True
