"""The screen behind the person: its colour, where it is seen, and how it would look where she stands before it.

The sampled colour says which hue is screen; how bright and how saturated the screen really is, is measured in the
picture, place by place (a "clean plate"), so that uneven light and soft shadows are keyed like the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.keying.parameters import LEAST_APART, Parameters
from avatars.keying.picture import Floats, Pixels
from avatars.keying.spread import spread
from visavis.errors import EngineError

SHRINK = 4
"""The plate has a quarter of the picture's width and height."""
CONE = 0.6
"""How much a difference of hue counts against one of saturation."""
RING = 0.05
"""Share of the picture's smaller side that its border has."""
_SEED_COSINE, _FAINT = 0.77, 9.0
_SEEN, _ENOUGH = 0.4, 0.004

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Screen:
    """`plate`: float32 (h/4, w/4, 3), red green blue of the screen everywhere. `seen`: where it is not covered."""

    channel: int
    """1 for a green screen, 2 for a blue one."""
    chroma: tuple[float, float]
    """Cr and Cb of the screen as a whole, 0 being grey."""
    plate: Floats
    seen: Mask

    @property
    def axes(self) -> Floats:
        """float32 (h/4, w/4, 2): by what Cr and Cb are multiplied to be 1 at the screen's own colour."""
        chroma = chroma_of(self.plate)
        return np.asarray(chroma / np.maximum((chroma**2).sum(axis=2), 1.0)[..., None], np.float32)


def found(small: Pixels, parameters: Parameters) -> Screen | None:
    """The screen in a picture that was shrunk by `SHRINK`; None if there is none. Raises EngineError (`sample`)."""
    values = small.astype(np.float32)
    inside = _within(small.shape[:2], parameters.box)
    seed, channel = _seed(small, parameters)
    chroma = chroma_of(values)
    key = _key(chroma, seed, inside)
    if key is None:
        return None
    close, off = along(chroma, key / float(key @ key))
    seen = (close >= _SEEN) & (off <= 0.35 * close + 0.1) & inside
    if seen.mean() < _ENOUGH:
        return None
    sure = cv2.erode(seen.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0
    sure = sure if sure.any() else seen
    plate = spread(values, sure.astype(np.float32))
    return Screen(channel, (float(key[0]), float(key[1])), plate, seen)


def chroma_of(rgb: Floats) -> Floats:
    """float32 (h, w, 2): Cr and Cb around 0 (full range, BT.601 weights)."""
    luma = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.stack([(rgb[..., 0] - luma) * np.float32(0.713), (rgb[..., 2] - luma) * np.float32(0.564)], axis=-1)


def along(chroma: Floats, axis: Floats) -> tuple[Floats, Floats]:
    """How far colours lie in the direction of the screen's, which has 1, and how far beside it."""
    close = chroma[..., 0] * axis[..., 0] + chroma[..., 1] * axis[..., 1]
    return close, np.abs(chroma[..., 0] * axis[..., 1] - chroma[..., 1] * axis[..., 0])


def ring(height: int, width: int) -> Mask:
    """The border left, right and above; below stands the person."""
    deep = max(1, round(RING * min(height, width)))
    mask = np.zeros((height, width), np.bool_)
    mask[:deep] = mask[:, :deep] = mask[:, -deep:] = True
    return mask


def sampled(small: Pixels, parameters: Parameters) -> tuple[int, int, int]:
    """The screen's colour as red, green, blue: what was given, or what the border has. Raises EngineError."""
    if parameters.sample is None:
        blue, green, red = parameters.sample_bgr
        return red, green, blue
    height, width = small.shape[:2]
    rows = small[ring(height, width) & _within((height, width), parameters.box)]
    middle = np.median(rows, axis=0) if len(rows) else np.zeros(3)
    red, green, blue = (round(float(each)) for each in middle)
    if max(green - max(red, blue), blue - max(red, green)) < LEAST_APART // 2:
        problem = f"the border of the picture is neither green nor blue but #{red:02x}{green:02x}{blue:02x}"
        raise EngineError("keying", problem, "give SamplePointBgr, or choose the method portrait")
    return red, green, blue


def _seed(small: Pixels, parameters: Parameters) -> tuple[Floats, int]:
    red, green, blue = sampled(small, parameters)
    chroma = chroma_of(np.array([[[red, green, blue]]], np.float32))[0, 0]
    return np.asarray(chroma / np.linalg.norm(chroma), np.float32), 1 if green >= blue else 2


def _key(chroma: Floats, seed: Floats, inside: Mask) -> Floats | None:
    """The chroma that the screen has in the middle, from its border where that shows it."""
    size = np.hypot(chroma[..., 0], chroma[..., 1])
    alike = (chroma @ seed > _SEED_COSINE * size) & (size > _FAINT) & inside
    border = ring(*alike.shape)
    at_border = alike & border
    if at_border.sum() >= 0.2 * border.sum():
        alike = at_border
    if alike.mean() < _ENOUGH:
        return None
    strong = alike & (size >= 0.5 * np.percentile(size[alike], 90))
    return np.asarray(np.median(chroma[strong], axis=0), np.float32)


def _within(shape: tuple[int, ...], box: tuple[float, float, float, float]) -> Mask:
    height, width = shape[:2]
    left, top, right, bottom = box
    mask = np.zeros((height, width), np.bool_)
    mask[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = True
    return mask
