"""A renderer that draws what it was told as blocks, so that a test can read it back from the decoded picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from visavis.engines import Look
from visavis.words import RATE, SLOT, Moment, Viseme

_BITS = 16
_ROWS = 4
_VISEMES = tuple(Viseme)
_OPEN = {Viseme.AA: 1.0, Viseme.E: 0.7, Viseme.O: 0.7, Viseme.I: 0.4, Viseme.U: 0.4, Viseme.SIL: 0.0, Viseme.PP: 0.0}


def openness(moment: Moment) -> float:
    """How far the mouth of the fake is open in the middle of the slot, 0..1."""
    return _OPEN.get(_shape(moment), 0.2)


@dataclass(frozen=True, slots=True)
class Blocks:
    """What a picture of the fake says."""

    pts: int
    openness: float
    viseme: Viseme


class FakeRenderer:
    """Fills the picture with rows of blocks: two with the bits of pts, the mouth's openness, the viseme's bits."""

    def __init__(self, avatar_folder: Path, look: Look) -> None:
        self.actions = {"idle": 2 * RATE, "nod": RATE, "wave": 2 * RATE}
        self._look = look

    def draw(self, moment: Moment, out: NDArray[np.uint8]) -> None:
        """Paint the moment; the picture is opaque but, with `look.alpha`, for its right half."""
        bits = [moment.pts >> n & 1 for n in range(2 * _BITS)]
        index = _VISEMES.index(_shape(moment))
        shape = [index >> n % 4 & 1 for n in range(_BITS)]
        rows: list[list[int] | list[float]] = [bits[:_BITS], bits[_BITS:], [openness(moment)] * _BITS, shape]
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                out[_cell(out.shape[0], out.shape[1], row, column)] = round(255 * value)
        out[..., 3] = 255
        if self._look.alpha:
            out[:, out.shape[1] // 2 :, 3] = 0


def read_blocks(luma: NDArray[np.uint8]) -> Blocks:
    """Read a decoded picture of `FakeRenderer`: grey levels 0..255, shape (height, width)."""
    height, width = luma.shape[:2]
    cells = [[luma[_cell(height, width, row, column)] for column in range(_BITS)] for row in range(_ROWS)]
    levels = np.array([[cell.mean() / 255 for cell in row] for row in cells])
    on = levels > 0.5
    pts = sum(int(bit) << n for n, bit in enumerate(on[:2].reshape(-1)))
    index = sum(int(bit) << n for n, bit in enumerate(on[3, :4]))
    return Blocks(pts, float(levels[2].mean()), _VISEMES[index])


def _shape(moment: Moment) -> Viseme:
    shape = Viseme.SIL
    for start, viseme in moment.visemes:
        if start > SLOT // 2:
            break
        shape = viseme
    return shape


def _cell(height: int, width: int, row: int, column: int) -> tuple[slice, slice]:
    def part(size: int, parts: int, n: int) -> slice:
        return slice(size * n // parts, size * (n + 1) // parts)

    return part(height, _ROWS, row), part(width, _BITS, column)
