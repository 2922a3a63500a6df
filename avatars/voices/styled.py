"""A voice that follows every style: what its engine cannot do is done to the sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from avatars.voices.prosody import Prosody, prosody_of
from avatars.voices.shaping import limited
from avatars.voices.stretching import Array, Stretcher
from visavis.engines import Style, Tts
from visavis.errors import EngineError
from visavis.recipe import recipe
from visavis.signal import FULL_SCALE, to_pcm
from visavis.streams import closing
from visavis.words import RATE, Emotion, Pcm, SpeechChunk, TimedViseme, TimedWord

MODULES = ("styled", "stretching", "pitch", "prosody", "shaping")
GIVEN = frozenset({"emotion", "rate", "pitch", "energy", "duration_s"})
"""The controls that any voice has behind a `Styled`."""
LONGEST_S = 600
"""A sentence that is to have a certain length is heard to its end first; one longer than this is refused."""
SLICE = RATE // 25
"""Samples worked on at a stretch: a millisecond of the event loop's time."""
_SAME = 0.005


@dataclass(frozen=True, slots=True)
class _Change:
    """What is left to be done to the sound."""

    rate: float = 1.0
    pitch: float = 1.0
    span: float = 1.0
    energy: float = 1.0
    duration_s: float | None = None

    @property
    def moves(self) -> bool:
        """Whether its periods are to be moved, and not its level alone."""
        return any(abs(factor - 1) > _SAME for factor in (self.rate, self.pitch, self.span))


class Styled:
    """A `Tts` that gives `tts` the controls of `GIVEN` that it lacks.

    Rate, pitch and emotion delay the sound by less than 50 ms of its own length; words and mouth shapes move with it.
    Where a length is asked for and the engine knows none, the sentence begins once the engine has spoken it to its
    end, and is brought to that length within a factor of 2.5 either way.
    """

    def __init__(self, tts: Tts) -> None:
        self._tts = tts
        self._has = tts.capabilities.controls
        self.capabilities = replace(tts.capabilities, controls=self._has | GIVEN)
        self.name = type(tts).__name__
        self._recipe = recipe(Path(__file__).parent, MODULES)

    @property
    def version(self) -> str:
        return f"{self._tts.version}, styled {self._recipe}"

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        """Stream one sentence. Raises EngineError, also for one to be brought to a length that has no end."""
        asked, change = divide(style, self._has)
        if change == _Change():
            async with closing(self._tts.speak(text, asked)) as chunks:
                async for chunk in chunks:
                    yield chunk
            return
        async with closing(self._tts.speak(text, asked)) as chunks, aclosing(_changed(chunks, change)) as changed:
            async for chunk in changed:
                yield chunk

    async def close(self) -> None:
        await self._tts.close()


def divide(style: Style, has: frozenset[str]) -> tuple[Style, _Change]:
    """What to ask of an engine with the controls `has`, and what remains to be done to its sound."""
    prosody = Prosody() if "emotion" in has else prosody_of(style)
    rate, pitch, energy = style.rate * prosody.rate, style.pitch * prosody.pitch, style.energy * prosody.energy
    length = None if "duration_s" in has else style.duration_s
    asked = replace(
        style,
        rate=rate if "rate" in has and length is None else 1.0,
        pitch=pitch if "pitch" in has else 1.0,
        energy=energy if "energy" in has else 1.0,
        duration_s=style.duration_s if length is None else None,
    )
    if "emotion" not in has:
        asked = replace(asked, emotion=Emotion.NEUTRAL, degree=1.0)
    return asked, _Change(
        1.0 if "rate" in has or length is not None else rate,
        1.0 if "pitch" in has else pitch,
        prosody.range,
        1.0 if "energy" in has else energy,
        length,
    )


async def _changed(chunks: AsyncIterator[SpeechChunk], change: _Change) -> AsyncGenerator[SpeechChunk, None]:
    if change.duration_s is not None:
        whole = await _whole(chunks)
        natural = sum(len(chunk.pcm) for chunk in whole)
        change = replace(change, rate=natural / RATE / max(change.duration_s, 1 / RATE))
        chunks = _again(whole)
    if not change.moves:
        async for chunk in chunks:
            yield replace(chunk, pcm=_levelled(chunk.pcm.astype(np.float32) / np.float32(FULL_SCALE), change.energy))
        return
    moved = _Moved(change)
    async for chunk in chunks:
        out = await moved.push(chunk)
        if len(out.pcm):
            yield out
    if moved.received:
        yield await moved.flush()


async def _whole(chunks: AsyncIterator[SpeechChunk]) -> list[SpeechChunk]:
    whole: list[SpeechChunk] = []
    length = 0
    async for chunk in chunks:
        whole.append(chunk)
        length += len(chunk.pcm)
        if length > LONGEST_S * RATE:
            raise EngineError("voice", f"a sentence of over {LONGEST_S} s cannot be given a length", "shorten it")
    return whole


async def _again(whole: list[SpeechChunk]) -> AsyncGenerator[SpeechChunk, None]:
    for chunk in whole:
        yield chunk


class _Moved:
    """One sentence whose periods are moved, and with them its words and mouth shapes."""

    def __init__(self, change: _Change) -> None:
        self._stretcher = Stretcher(RATE, rate=change.rate, pitch=change.pitch, span=change.span)
        self._energy = change.energy
        self._visemes: list[TimedViseme] = []
        self._words: list[TimedWord] = []
        self._sent = 0
        self.received = 0

    async def push(self, chunk: SpeechChunk) -> SpeechChunk:
        """What is known after `chunk`; its sound may be empty."""
        self._visemes += [replace(v, start=self._time(v.start)) for v in chunk.visemes]
        self._words += [replace(w, start=self._time(w.start), end=self._time(w.end)) for w in chunk.words]
        self.received += len(chunk.pcm)
        samples = chunk.pcm.astype(np.float32) / np.float32(FULL_SCALE)
        done = [np.zeros(0, np.float32)]
        for at in range(0, len(samples), SLICE):
            done.append(self._stretcher.push(samples[at : at + SLICE]))
            await asyncio.sleep(0)
        return self._chunk(_levelled(np.concatenate(done), self._energy), RATE)

    async def flush(self) -> SpeechChunk:
        """The rest."""
        pcm = _levelled(self._stretcher.flush(), self._energy)
        end = self._sent + len(pcm)
        self._visemes = [replace(v, start=min(v.start, end)) for v in self._visemes]
        self._words = [replace(w, start=min(w.start, end), end=min(w.end, end)) for w in self._words]
        return self._chunk(pcm, RATE)

    def _time(self, at: int) -> int:
        return round(at / self._stretcher.rate)

    def _chunk(self, pcm: Pcm, ahead: int) -> SpeechChunk:
        """The sound with what belongs to it or follows within `ahead` samples; without sound nothing leaves."""
        if not len(pcm):
            return SpeechChunk(pcm)
        self._sent += len(pcm)
        until = self._sent + ahead
        visemes = tuple(v for v in self._visemes if v.start <= until)
        words = tuple(w for w in self._words if w.start <= until)
        self._visemes = [v for v in self._visemes if v.start > until]
        self._words = [w for w in self._words if w.start > until]
        return SpeechChunk(pcm, visemes, words)


def _levelled(samples: Array, energy: float) -> Pcm:
    """Louder or softer by the factor `energy`; what would clip is bent below the ceiling."""
    return to_pcm(limited(samples * np.float32(max(0.0, energy))) * np.float32(FULL_SCALE))
