"""The recordings of one voice as the rules see them: joined, with speech, levels and spectra measured once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.sound import Recording, Span
from visavis.signal import FULL_SCALE, resample
from visavis.vad import CHUNK, VAD_RATE, Vad
from visavis.words import RATE, Pcm

HOP = RATE // 100
"""Samples between two frames of `levels` (10 ms)."""
WINDOW = 512
"""Samples of a frame of `spectra`."""
FLOOR_DB = -100.0
_SURE, _STILL = 0.5, 0.3
_GAP, _SHORTEST = 0.25, 0.15

Embed = Callable[[Pcm], NDArray[np.float32]]
"""From 16 kHz speech to a unit vector that belongs to its speaker."""


@dataclass(frozen=True)
class Take:
    """All recordings of one voice in a row; times are seconds of the whole."""

    recordings: tuple[Recording, ...]
    pcm: Pcm
    """At `RATE`."""
    narrow: Pcm
    """The same at 16 kHz."""
    speech: tuple[Span, ...]
    """Where somebody speaks; pauses under a quarter of a second belong to it."""

    @cached_property
    def levels(self) -> NDArray[np.float32]:
        """dBFS of each 10 ms."""
        whole = len(self.pcm) // HOP
        frames = self.pcm[: whole * HOP].reshape(whole, HOP).astype(np.float32) / FULL_SCALE
        power = np.mean(frames**2, axis=1)
        return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), np.float32)

    @cached_property
    def speaking(self) -> NDArray[np.bool_]:
        """Whether there is speech in each frame of `levels`."""
        return self._mask(0.0)

    @cached_property
    def quiet(self) -> NDArray[np.bool_]:
        """The frames of `levels` that are well away from speech and no digital silence."""
        return ~self._mask(0.12) & (self.levels > FLOOR_DB)

    @property
    def effective_s(self) -> float:
        """Seconds of speech."""
        return sum(end - start for start, end in self.speech)

    def spectra(self, blocks: int = 3000) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """(first frame, power of 257 bins a frame) in blocks, a Hann window around each frame of `levels`."""
        window = np.hanning(WINDOW).astype(np.float32)
        padded = np.pad(self.pcm, (WINDOW // 2 - HOP // 2, WINDOW)).astype(np.float32) / np.float32(FULL_SCALE)
        views = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][: len(self.levels)]
        for at in range(0, len(views), blocks):
            yield at, np.abs(np.fft.rfft(views[at : at + blocks] * window, axis=1)) ** 2

    @property
    def starts(self) -> list[float]:
        """The second of the whole at which each recording begins."""
        ends = np.cumsum([0.0, *(each.seconds for each in self.recordings)])
        return [float(each) for each in ends[:-1]]

    def _mask(self, margin: float) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.levels), np.bool_)
        for start, end in self.speech:
            mask[max(0, round((start - margin) * 100)) : round((end + margin) * 100)] = True
        return mask


def take_of(recordings: Sequence[Recording], done: Callable[[float], object] = lambda share: None) -> Take:
    """Join and measure; `done` is told the share of the speech detector's work that is behind it."""
    pcm = np.concatenate([each.pcm for each in recordings])
    narrow = resample(pcm, RATE, VAD_RATE)
    return Take(tuple(recordings), pcm, narrow, tuple(spans_of(_graded(narrow, done), len(narrow) / VAD_RATE)))


def _graded(narrow: Pcm, done: Callable[[float], object]) -> list[float]:
    vad, found = Vad(), list[float]()
    step = VAD_RATE * 20
    for at in range(0, len(narrow), step):
        found += vad.push(narrow[at : at + step])
        done(min(1.0, (at + step) / len(narrow)))
    return found


def spans_of(grades: Sequence[float], seconds: float) -> list[Span]:
    """Where there is speech, from the detector's grade of each 32 ms."""
    each, found, began = CHUNK / VAD_RATE, list[Span](), -1.0
    for index, grade in enumerate([*grades, 0.0]):
        if began < 0 and grade >= _SURE:
            began = index * each
        elif began >= 0 and grade < _STILL:
            found.append((began, min(index * each, seconds)))
            began = -1.0
    joined: list[Span] = []
    for start, end in found:
        if joined and start - joined[-1][1] < _GAP:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [(round(a, 3), round(b, 3)) for a, b in joined if b - a >= _SHORTEST]
