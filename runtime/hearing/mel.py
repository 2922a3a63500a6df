"""Whisper's picture of sound: log-mel bands as its encoders, and models made from them, were trained on."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

HZ = 16_000
BANDS, HOP, WINDOW = 80, 160, 400
_FLOOR = 1e-10
_RANGE = 8.0
_EVEN_HZ, _EVEN_MELS = 1000.0, 15.0
_LOG_STEP = 27.0 / np.log(6.4)

Floats = NDArray[np.float32]


def log_mel(sound: Floats) -> Floats:
    """`(80, samples // 160)` of mono sound at 16 kHz in ±1, which is first brought to mean 0 and variance 1."""
    even = (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)
    padded = np.pad(even.astype(np.float64), WINDOW // 2, mode="reflect")
    frames = sliding_window_view(padded, WINDOW)[::HOP][: len(sound) // HOP]
    power = np.abs(np.fft.rfft(frames * _hann())) ** 2
    levels = np.log10(np.maximum(_FLOOR, power @ _filters())).T
    shown: Floats = ((np.maximum(levels, levels.max() - _RANGE) + 4.0) / 4.0).astype(np.float32)
    return shown


@lru_cache(maxsize=1)
def _hann() -> NDArray[np.float64]:
    return np.hanning(WINDOW + 1)[:-1]


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float64]:
    """Triangles that are even on Slaney's scale and of equal area; `(WINDOW // 2 + 1, BANDS)`."""
    highest = _EVEN_MELS + np.log(HZ / 2 / _EVEN_HZ) * _LOG_STEP
    mels = np.linspace(0.0, highest, BANDS + 2)
    edges = np.where(mels < _EVEN_MELS, mels * 200 / 3, _EVEN_HZ * np.exp((mels - _EVEN_MELS) / _LOG_STEP))
    bins = np.linspace(0, HZ / 2, WINDOW // 2 + 1)[:, None]
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    filters: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None) * (2.0 / (edges[2:] - edges[:-2]))
    return filters
