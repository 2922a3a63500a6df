"""A language model that follows a script, exact on the session's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Self

from visavis.clock import Clock, LoopClock
from visavis.engines import Capabilities, ChatMessage, Context
from visavis.errors import EngineError


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing comes for so long."""

    seconds: float


HANG = Wait(float("inf"))
BREAK = EngineError("llm", "the stream broke off", "ask again", retryable=True)

Step = str | Wait | EngineError
"""What the script does next: a piece of text, a pause, a failure."""


class FakeLlm:
    """Plays one script a call, the last one again and again.

    `calls` are the messages of each call, `streams` the number of answers that are open now.
    """

    capabilities = Capabilities(languages=("*",), streams=True)

    def __init__(self, *scripts: Sequence[Step], clock: Clock | None = None) -> None:
        self._scripts = scripts or (("Hello there.",),)
        self._clock = clock or LoopClock()
        self.calls: list[tuple[ChatMessage, ...]] = []
        self.streams = 0

    @classmethod
    async def open(cls, context: Context, *, answer: str = "Hello there.", delay_s: float = 0.0) -> Self:
        """A model that gives `answer` word by word, `delay_s` after it was asked."""
        return cls([Wait(delay_s), *_words(answer)])

    async def complete(self, messages: Sequence[ChatMessage]) -> AsyncIterator[str]:
        script = self._scripts[min(len(self.calls), len(self._scripts) - 1)]
        self.calls.append(tuple(messages))
        self.streams += 1
        try:
            for step in script:
                if isinstance(step, EngineError):
                    raise step
                if isinstance(step, str):
                    yield step
                elif step is HANG:
                    await asyncio.Event().wait()
                else:
                    await self._clock.sleep_until(self._clock.now() + step.seconds)
        finally:
            self.streams -= 1

    async def close(self) -> None:
        """Nothing is held."""


def _words(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")[:-1]] + text.split(" ")[-1:]
