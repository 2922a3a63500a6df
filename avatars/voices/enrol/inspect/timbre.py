"""What the spectrum looks like from moment to moment: what the rules for fillers and repeats compare."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.take import WINDOW, Take
from visavis.words import RATE

BANDS, LOW_HZ, HIGH_HZ = 24, 100.0, 6000.0


def log_mel(take: Take) -> NDArray[np.float32]:
    """dB in 24 mel bands of each 10 ms: (frames, 24)."""
    filters = _filters().T
    return np.concatenate([10 * np.log10(power @ filters + 1e-9) for _, power in take.spectra()]).astype(np.float32)


def cepstra(take: Take) -> NDArray[np.float32]:
    """Twelve numbers of shape and one of slope for each 10 ms, even over the take: (frames, 13)."""
    bands = log_mel(take)
    bands = np.maximum(bands, bands.max() - 70)
    cosines = np.cos(np.pi * (np.arange(BANDS) + 0.5)[None] * np.arange(1, 14)[:, None] / BANDS)
    found = bands @ cosines.T
    spoken = found[take.speaking] if take.speaking.any() else found
    even: NDArray[np.float32] = np.clip((found - spoken.mean(axis=0)) / (spoken.std(axis=0) + 1e-6), -3, 3)
    return even.astype(np.float32)


@lru_cache(maxsize=1)
def _filters() -> NDArray[np.float32]:
    def mel(hertz: NDArray[np.float64] | float) -> NDArray[np.float64]:
        return np.asarray(2595 * np.log10(1 + np.asarray(hertz) / 700))

    bins = mel(np.arange(WINDOW // 2 + 1) * RATE / WINDOW)
    edges = np.linspace(mel(LOW_HZ), mel(HIGH_HZ), BANDS + 2)
    width = edges[1] - edges[0]
    rising, falling = (bins[None] - edges[:-2, None]) / width, (edges[2:, None] - bins[None]) / width
    filters: NDArray[np.float32] = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return filters
