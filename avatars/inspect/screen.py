"""The green or blue screen as one frame shows it: one colour or several, even or not, and its light on the person."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.keying.spill import spill_share

RING = 0.06
"""Share of the picture's smaller side that its border has."""
_LEAST_SATURATION, _LEAST_VALUE = 60, 30
_HUES = {1: (35, 95), 2: (96, 130)}
"""OpenCV's hues, 0 to 180, of green and of blue screens."""
_SCREEN_SHARE = 0.4
"""Share of the border, but its foot, that has to be screen."""
_SAME_HUE = 14
_SHADOW = 0.55
_SPLIT = 0.08
_OBJECT = 0.0008


@dataclass(frozen=True, slots=True)
class ScreenLook:
    """`channel`: 1 green, 2 blue. Shares are of the screen's pixels, `spill` of the person's, `objects` of all."""

    channel: int
    second: float
    """Share of a second, clearly different shade; 0 where there is one."""
    uneven: float
    """Difference of brightness between its darkest and brightest twentieth, by its middle one."""
    shadow: float
    spill: float
    objects: float
    person: tuple[float, float]
    """Left and right end of what stands before it, in shares of the width."""


def looked(picture: NDArray[np.uint8]) -> ScreenLook | None:
    """What `picture` (height, width, 3; red, green, blue) shows of a screen; None where its border is none."""
    hsv = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2HSV), np.uint8)
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    border = _ring(*hue.shape)
    for channel, (low, high) in _HUES.items():
        coloured = (hue >= low) & (hue <= high) & (saturation >= _LEAST_SATURATION) & (value >= _LEAST_VALUE)
        if coloured[border].mean() >= _SCREEN_SHARE:
            return _look(picture, hsv, coloured & border, channel)
    return None


def _look(picture: NDArray[np.uint8], hsv: NDArray[np.uint8], seed: NDArray[np.bool_], channel: int) -> ScreenLook:
    hue, value = hsv[..., 0].astype(np.int16), hsv[..., 2].astype(np.float32)
    commonest = int(np.argmax(np.bincount(hsv[seed][:, 0], minlength=180)))
    near = np.abs(hue - commonest) <= _SAME_HUE
    screen = near & (hsv[..., 1] >= 0.4 * np.median(hsv[seed][:, 1])) & (value >= _LEAST_VALUE)
    bright = value[screen]
    low, usual, high = np.percentile(bright, [5, 50, 95])
    second = _second(float((~near)[seed].mean()), bright)
    person = _largest(~screen)
    columns = np.flatnonzero(person.any(axis=0))
    inner = cv2.erode(person.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    ends = (float(columns[0]), float(columns[-1] + 1)) if len(columns) else (0.0, 0.0)
    return ScreenLook(
        channel, second, float((high - low) / max(usual, 1.0)), float((bright < _SHADOW * usual).mean()),
        spill_share(picture, inner, channel), 0.0 if second else _objects(screen, person),
        (ends[0] / hue.shape[1], ends[1] / hue.shape[1]),
    )  # fmt: skip


def _second(other: float, bright: NDArray[np.float32]) -> float:
    """Share of the smaller of two shades; 0 unless each is even in itself and far from the other.

    `other`: share of the border whose hue is not the screen's.
    """
    if other >= _SPLIT:
        return min(other, 1 - other)
    levels = bright.astype(np.uint8)
    limit = cv2.threshold(levels.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    dark, light = levels[levels <= limit], levels[levels > limit]
    share = min(len(dark), len(light)) / len(levels)
    if share < _SPLIT:
        return 0.0
    apart, wide = float(np.median(light)) - float(np.median(dark)), float(_spread(dark) + _spread(light))
    return share if apart > 35 and apart > 2.5 * wide else 0.0


def _spread(levels: NDArray[np.uint8]) -> float:
    low, high = np.percentile(levels, [10, 90])
    return float(high - low) / 2


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    if count < 2:
        return np.zeros_like(mask)
    return np.asarray(labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])), np.bool_)


def _objects(screen: NDArray[np.bool_], person: NDArray[np.bool_]) -> float:
    """Share of the picture that is neither screen nor person, in pieces large enough to be seen."""
    near = cv2.dilate(person.astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    _, _, stats, _ = cv2.connectedComponentsWithStats((~screen & ~near).astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA] / screen.size
    return float(areas[areas >= _OBJECT].sum())


def _ring(height: int, width: int) -> NDArray[np.bool_]:
    deep = max(1, round(RING * min(height, width)))
    mask = np.zeros((height, width), np.bool_)
    mask[:deep] = True
    mask[: height * 2 // 3, :deep] = mask[: height * 2 // 3, -deep:] = True
    return mask
