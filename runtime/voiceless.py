"""The voice of a dialog whose own cannot be started."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from visavis.engines import Capabilities, Style
from visavis.errors import EngineError
from visavis.words import SpeechChunk


class Voiceless:
    """Fails at every sentence, so that its text stands in for it."""

    capabilities = Capabilities()
    version = "voiceless"

    def __init__(self, problem: str) -> None:
        self._problem = problem

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        raise EngineError("voice", self._problem)
        yield  # the protocol asks for a generator

    async def close(self) -> None: ...
