"""A voice detector that reads the probability out of the sound, so that a test writes both at once."""

from __future__ import annotations

import numpy as np

from visavis.vad import CHUNK
from visavis.words import Pcm

_SCALE = 10_000


def sounding(seconds: float, probability: float = 1.0, rate: int = 16_000) -> Pcm:
    """Sound that `LoudVad` takes for voice with this probability."""
    return np.full(round(seconds * rate), round(probability * _SCALE), np.int16)


class LoudVad:
    """A chunk's probability is its mean value over 10,000: silence is 0, `sounding` is what it was made for."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, np.int16)

    def push(self, pcm: Pcm) -> list[float]:
        sound = np.concatenate((self._rest, pcm))
        whole = len(sound) // CHUNK * CHUNK
        self._rest = sound[whole:]
        means = sound[:whole].reshape(-1, CHUNK).mean(axis=1)
        return [min(1.0, max(0.0, float(mean) / _SCALE)) for mean in means]

    def reset(self) -> None:
        self._rest = np.zeros(0, np.int16)
