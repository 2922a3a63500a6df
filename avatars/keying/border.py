"""Foreign rows at the picture's border: the one-pixel black line that cutting programmes leave beside a screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.keying.picture import Matte, Pixels

DEEPEST = 3
"""Rows on each side that are mended; a wider bar belongs to the recording and is told by the inspection."""
_SCREEN = 115
_SIDES = ("top", "bottom", "left", "right")


def mended(picture: Pixels, close: Matte) -> tuple[Pixels, Matte]:
    """The same with foreign border rows replaced by what lies inside of them. `close` as `chroma.closeness` has it."""
    found = foreign_rows(close)
    if not any(found.values()):
        return picture, close
    picture, close = picture.copy(), close.copy()
    for side, rows in found.items():
        for array in (_turned(picture, side), _turned(close, side)):
            array[:rows] = array[rows]
    return picture, close


def foreign_rows(close: Matte, deepest: int = DEEPEST) -> dict[str, int]:
    """How many rows at each side hide the screen that lies right behind them; 0 where it begins at the border."""
    return {side: _foreign(_turned(close, side), deepest) for side in _SIDES}


def _foreign(close: Matte, deepest: int) -> int:
    depth = min(deepest, len(close) - 1)
    is_screen = close[: depth + 1] >= _SCREEN
    for rows in range(depth, 0, -1):
        inner, outer = is_screen[rows], is_screen[rows - 1]
        if inner.mean() >= 0.05 and (inner & ~outer).sum() > 0.6 * inner.sum():
            return rows
    return 0


def _turned(array: NDArray[np.uint8], side: str) -> NDArray[np.uint8]:
    """A view whose first row is that side's outermost."""
    match side:
        case "bottom":
            return array[::-1]
        case "left":
            return array.swapaxes(0, 1)
        case "right":
            return array.swapaxes(0, 1)[::-1]
        case _:
            return array
