"""The keyer for recordings without a screen: a network says roughly where a person is, the picture's edges exactly.

The last choice: hats, jewellery, loose hair and clothes like the background are not found surely.
"""

from __future__ import annotations

import cv2
import numpy as np

from avatars.faces.nets import open_net
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Floats, Keyed, Matte, Pixels
from avatars.keying.spread import spread
from visavis.weights import PERSON

SIDE = 256
"""Pixels of the square that the network sees."""
_WORK = 640
_RADIUS, _SMOOTH = 12, 1e-3
_LOW, _HIGH = 0.2, 0.8
_UNIT = np.float32(1 / 255)


class PortraitKeyer:
    """Keys persons before anything. Of the parameters only box, blur and erode count.

    Raises SetupError where the network or what runs it is not installed.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._net = open_net(PERSON)

    def key(self, picture: Pixels) -> Keyed:
        """`picture`: uint8 (h, w, 3)."""
        picture = np.ascontiguousarray(picture[..., :3])
        height, width = picture.shape[:2]
        seen = _floats(cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)) * _UNIT
        mask = next(iter(self._net(seen).values())).reshape(SIDE, SIDE)
        scale = min(1.0, _WORK / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = _floats(cv2.resize(picture, size, interpolation=cv2.INTER_AREA)) * _UNIT
        wide = _floats(cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR))
        soft = np.clip((guided(small, wide) - _LOW) / (_HIGH - _LOW), 0, 1)
        alpha = np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        matte = self._finished(np.rint(alpha * 255).astype(np.uint8))
        return Keyed(_clean(picture, matte), matte)

    def _finished(self, alpha: Matte) -> Matte:
        p = self.parameters
        if p.erode:
            alpha = np.asarray(cv2.erode(alpha, np.ones((2 * p.erode + 1, 2 * p.erode + 1), np.uint8)), np.uint8)
        if p.blur > 1:
            alpha = np.asarray(cv2.blur(alpha, (p.blur, p.blur)), np.uint8)
        height, width = alpha.shape
        left, top, right, bottom = p.box
        out = np.zeros_like(alpha)
        box = np.s_[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
        out[box] = alpha[box]
        return out


def guided(guide: Floats, values: Floats) -> Floats:
    """`values` (h, w) drawn to the edges of `guide` (h, w, 3), 0 to 1 (He et al., Guided Image Filtering, 2010)."""
    grey = _floats(guide.mean(axis=2))
    mean, wanted = _box(grey), _box(values)
    slope = (_box(grey * values) - mean * wanted) / (_box(grey * grey) - mean * mean + np.float32(_SMOOTH))
    return _floats(_box(_floats(slope)) * grey + _box(_floats(wanted - slope * mean)))


def _floats(values: object) -> Floats:
    return np.asarray(values, np.float32)


def _box(values: Floats) -> Floats:
    side = 2 * _RADIUS + 1
    return np.asarray(cv2.blur(values, (side, side)), np.float32)


def _clean(picture: Pixels, alpha: Matte) -> Pixels:
    """Colours of the person's inside wherever the background shows through."""
    height, width = alpha.shape
    size = (max(1, width // 4), max(1, height // 4))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.float32)
    opaque = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)) >= 250
    inner = np.asarray(cv2.resize(spread(small, opaque.astype(np.float32)), (width, height)), np.float32)
    share = alpha[..., None].astype(np.float32) / 255
    return np.rint(np.clip(picture * share + inner * (1 - share), 0, 255)).astype(np.uint8)
