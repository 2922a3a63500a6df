"""A voice of tone bursts whose every time is known beforehand."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import numpy as np

from visavis.clock import Clock, LoopClock
from visavis.engines import Capabilities, Style
from visavis.errors import EngineError
from visavis.words import RATE, Pcm, SpeechChunk, TimedViseme, TimedWord, Viseme

TONE_HZ, AMPLITUDE = 440, 6_000

_SHAPES = {
    **dict.fromkeys("bmp", Viseme.PP), **dict.fromkeys("fv", Viseme.FF), **dict.fromkeys("dt", Viseme.DD),
    **dict.fromkeys("cgkqx", Viseme.KK), **dict.fromkeys("j", Viseme.CH), **dict.fromkeys("sz", Viseme.SS),
    **dict.fromkeys("ln", Viseme.NN), "r": Viseme.RR, "a": Viseme.AA, "e": Viseme.E, "i": Viseme.I, "y": Viseme.I,
    "o": Viseme.O, "u": Viseme.U, "w": Viseme.U,
}  # fmt: skip
_VOWELS = (Viseme.AA, Viseme.E, Viseme.I, Viseme.O, Viseme.U)


class FakeTts:
    """A `Tts` that gives every character `per_character` samples: a tone, or silence for what is no letter or digit.

    A word is a run of letters and digits, or one Chinese character. The first chunk comes `first_delay_s`
    after the call, each other one `chunk_delay_s` after the one before. With `fail_after` the voice raises
    EngineError in place of the chunk of that number, counted from 0; with `stall_after` that chunk never comes.
    Style changes nothing. `spoken` are the calls so far, `active` those that are neither finished nor closed.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        per_character: int = 1_200,
        chunk: int = 4_800,
        first_delay_s: float = 0.0,
        chunk_delay_s: float = 0.0,
        fail_after: int | None = None,
        stall_after: int | None = None,
    ) -> None:
        self.capabilities = Capabilities(word_times=True)
        self.version = f"fake 1, {per_character}"
        self.per_character, self.chunk = per_character, chunk
        self.first_delay_s, self.chunk_delay_s = first_delay_s, chunk_delay_s
        self.fail_after, self.stall_after = fail_after, stall_after
        self.spoken: list[tuple[str, Style]] = []
        self.active = 0
        self.closed = False
        self._clock = clock or LoopClock()

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        self.spoken.append((text, style))
        self.active += 1
        try:
            for number, chunk in enumerate(self.whole(text)):
                delay = self.chunk_delay_s if number else self.first_delay_s
                if number == self.stall_after:
                    delay = float("inf")
                await self._wait(delay)
                if number == self.fail_after:
                    raise EngineError("fake", f"chunk {number} fails as scripted", retryable=True)
                yield chunk
        finally:
            self.active -= 1

    async def close(self) -> None:
        self.closed = True

    def whole(self, text: str) -> list[SpeechChunk]:
        """What `speak` will stream: the chunks of `text`."""
        if not any(character.isalnum() for character in text):
            return []
        pcm, visemes, words = self._pcm(text), self._visemes(text), self._words(text)
        return [
            SpeechChunk(
                pcm[begin : begin + self.chunk],
                tuple(v for v in visemes if begin <= v.start < begin + self.chunk),
                tuple(w for w in words if begin <= w.start < begin + self.chunk),
            )
            for begin in range(0, len(pcm), self.chunk)
        ]

    async def _wait(self, delay_s: float) -> None:
        if delay_s == float("inf"):
            while True:
                await self._clock.sleep_until(self._clock.now() + 3_600)
        if delay_s > 0:
            await self._clock.sleep_until(self._clock.now() + delay_s)

    def _pcm(self, text: str) -> Pcm:
        loud = np.repeat([character.isalnum() for character in text], self.per_character)
        tone = AMPLITUDE * np.sin(2 * np.pi * TONE_HZ / RATE * np.arange(len(loud)))
        silent_end = np.zeros(self.per_character, np.int16)
        return np.concatenate([(tone * loud).astype(np.int16), silent_end])

    def _visemes(self, text: str) -> list[TimedViseme]:
        shapes = [_shape(character) for character in text] + [Viseme.SIL]
        changes = [i for i, shape in enumerate(shapes) if i == 0 or shape is not shapes[i - 1]]
        return [TimedViseme(i * self.per_character, shapes[i]) for i in changes]

    def _words(self, text: str) -> list[TimedWord]:
        spans: list[tuple[int, int]] = []
        for at, character in enumerate(text):
            if not character.isalnum():
                continue
            joined = spans and spans[-1][1] == at and not _is_chinese(character) and not _is_chinese(text[at - 1])
            spans = [*spans[:-1], (spans[-1][0], at + 1)] if joined else [*spans, (at, at + 1)]
        size = self.per_character
        return [TimedWord(begin * size, end * size, text[begin:end], begin) for begin, end in spans]


def _shape(character: str) -> Viseme:
    if not character.isalnum():
        return Viseme.SIL
    known = _SHAPES.get(character.lower())
    return known or _VOWELS[ord(character) % len(_VOWELS)]


def _is_chinese(character: str) -> bool:
    return "㐀" <= character <= "鿿" or ord(character) >= 0x20000
