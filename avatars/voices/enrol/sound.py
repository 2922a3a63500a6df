"""A recording as numbers, and what its file was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from visavis.words import RATE, Pcm

Span = tuple[float, float]
"""From and to, in seconds."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file was before it was brought to mono and to `RATE`."""

    codec: str
    rate: int
    channels: int
    duration_s: float
    used: str = "only"
    """Which of two channels was taken: `only`, `both`, `left` or `right`."""
    dead: str = ""
    """The channel in which there is nothing: `left`, `right` or none."""
    clipped: tuple[Span, ...] = ()
    """Where the signal runs against its ceiling, as recorded."""
    broken_frames: int = 0

    @classmethod
    def read(cls, told: dict[str, Any]) -> Source:
        """From what `decode_child` tells."""
        return cls(**{**told, "clipped": tuple((float(a), float(b)) for a, b in told["clipped"])})


@dataclass(frozen=True, slots=True)
class Recording:
    """One file: mono `pcm` at `RATE`, and the name that people know it by."""

    name: str
    pcm: Pcm
    source: Source = field(default_factory=lambda: Source("pcm_s16le", RATE, 1, 0.0))

    @property
    def seconds(self) -> float:
        return len(self.pcm) / RATE
