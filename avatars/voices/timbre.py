"""The colour of a voice: the envelope of its spectrum, free of its pitch, and a filter that gives one voice another's.

The envelope is the spectrum smoothed in its cepstrum (Bogert, Healy and Tukey, 1963). It is measured the same way of
both voices and of what is filtered, so what the smoothing gets wrong cancels out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
HZ = 24_000
FRAME, HOP = 1_024, 256
LINES = FRAME // 2 + 1
_LIFTER = 40
"""Samples of the cepstrum that are envelope: below the shortest period, 50."""
_FLOOR = 1e-5
_WINDOW = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
_SCALE = np.float32(FRAME / HOP / 2)
MOST = np.log(10 ** (15 / 20))
"""No line is raised or lowered by more than 15 dB."""


def envelopes(spectra: NDArray[np.complex64]) -> Array:
    """The log magnitude of each spectrum's envelope, shape (frames, `LINES`)."""
    cepstra = np.fft.irfft(np.log(np.abs(spectra) + _FLOOR), axis=1)
    cepstra[:, _LIFTER : FRAME - _LIFTER + 1] = 0
    smooth: Array = np.fft.rfft(cepstra, axis=1).real.astype(np.float32)
    return smooth


def spectra_of(sound: Array) -> NDArray[np.complex64]:
    """The spectra of whole frames, a `HOP` apart."""
    if len(sound) < FRAME:
        return np.zeros((0, LINES), np.complex64)
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    return np.fft.rfft(frames * _WINDOW, axis=1).astype(np.complex64)


def warped(envelope: Array, factor: float) -> Array:
    """Envelopes whose formants lie `factor` times as high; the last axis is the lines."""
    lines = np.arange(LINES) / factor
    low = np.minimum(lines.astype(int), LINES - 2)
    share = np.clip(lines - low, 0, 1).astype(np.float32)
    moved: Array = envelope[..., low] * (1 - share) + envelope[..., low + 1] * share
    return moved


class Tint:
    """One sentence's sound at 24 kHz: formants moved by `factor`, then each line changed by `tilt` (log magnitudes).

    The output is as long as the input and lags by at most one frame of 43 ms.
    """

    def __init__(self, factor: float, tilt: Array) -> None:
        self._factor, self._tilt = factor, tilt
        self._in = np.zeros(FRAME - HOP, np.float32)
        self._sum = np.zeros(FRAME, np.float32)
        self._skip = FRAME - HOP
        self._received = self._sent = 0

    def push(self, samples: Array) -> Array:
        """What is known after `samples` (-1..1)."""
        self._received += len(samples)
        return self._run(samples)

    def flush(self) -> Array:
        """The rest; nothing may be pushed after it."""
        rest = self._run(np.zeros(2 * FRAME, np.float32))
        return rest[: self._received - self._sent + len(rest)] if self._sent > self._received else rest

    def _run(self, samples: Array) -> Array:
        self._in = np.concatenate((self._in, samples))
        spectra = spectra_of(self._in)
        if not len(spectra):
            return np.zeros(0, np.float32)
        self._in = self._in[len(spectra) * HOP :]
        frames = np.fft.irfft(spectra * self._gains(spectra), axis=1).astype(np.float32) * _WINDOW / _SCALE
        done = []
        for frame in frames:
            self._sum += frame
            done.append(self._sum[:HOP].copy())
            self._sum = np.concatenate((self._sum[HOP:], np.zeros(HOP, np.float32)))
        out = np.concatenate(done)
        skipped, self._skip = out[self._skip :], max(0, self._skip - len(out))
        self._sent += len(skipped)
        return skipped

    def _gains(self, spectra: NDArray[np.complex64]) -> Array:
        envelope = envelopes(spectra)
        change = warped(envelope, self._factor) - envelope + self._tilt
        gains: Array = np.exp(np.clip(change, -MOST, MOST))
        return gains
