"""What recognisers make of an enrolment's recordings: the words of the authorisation, and of each piece of speech."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from avatars.voices.enrol.consent import Heard
from avatars.voices.enrol.inspect.fillers import Said
from runtime.choices import EngineChoice
from runtime.parts import made
from runtime.settings import Installation
from visavis.engines import Asr, Context, Launcher
from visavis.errors import VisavisError
from visavis.signal import resample
from visavis.vad import VAD_RATE
from visavis.words import Pcm

log = logging.getLogger(__name__)

EMBEDDED = frozenset({"pocketsphinx"})
"""Recognisers that know little but what they were told to expect."""
MOST, SHORTEST_S = 400, 0.4
"""Pieces of speech whose words are looked through, and the seconds that such a piece has."""


class Hearing:
    """By the recogniser that `app.yaml` names for it, of 16 kHz sound; what cannot be heard is None, and logged."""

    def __init__(self, installation: Installation, launcher: Launcher) -> None:
        self._choice = installation.app.voices.asr
        self._launcher, self._cache = launcher, Path(installation.app.cache.dir)

    async def authorisation(self, pcm: Pcm, language: str, expected: str) -> Heard | None:
        """Its words; without a full recogniser English ones by the embedded one, which is told what to expect."""
        if self._choice is None and language != "en":
            return None
        choice = self._choice or EngineChoice(engine="pocketsphinx")
        full = choice.engine not in EMBEDDED
        try:
            async with self._opened(choice, language, () if full else (expected,)) as asr:
                if not asr.capabilities.speaks(language):
                    return None
                return Heard(await transcribed(asr, pcm), choice.engine, full)
        except VisavisError as error:
            log.warning("nobody hears the authorisation: %s", error)
            return None

    async def pieces(self, pcm: Pcm, speech: Sequence[Sequence[float]], language: str) -> list[Said] | None:
        """The words of each piece of speech, given by its begin and end in seconds; None without a full recogniser."""
        if self._choice is None or self._choice.engine in EMBEDDED:
            return None
        try:
            async with self._opened(self._choice, language) as asr:
                return [
                    Said(begin, end, await transcribed(asr, pcm[round(begin * VAD_RATE) : round(end * VAD_RATE)]))
                    for begin, end in speech[:MOST]
                    if end - begin >= SHORTEST_S
                ]
        except VisavisError as error:
            log.warning("nobody hears the recordings: %s", error)
            return None

    @asynccontextmanager
    async def _opened(
        self, choice: EngineChoice, language: str, phrases: tuple[str, ...] = ()
    ) -> AsyncGenerator[Asr, None]:
        asr: Asr = await made("asr", choice, Context(language, self._launcher, self._cache, phrases), None)
        try:
            yield asr
        finally:
            await asr.close()


async def transcribed(asr: Asr, pcm: Pcm) -> str:
    """The text of 16 kHz sound. Raises EngineError."""
    rate = asr.capabilities.sample_rate
    sound = pcm if rate == VAD_RATE else resample(pcm, VAD_RATE, rate)

    async def pieces() -> AsyncIterator[Pcm]:
        for at in range(0, len(sound), rate // 5):
            yield sound[at : at + rate // 5]

    text = ""
    async for each in asr.transcribe(pieces()):
        if each.final:
            text = each.text
    return text
