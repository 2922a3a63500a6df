"""What of a sound tells one phoneme from another: its log mel spectrum, a hundred times a second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visavis.signal import FULL_SCALE
from visavis.words import RATE, Pcm

Frames = NDArray[np.float64]
"""Shape (frames, `BANDS`): natural logarithms of power."""

HOP, WINDOW = RATE // 100, RATE // 40
BANDS = 26
_LOW_HZ, _HIGH_HZ = 60.0, 7600.0
_FFT = 1024
_FLOOR = 1e-7
_EMPHASIS = 0.97
STEADY = 1.5
"""Sound whose loud bands stray less than that about their means is no speech: noise (0.5), tones (0.7), a hum of 50 Hz
(1.4). The first 0.8 s of 138 recordings of people and of flite stray 2.0 and more."""
_LOUD = 30 * np.log(10) / 10
"""How far under the loudest band the others count; what is below is a window's leakage, whatever the sound."""


class Spectra:
    """Frames of a stream of PCM at 24 kHz; frame k is centred on sample k * `HOP`."""

    def __init__(self) -> None:
        self._rest = np.zeros(WINDOW // 2)
        self._before = 0.0

    def push(self, pcm: Pcm) -> Frames:
        """The frames that became known."""
        if not len(pcm):
            return np.zeros((0, BANDS))
        sound = pcm.astype(np.float64) / FULL_SCALE
        bright = sound - _EMPHASIS * np.concatenate([[self._before], sound[:-1]])
        self._before = float(sound[-1])
        held = np.concatenate([self._rest, bright])
        count = max(0, (len(held) - WINDOW) // HOP + 1)
        self._rest = held[count * HOP :]
        if not count:
            return np.zeros((0, BANDS))
        windows = np.lib.stride_tricks.sliding_window_view(held, WINDOW)[::HOP][:count] * _WINDOW
        power = np.abs(np.fft.rfft(windows, _FFT)) ** 2
        return np.asarray(np.log(np.maximum(power @ _BANK.T, _FLOOR)))

    def flush(self) -> Frames:
        """The last frames, as if silence followed."""
        return self.push(np.zeros(WINDOW // 2, np.int16))


def steady(frames: Frames) -> bool:
    """Whether the sound stays what it is, as noise and tones do."""
    power = np.log(np.exp(frames).mean(axis=0))
    return float(frames[:, power > power.max() - _LOUD].std(axis=0).mean()) < STEADY


def _bank() -> NDArray[np.float64]:
    """Triangular filters, evenly spaced on the mel scale; shape (`BANDS`, `_FFT` / 2 + 1)."""
    low, high = 2595 * np.log10(1 + np.array([_LOW_HZ, _HIGH_HZ]) / 700)
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.arange(_FFT // 2 + 1) * RATE / _FFT
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0.0, np.minimum(rising, falling))


_WINDOW = np.hamming(WINDOW)
_BANK = _bank()
