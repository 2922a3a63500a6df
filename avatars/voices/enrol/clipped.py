"""Where a signal runs against a ceiling, found at the rate at which it was recorded, block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FLAT_S = 0.0002
"""A top that stays level for so long is no wave's: one of 100 Hz falls by 0.2 % within it."""
LEVEL = 0.0005
"""How much of its height such a top may vary."""
LOUD = 0.2
FULL = 0.985
"""Share of full scale at which three samples in a row are clipping, even rippled by a lossy codec."""
JOIN_S = 0.05


class Clipped:
    """Push (channels, samples) blocks between -1 and 1; `spans` are the seconds at which any channel clips."""

    def __init__(self, rate: int) -> None:
        self._rate, self._at = rate, 0
        self._flat = max(3, round(FLAT_S * rate))
        self._rest: NDArray[np.float32] | None = None
        self._found: list[tuple[float, float]] = []

    def push(self, block: NDArray[np.float32]) -> None:
        joined = block if self._rest is None else np.concatenate([self._rest, block], axis=1)
        begin = self._at - (0 if self._rest is None else self._rest.shape[1])
        for row in joined:
            for at in self._tops(row):
                self._note((begin + at) / self._rate)
        self._at += block.shape[1]
        self._rest = joined[:, -(self._flat - 1) :]

    def spans(self) -> tuple[tuple[float, float], ...]:
        """What was found, near ones joined."""
        merged: list[list[float]] = []
        for start, end in sorted(self._found):
            if merged and start - merged[-1][1] < JOIN_S:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return tuple((round(a, 4), round(b, 4)) for a, b in merged)

    def _tops(self, row: NDArray[np.float32]) -> NDArray[np.intp]:
        """Where a clipped top begins."""
        height = np.abs(row)
        if len(row) < self._flat or float(height.max()) < LOUD:
            return np.zeros(0, np.intp)
        count = len(row) - self._flat + 1
        loud = np.flatnonzero(height[:count] >= LOUD)
        windows = np.lib.stride_tricks.sliding_window_view(row, self._flat)[loud]
        level = np.ptp(windows, axis=1) <= LEVEL * np.abs(windows[:, 0])
        three = np.lib.stride_tricks.sliding_window_view(row, 3)[loud]
        full = np.all(three >= FULL, axis=1) | np.all(three <= -FULL, axis=1)
        return np.asarray(loud[level | full], np.intp)

    def _note(self, second: float) -> None:
        end = second + self._flat / self._rate
        if self._found and second - self._found[-1][1] < JOIN_S and second >= self._found[-1][0]:
            self._found[-1] = (self._found[-1][0], end)
        else:
            self._found.append((second, end))
