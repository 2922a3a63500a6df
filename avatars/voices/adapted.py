"""A voice brought near another person's: its pitch, how lively it moves, its formants and its colour.

It is no cloning: how somebody articulates stays the engine's. What it gains is measured by `visavis bench voice`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np

from avatars.voices.profile import Profile, change, profile_of
from avatars.voices.shaping import limited
from avatars.voices.stretching import Array, Stretcher
from avatars.voices.styled import SLICE
from avatars.voices.timbre import Tint
from visavis.engines import Style, Tts
from visavis.errors import EngineError
from visavis.recipe import recipe
from visavis.signal import FULL_SCALE, to_pcm
from visavis.streams import closing
from visavis.words import RATE, Pcm, SpeechChunk, TimedViseme, TimedWord

__all__ = ["Adapted", "Profile", "profile_of"]

MODULES = ("adapted", "profile", "timbre", "stretching", "pitch", "shaping")
SAYS = {
    "en": "My father saw a blue boat below the old bridge. Where do you want to go on Monday morning? "
    "The judge has five yellow roses, and she thinks the weather will change again in a few hours.",
    "zh": "今天早上天气很好，我们一起去公园看花。老师说，这本书是去年春天写的，你喜欢哪一个故事？请坐下来喝杯热茶吧。",
}
"""What the voice is heard saying once, to know it; another language counts."""
NUMBERS = ", ".join(str(number) for number in range(1, 25)) + "."
_LONGEST_S = 60


class Adapted:
    """A `Tts` that speaks as `tts`, whose profile is `source`, but sounds nearer to `target`. Its times are unchanged.

    The sound lags by less than 100 ms of its own length.
    """

    def __init__(self, tts: Tts, source: Profile, target: Profile) -> None:
        self._tts = tts
        self._pitch, self._span, self._factor, self._tilt = change(source, target)
        self.capabilities = tts.capabilities
        digest = hashlib.sha256(repr((self._pitch, self._span, self._factor, self._tilt.tolist())).encode())
        self._recipe = f"adapted {digest.hexdigest()[:8]} {recipe(Path(__file__).parent, MODULES)}"

    @classmethod
    async def open(cls, tts: Tts, target: Profile) -> Adapted:
        """Listen to `tts` once and ready it. Raises EngineError when it cannot be known."""
        text = SAYS.get(tts.capabilities.languages[0].split("-")[0].lower(), NUMBERS)
        heard: list[Pcm] = []
        async with closing(tts.speak(text, Style())) as chunks:
            async for chunk in chunks:
                heard.append(chunk.pcm)
                if sum(map(len, heard)) > _LONGEST_S * RATE:
                    raise EngineError("adapted", "the voice to be adapted does not stop", "choose another base voice")
        source = await asyncio.to_thread(profile_of, np.concatenate([np.zeros(0, np.int16), *heard]), RATE)
        return cls(tts, source, target)

    @property
    def version(self) -> str:
        return f"{self._tts.version}, {self._recipe}"

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        """Stream one sentence. Raises EngineError."""
        tint, stretcher = Tint(self._factor, self._tilt), Stretcher(RATE, pitch=self._pitch, span=self._span)
        visemes: tuple[TimedViseme, ...] = ()
        words: tuple[TimedWord, ...] = ()
        sent = False
        async with closing(self._tts.speak(text, style)) as chunks:
            async for chunk in chunks:
                visemes, words = visemes + chunk.visemes, words + chunk.words
                samples = chunk.pcm.astype(np.float32) / np.float32(FULL_SCALE)
                done = [np.zeros(0, np.float32)]
                for at in range(0, len(samples), SLICE):
                    done.append(stretcher.push(tint.push(samples[at : at + SLICE])))
                    await asyncio.sleep(0)
                sent = sent or len(samples) > 0
                pcm = _pcm(np.concatenate(done))
                if len(pcm):
                    yield SpeechChunk(pcm, visemes, words)
                    visemes, words = (), ()
        if sent:
            rest = np.concatenate((stretcher.push(tint.flush()), stretcher.flush()))
            yield SpeechChunk(_pcm(rest), visemes, words)

    async def close(self) -> None:
        await self._tts.close()


def _pcm(samples: Array) -> Pcm:
    return to_pcm(limited(samples) * np.float32(FULL_SCALE))
