"""Sound as numbers: resampling without seams, levels, bytes.

PCM is mono int16 in a one-dimensional array; levels are dBFS, where 0 is a full-scale square wave.
"""

from __future__ import annotations

import math

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from visavis.words import Pcm

FULL_SCALE = 32_768.0
SILENCE_DBFS = -120.0
"""The level of digital silence, and the lowest that is ever reported."""


def empty() -> Pcm:
    """No samples at all."""
    return np.zeros(0, np.int16)


class Resampler:
    """Turns a stream of one sample rate into another; however it is cut, the sum of the output is the same.

    The output is not delayed: its sample k lies at k / `target_hz` of the input. What a `push` cannot know
    yet comes with the next one, the rest with `flush`, after which the resampler is fresh again.
    """

    def __init__(self, source_hz: int, target_hz: int) -> None:
        if source_hz <= 0 or target_hz <= 0:
            raise ValueError(f"sample rates must be positive, got {source_hz} and {target_hz} Hz")
        self.source_hz, self.target_hz = source_hz, target_hz
        same = source_hz == target_hz
        self._stream = None if same else soxr.ResampleStream(source_hz, target_hz, 1, dtype="float32", quality="HQ")

    def push(self, pcm: Pcm) -> Pcm:
        """What is known after `pcm`, at the target rate; it may be empty."""
        if self._stream is None or not len(pcm):
            return pcm
        return to_pcm(self._stream.resample_chunk(pcm.astype(np.float32)))

    def flush(self) -> Pcm:
        """The rest of the output; the next `push` begins another signal."""
        if self._stream is None:
            return empty()
        rest = to_pcm(self._stream.resample_chunk(np.zeros(0, np.float32), last=True))
        self._stream.clear()
        return rest


def to_pcm(samples: NDArray[np.float32]) -> Pcm:
    """Samples on the scale of int16, rounded and kept within it."""
    rounded: Pcm = np.clip(np.rint(samples), -FULL_SCALE, FULL_SCALE - 1).astype(np.int16)
    return rounded


def resample(pcm: Pcm, source_hz: int, target_hz: int) -> Pcm:
    """A whole signal at another rate."""
    resampler = Resampler(source_hz, target_hz)
    return np.concatenate([resampler.push(pcm), resampler.flush()])


def dbfs(pcm: Pcm) -> float:
    """The level (RMS) of all of `pcm`; `SILENCE_DBFS` when it is empty or all zero."""
    if not len(pcm):
        return SILENCE_DBFS
    wide = pcm.astype(np.float64)
    rms = math.sqrt(float(np.dot(wide, wide)) / len(pcm))
    return max(SILENCE_DBFS, 20.0 * math.log10(rms / FULL_SCALE)) if rms else SILENCE_DBFS


def first_above(pcm: Pcm, level: float) -> int | None:
    """The first sample whose magnitude lies above `level` dBFS, None when all are quieter."""
    loud = _louder(pcm, level)
    return int(loud.argmax()) if loud.any() else None


def last_above(pcm: Pcm, level: float) -> int | None:
    """The last sample whose magnitude lies above `level` dBFS, None when all are quieter."""
    loud = _louder(pcm, level)
    return len(pcm) - 1 - int(loud[::-1].argmax()) if loud.any() else None


def _louder(pcm: Pcm, level: float) -> NDArray[np.bool_]:
    above: NDArray[np.bool_] = np.abs(pcm.astype(np.int32)) > FULL_SCALE * 10.0 ** (level / 20.0)
    return above


def to_bytes(pcm: Pcm) -> bytes:
    """PCM16, little-endian."""
    return pcm.astype("<i2", copy=False).tobytes()


def from_bytes(data: bytes) -> Pcm:
    """PCM16, little-endian; raises ValueError when half a sample is left over."""
    if len(data) % 2:
        raise ValueError(f"PCM16 has an even number of bytes, got {len(data)}")
    return np.frombuffer(data, "<i2").astype(np.int16)
