"""The period of a voice from moment to moment, while it is still being spoken.

Sound is compared with itself a period later (normalised cross-correlation, Talkin, "A robust algorithm for pitch
tracking", 1995); of several periods that fit about as well the one near the usual wins, then the shortest. What is
usual is learnt from the sound alone, never from what won, so that no mistake makes itself the rule.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
FACTOR = 3
"""Samples that are averaged into one before the search."""
LOWEST_HZ, HIGHEST_HZ = 70, 480
STEP_S, WINDOW_S = 0.005, 0.025
VOICED = 0.55
_QUIET = 10 ** (-50 / 10)
_SHORTER, _NEARER = 0.05, 0.2


class PitchTracker:
    """Takes sound at `rate` in pieces of any size; `periods` grows by one value each 5 ms.

    A value is in samples, 0 where nothing hums; value k belongs to sample `at(k)`. It is known `delay` samples later.
    """

    def __init__(self, rate: int) -> None:
        slow = rate / FACTOR
        self.step = round(STEP_S * slow) * FACTOR
        self._window = round(WINDOW_S * slow)
        self._shortest, self._longest = int(slow / HIGHEST_HZ), int(slow / LOWEST_HZ) + 1
        self._span = self._window + self._longest
        self.periods: list[float] = []
        self._rest = np.zeros(0, np.float32)
        self._held = np.zeros(0, np.float32)
        self._alone: list[float] = []
        lags = np.arange(self._shortest, self._longest + 1)
        self._lags = lags
        self._bias = _SHORTER * np.log2(lags / self._shortest)

    @property
    def delay(self) -> int:
        """How many samples after `at(k)` value k is known, at most."""
        return self._span * FACTOR - self._middle + self.step

    @property
    def _middle(self) -> int:
        return self._window * FACTOR // 2

    def at(self, index: int) -> int:
        """The sample in the middle of what value `index` was found in."""
        return index * self.step + self._middle

    def push(self, samples: Array) -> None:
        """More sound, in -1..1."""
        rest = np.concatenate((self._rest, samples))
        whole = len(rest) // FACTOR * FACTOR
        self._rest = rest[whole:]
        self._held = np.concatenate((self._held, rest[:whole].reshape(-1, FACTOR).mean(axis=1)))
        hop = self.step // FACTOR
        count = 1 + (len(self._held) - self._span) // hop if len(self._held) >= self._span else 0
        if not count:
            return
        frames = np.lib.stride_tricks.sliding_window_view(self._held, self._span)[: count * hop : hop]
        self._held = self._held[count * hop :]
        likeness, power = self._compare(frames.astype(np.float32))
        self.periods += [self._choose(row, level) for row, level in zip(likeness, power, strict=True)]

    def _compare(self, frames: Array) -> tuple[Array, Array]:
        """How like each frame is to itself at each lag (-1..1), and its power."""
        frames = frames - frames.mean(axis=1, keepdims=True)
        size = 1 << (self._span + self._window - 1).bit_length()
        head = np.fft.rfft(frames[:, : self._window], size)
        cross = np.fft.irfft(np.conj(head) * np.fft.rfft(frames, size), size)[:, self._lags]
        sums = np.cumsum(np.pad(frames.astype(np.float64) ** 2, ((0, 0), (1, 0))), axis=1)
        first = sums[:, self._window]
        shifted = sums[:, self._lags + self._window] - sums[:, self._lags]
        like = cross / np.sqrt(np.maximum(first[:, None] * shifted, 1e-12))
        return like.astype(np.float32), (first / self._window).astype(np.float32)

    def _choose(self, like: Array, power: float) -> float:
        if power < _QUIET:
            return 0.0
        inner = np.flatnonzero((like[1:-1] >= like[:-2]) & (like[1:-1] > like[2:]) & (like[1:-1] > VOICED)) + 1
        if not len(inner):
            return 0.0
        score = like[inner] - self._bias[inner]
        self._alone = [*self._alone[-59:], float(self._lags[inner[int(score.argmax())]])]
        usual = float(np.median(self._alone))
        score = score + _NEARER * (np.abs(np.log2(self._lags[inner] / usual)) < 0.35)
        best = int(inner[int(score.argmax())])
        left, mid, right = (float(value) for value in like[best - 1 : best + 2])
        bend = left - 2 * mid + right
        period = float(self._lags[best]) + (0.5 * (left - right) / bend if bend else 0.0)
        return period * FACTOR
