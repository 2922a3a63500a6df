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
    over = excess(rgb, channel, mean)
    kept = np.where(sure == 255, over, np.minimum(over, excess(inside, channel, mean)))
    out = rgb.copy()
    out[..., channel] = np.rint(rgb[..., channel] - over + kept * np.float32(1 - parameters.spill))
    return out


def balance(parameters: Parameters) -> float:
    """From 0, up to the larger of the two other channels, to 1, up to their mean, is what the screen's may have."""
    return max(0.0, (parameters.removal - 1) / 99)


def excess(rgb: Pixels, channel: int, mean: float) -> Floats:
    """By how much the screen's channel stands above what the others allow it, in levels; never below 0."""
    red, other = rgb[..., 0].astype(np.float32), rgb[..., 3 - channel].astype(np.float32)
    top = np.maximum(red, other)
    allowed = top if mean == 0 else top * np.float32(1 - mean) + (red + other) * np.float32(mean / 2)
    return np.maximum(rgb[..., channel] - allowed, np.float32(0))


def spill_share(rgb: Pixels, where: NDArray[np.bool_], channel: int = 1) -> float:
    """Share of the pixels `where` (skin, hair, an edge) that are visibly tinted by the screen; 0 if there are none."""
    picked = rgb[where]
    if not len(picked):
        return 0.0
    return float((excess(picked, channel, 0.0) > VISIBLE).mean())
