"""The network's view of a sound: the power in 40 mel bands, 100 times a second.

The bands are Slaney's (linear below 1 kHz, logarithmic above, each of the same area), as librosa makes them, because
the network was trained on those; there is no logarithm of the power.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
RATE = 16_000
BANDS, WINDOW, STEP = 40, 400, 160


@lru_cache(maxsize=1)
def bands() -> Array:
    """Weights of the 201 spectral lines in each band, shape (40, 201)."""
    top = RATE / 2
    lines = np.linspace(0, top, WINDOW // 2 + 1)
    edges = _hz(np.linspace(0, _mel(top), BANDS + 2))
    low, mid, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (lines - low) / (mid - low), (high - lines) / (high - mid)
    weights = np.maximum(0, np.minimum(rising, falling)) * (2 / (high - low))
    return weights.astype(np.float32)


@lru_cache(maxsize=1)
def _window() -> Array:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def mel(samples: Array) -> Array:
    """Frames of `samples` (-1..1, 16 kHz) from its first whole window on, shape (frames, 40)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(frames * _window(), axis=1)).astype(np.float32) ** 2
    seen: Array = power @ bands().T
    return seen


_BREAK_HZ, _HZ_PER_MEL = 1_000.0, 200 / 3
_BREAK_MEL, _LOG_STEP = _BREAK_HZ / _HZ_PER_MEL, float(np.log(6.4) / 27)


def _mel(hz: float) -> float:
    return _BREAK_MEL + float(np.log(hz / _BREAK_HZ)) / _LOG_STEP if hz >= _BREAK_HZ else hz / _HZ_PER_MEL


def _hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(mels, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mels < _BREAK_MEL, mels * _HZ_PER_MEL, above)
