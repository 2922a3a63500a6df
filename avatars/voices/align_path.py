"""Finds the same moments in two recordings of one text: dynamic time warping that goes along with a stream.

Rows are frames of the reference, whose phonemes are known; every frame of the sound that arrives goes on by none to
`STEPS[-1]` rows. What two voices share of a phoneme are the cepstrum and the level, each about its own mean, and how
they change (after Sakoe and Chiba 1978; the use of espeak's speech as the reference is aeneas's).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.voices.align_sound import BANDS, Frames

STEPS = (0, 1, 2, 3)
CEPSTRA = 12
LEVEL = 3.0
"""The level weighs as much as that many cepstra."""
DEPTH = 9.0
"""Levels further below the loudest are taken for silence: 39 dB, in natural logarithms of power."""
HEARSAY = 100.0
"""The reference's own means count as that many frames of the voice until it has been heard itself."""
QUIET, REST = 6.0, 4.5
"""A frame that far below the loudest may be a pause that the reference does not have: it costs that much wherever the
sound is, so that no pause pulls the rows behind it near."""
_NEVER = 1e9
_COSINES = np.sqrt(2 / BANDS) * np.cos(
    np.pi / BANDS * np.arange(1, CEPSTRA + 1)[:, None] * (np.arange(BANDS) + 0.5)
)  # fmt: skip


class _Scale:
    """Brings a voice's cepstra and levels about 0, by what was heard of it so far."""

    def __init__(self, reference: Frames) -> None:
        cepstra, level = reference @ _COSINES.T, reference.mean(axis=1)
        self._weight = HEARSAY
        self._sum = cepstra.mean(axis=0) * HEARSAY
        self._squares = (cepstra**2).mean(axis=0) * HEARSAY
        below = np.maximum(level - level.max(), -DEPTH)
        self._usual, self._spread = below.mean(), max(0.1, float(below.std()))
        self._peak = -np.inf

    def reference(self, frames: Frames) -> Frames:
        self._peak = float(frames.mean(axis=1).max())
        scaled = self._scaled(frames)
        self._peak = -np.inf
        return scaled

    def heard(self, frames: Frames) -> Frames:
        level = frames.mean(axis=1)
        self._peak = max(self._peak, float(level.max()))
        loud = frames[level > self._peak - DEPTH] @ _COSINES.T
        self._weight += len(loud)
        self._sum += loud.sum(axis=0)
        self._squares += (loud**2).sum(axis=0)
        return self._scaled(frames)

    def quiet(self, frames: Frames) -> NDArray[np.bool_]:
        """Which of the frames heard last may be a pause."""
        return np.asarray(frames.mean(axis=1) < self._peak - QUIET)

    def _scaled(self, frames: Frames) -> Frames:
        mean = self._sum / self._weight
        spread = np.sqrt(np.maximum(self._squares / self._weight - mean**2, 1e-3))
        level = np.maximum(frames.mean(axis=1) - self._peak, -DEPTH)
        return np.column_stack([(frames @ _COSINES.T - mean) / spread, LEVEL * (level - self._usual) / self._spread])


class Path:
    """The way of a sound along its reference. `pace` is how many rows a frame is expected to take."""

    def __init__(self, reference: Frames, pace: float) -> None:
        self._scale = _Scale(reference)
        rows = self._scale.reference(reference)
        self._rows = np.column_stack([rows, np.gradient(rows, axis=0)])
        self._weights = (self._rows**2).sum(axis=1)
        self._dear = [abs(float(np.log((step + 0.5) / (pace + 0.5)))) for step in STEPS]
        self._cost = np.full(len(rows), _NEVER)
        self._back: list[NDArray[np.int8]] = []
        self._last: Frames | None = None
        self._count = np.arange(len(rows))

    @property
    def frames(self) -> int:
        """How many were heard."""
        return len(self._back)

    @property
    def row(self) -> int:
        """Where the sound seems to be now."""
        return int(self._cost.argmin())

    def push(self, frames: Frames) -> None:
        """Go along with the sound."""
        if not len(frames):
            return
        heard = self._scale.heard(frames)
        before = heard[:1] if self._last is None else self._last
        both = np.column_stack([heard, np.diff(np.concatenate([before, heard]), axis=0)])
        self._last = heard[-1:]
        squares = (both**2).sum(axis=1)[:, None] + self._weights - 2 * both @ self._rows.T
        quiet = self._scale.quiet(frames)
        for costs, rests in zip(np.sqrt(np.maximum(squares, 0.0)), quiet, strict=True):
            self._step(costs, rests=bool(rests))

    def _step(self, costs: NDArray[np.float64], *, rests: bool) -> None:
        if not self._back:
            self._back.append(np.zeros(len(costs), np.int8))
            self._cost[0] = costs[0]
            return
        ways = np.full((len(STEPS), len(costs)), _NEVER)
        for index, step in enumerate(STEPS):
            ways[index, step:] = self._cost[: len(costs) - step] + self._dear[index] + costs[step:]
        if rests:
            ways[0] = np.minimum(ways[0], self._cost + REST)
        ways[0, [0, -1]] = self._cost[[0, -1]] + costs[[0, -1]]
        chosen = ways.argmin(axis=0)
        self._cost = ways[chosen, self._count]
        self._back.append(chosen.astype(np.int8))

    def rows(self, since: int, row: int) -> NDArray[np.intp]:
        """The rows of all frames from `since`, on the best way that ends at `row`."""
        found = np.zeros(self.frames - since, np.intp)
        for frame in range(self.frames - 1, since - 1, -1):
            found[frame - since] = row
            row = max(0, row - STEPS[self._back[frame][row]])
        return found
