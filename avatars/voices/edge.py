"""Where another engine's sound comes in: its numbers and its rate become the session's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from visavis.errors import EngineError
from visavis.signal import FULL_SCALE, Resampler, to_pcm
from visavis.words import RATE, Pcm

LOWEST_HZ, HIGHEST_HZ = 8_000, 192_000


class Edge:
    """Takes samples at `hz`, gives PCM at `RATE`. Raises EngineError for a rate that no voice has."""

    def __init__(self, engine: str, hz: int) -> None:
        if not LOWEST_HZ <= hz <= HIGHEST_HZ:
            raise EngineError(engine, f"{hz} Hz is no rate of speech", f"it must be {LOWEST_HZ} to {HIGHEST_HZ}")
        self._engine, self._resampler = engine, Resampler(hz, RATE)

    def push(self, samples: NDArray[Any]) -> Pcm:
        """int16, or floating point in -1..1, of one dimension. Raises EngineError for what are no numbers."""
        if samples.dtype == np.int16:
            return self._resampler.push(samples)
        if not np.isfinite(samples).all():
            raise EngineError(self._engine, "its sound holds values that are no numbers", "check the voice's weights")
        return self._resampler.push(to_pcm(samples.astype(np.float32) * np.float32(FULL_SCALE - 1)))

    def flush(self) -> Pcm:
        """The rest; the next `push` begins another sound."""
        return self._resampler.flush()
