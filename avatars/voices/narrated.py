"""A voice that is given text as it is read aloud: SSML, the lexicon, numbers and dates in words.

Whatever is spoken in another wording, the times of its words tell of the text that the caller gave: of a marked-up one
of its plain text (`visavis.ssml.words_of`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

import visavis.ssml
from avatars.voices.lexicon import NOTHING, Lexicon
from avatars.voices.script import Part, script
from avatars.voices.script_words import Relay
from avatars.voices.text import MODULES
from visavis.engines import Capabilities, Pronounced, Style, Tts
from visavis.errors import VisavisError
from visavis.recipe import recipe
from visavis.streams import closing
from visavis.words import RATE, SpeechChunk, TimedViseme, Viseme

log = logging.getLogger(__name__)

LARGE = 400
"""Characters from which a text is made ready beside the event loop."""
VOICES = 4
"""Other voices that are kept open for `voice` elements."""
SILENCE = RATE // 2
"""The longest chunk of a pause, in samples."""
_HERE = Path(__file__).parent
_READING = ("script", "lexicon", "text/say_as", "text/homophones", *(f"text/{name}" for name in MODULES))
_MARKUP = Path(visavis.ssml.__file__).parent
_MADE = recipe(_HERE, _READING) + recipe(_MARKUP, ("builder", "manner", "parser"))

Voices = Callable[[str], Awaitable[Tts]]
"""Opens another voice of the engine by its name. Raises VisavisError."""


class Narrated:
    """A `Tts` over another one, for texts of `language`.

    `lexicon` gives the newest entries; `voice` is the name under which they may be scoped to this voice. `voices` opens
    what a `voice` element names; without it, or when that fails, this voice goes on.
    """

    def __init__(
        self,
        tts: Tts,
        language: str,
        lexicon: Callable[[], Lexicon] = lambda: NOTHING,
        *,
        voice: str = "",
        voices: Voices | None = None,
    ) -> None:
        self._tts, self._language, self._lexicon = tts, language, lexicon
        self._voice, self._voices = voice, voices
        self._others: dict[str, asyncio.Task[Tts]] = {}

    @property
    def capabilities(self) -> Capabilities:
        """Those of the voice itself."""
        return self._tts.capabilities

    @property
    def version(self) -> str:
        """Changes with the voice, with how texts are read and with every entry of the lexicon."""
        return f"{self._tts.version}, read {_MADE}, lexicon {self._lexicon().version}"

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        """Stream one sentence, plain or SSML. Raises EngineError, for SSML that is refused MarkupError."""
        if len(text) > LARGE:
            parts = await asyncio.to_thread(self._script, text, style)
        else:
            parts = self._script(text, style)
        sent = 0
        for part in parts:
            async for chunk in self._spoken(part, sent):
                sent += len(chunk.pcm)
                yield chunk

    async def close(self) -> None:
        """Close the voice and those that were opened beside it."""
        opened = await asyncio.gather(*self._others.values(), return_exceptions=True)
        self._others.clear()
        for each in opened:
            if not isinstance(each, BaseException):
                await each.close()
        await self._tts.close()

    def _script(self, text: str, style: Style) -> list[Part]:
        return script(text, style, self._language, self._lexicon(), self._voice)

    async def _spoken(self, part: Part, sent: int) -> AsyncGenerator[SpeechChunk, None]:
        """One part, its times counted from sample `sent` on."""
        left = round(part.pause_s * RATE)
        while left:
            pause = min(left, SILENCE)
            yield SpeechChunk(np.zeros(pause, np.int16), (TimedViseme(sent, Viseme.SIL),))
            left, sent = left - pause, sent + pause
        if not part.narration.text.strip():
            return
        tts = await self._named(part.voice)
        takes = "sounds" in tts.capabilities.controls
        sounds = tuple(Pronounced(*each) for each in part.narration.sounds) if takes else ()
        relay = Relay(part.narration, part.text, sent, part.style.rate)
        async with closing(tts.speak(part.narration.text, replace(part.style, sounds=sounds))) as chunks:
            async for chunk in chunks:
                yield relay.passed(chunk)

    async def _named(self, name: str) -> Tts:
        """The voice of that name where there is one, else this one."""
        if not name or name == self._voice or self._voices is None:
            return self._tts
        if name not in self._others:
            if len(self._others) >= VOICES:
                return self._tts
            self._others[name] = asyncio.ensure_future(self._voices(name))
        try:
            return await asyncio.shield(self._others[name])
        except VisavisError as error:
            log.warning("the voice %r of a text is not used: %s", name[:40], error)
            return self._tts
