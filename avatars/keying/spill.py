"""The screen's light on the person: taking it away, and measuring how much there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.keying.parameters import Parameters
from avatars.keying.picture import Floats, Matte, Pixels

VISIBLE = 10
"""Levels by which the screen's channel must exceed both others before the eye calls it a tint."""


def despilled(rgb: Pixels, inside: Pixels, sure: Matte, channel: int, parameters: Parameters) -> Pixels:
    """The same with `SpillByalpha` less of the screen's excess; a pixel without excess keeps its values.

    At the edge, where `sure` is under 255, the excess first comes down to that of the colours `inside`, so that the
    rim has no tint of its own, of green or of its opposite. `channel`: 1 for green, 2 for blue.
    """
    mean = balance(parameters)
    over, within = excess(rgb, channel, mean), excess(inside, channel, mean)
    kept = np.where(sure == 255, over, np.minimum(over, within))
    over -= kept * np.float32(1 - parameters.spill)
    out = rgb.copy()
    out[..., channel] = np.rint(rgb[..., channel] - over)
    return out


def balance(parameters: Parameters) -> float:
    """From 0, up to the larger of the two other channels, to 1, up to their mean, is what the screen's may have."""
    return max(0.0, (parameters.removal - 1) / 99)


def excess(rgb: Pixels, channel: int, mean: float) -> Floats:
    """By how much the screen's channel stands above what the others allow it, in levels; never below 0."""
    mine, red, other = (np.ascontiguousarray(rgb[..., at], np.float32) for at in (channel, 0, 3 - channel))
    allowed = np.maximum(red, other)
    if mean:
        allowed *= np.float32(1 - mean)
        red += other
        red *= np.float32(mean / 2)
        allowed += red
    mine -= allowed
    return np.maximum(mine, np.float32(0), out=mine)


def spill_share(rgb: Pixels, where: NDArray[np.bool_], channel: int = 1) -> float:
    """Share of the pixels `where` (skin, hair, an edge) that are visibly tinted by the screen; 0 if there are none."""
    picked = rgb[where]
    if not len(picked):
        return 0.0
    return float((excess(picked, channel, 0.0) > VISIBLE).mean())
