"""The keyer for green and blue screens: closeness in the chroma plane, two thresholds, and clean colours at the edge.

Recorded pictures are keyed when an avatar is built and stored with their alpha; nothing of this runs live.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from avatars.keying.border import mended
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Floats, Keyed, Matte, Pixels
from avatars.keying.screen import CONE, SHRINK, Screen, along, found
from avatars.keying.spill import despilled
from avatars.keying.spread import spread

_BAND = 64
"""Rows that are worked on at a time, so that they stay in the processor's cache."""
_MOST = 217
"""Closeness beyond which too little of the person is in a pixel to tell her colour."""
EDGE = 0.012
"""Share of the height within which an edge lies; what is further from any background is held as opaque."""


class ChromaKeyer:
    """Keys pictures before a green or blue screen. Without a screen in it a picture stays as it is, all opaque."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        ramp = (parameters.high - np.arange(256, dtype=np.float32)) / (parameters.high - parameters.low)
        self._ramp = np.rint(np.clip(ramp, 0, 1) * 255).astype(np.uint8)

    def key(self, picture: Pixels) -> Keyed:
        """`picture`: uint8 (h, w, 3). Raises EngineError where `SamplePoint: auto` finds neither green nor blue."""
        picture = np.ascontiguousarray(picture[..., :3])
        small = shrunk(picture)
        screen = found(small, self.parameters)
        if screen is None:
            return Keyed(picture.copy(), self._boxed(np.full(picture.shape[:2], 255, np.uint8)))
        close = closeness(picture, screen.axes)
        picture, close = mended(picture, close)
        alpha = self._matte(close, small, screen)
        return Keyed(self._coloured(picture, close, alpha, screen), alpha)

    def _matte(self, close: Matte, small: Pixels, screen: Screen) -> Matte:
        alpha: Matte = np.asarray(cv2.LUT(close, self._ramp), np.uint8)
        core = self._core(closeness(small, screen.axes), alpha.shape)
        alpha = np.maximum(alpha, core)
        return self._boxed(self._edged(alpha))

    def _core(self, small_close: Matte, shape: tuple[int, ...]) -> Matte:
        """255 well inside the person, where the screen's reflections must not make holes."""
        background = (small_close >= self.parameters.high).astype(np.uint8)
        reach = max(2, round(EDGE * shape[0] / SHRINK))
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        near = cv2.dilate(background, disc)
        return _grown(np.where(near, np.uint8(0), np.uint8(255)), shape)

    def _edged(self, alpha: Matte) -> Matte:
        p = self.parameters
        out: object = alpha
        if p.blur > 1:
            out = cv2.blur(alpha, (p.blur, p.blur))
        if p.erode:
            out = cv2.erode(np.asarray(out), np.ones((2 * p.erode + 1, 2 * p.erode + 1), np.uint8))
        if p.feather:
            side = p.feather // 2 * 2 + 1
            shrunk = cv2.erode(np.asarray(out), np.ones((side, side), np.uint8))
            out = np.minimum(np.asarray(out), np.asarray(cv2.blur(shrunk, (side, side))))
        return np.asarray(out, np.uint8)

    def _boxed(self, alpha: Matte) -> Matte:
        height, width = alpha.shape
        left, top, right, bottom = self.parameters.box
        alpha[: round(top * height)] = alpha[round(bottom * height) :] = 0
        alpha[:, : round(left * width)] = alpha[:, round(right * width) :] = 0
        return alpha

    def _coloured(self, picture: Pixels, close: Matte, alpha: Matte, screen: Screen) -> Pixels:
        """The person's own colours; beyond the edge they go on, so that nothing of the screen is left to shine in."""
        plate = _grown(np.clip(screen.plate, 0, 255).astype(np.uint8), alpha.shape)
        small = shrunk(picture)
        opaque = cv2.erode(shrunk(alpha), np.ones((3, 3), np.uint8)) == 255
        inner = _grown(_spread_colours(small, opaque), alpha.shape)
        sure = np.minimum(alpha, np.asarray(cv2.blur(cv2.erode(alpha, np.ones((3, 3), np.uint8)), (5, 5)), np.uint8))
        out = np.empty_like(picture)
        for rows in _bands(len(picture)):
            if not alpha[rows].any():
                out[rows] = inner[rows]
                continue
            colours = unmixed(picture[rows], plate[rows], inner[rows], close[rows], sure[rows])
            out[rows] = despilled(colours, inner[rows], sure[rows], screen.channel, self.parameters)
        return out


def closeness(picture: Pixels, axes: Floats) -> Matte:
    """uint8 (h, w): 255 at the screen's own colour, 0 at grey and whatever has another hue."""
    size = (picture.shape[1], picture.shape[0])
    wide = np.asarray(cv2.resize(axes, size, interpolation=cv2.INTER_LINEAR), np.float32)
    out = np.empty(picture.shape[:2], np.uint8)
    for rows in _bands(len(picture)):
        near, off = along(_chroma(picture[rows]), wide[rows])
        near -= off * np.float32(CONE)
        out[rows] = np.clip(near * 255, 0, 255)
    return out


def unmixed(picture: Pixels, plate: Pixels, inner: Pixels, close: Matte, sure: Matte) -> Pixels:
    """Colours without the share that the screen has in them; `sure` is how much they count against those inside."""
    out: Pixels = np.asarray(cv2.copyTo(picture, sure, inner.copy()), np.uint8)
    edge = np.flatnonzero(cv2.inRange(sure, 1, 254))
    if not len(edge):
        return out
    whole, behind, inside = (each.reshape(-1, 3)[edge] for each in (picture, plate, inner))
    opacity = sure.reshape(-1)[edge][:, None].astype(np.float32) / 255
    screen = np.minimum(close.reshape(-1)[edge], _MOST)[:, None].astype(np.float32) / 255
    own = (whole - screen * behind) / (1 - screen)
    out.reshape(-1, 3)[edge] = np.rint(np.clip(own, 0, 255) * opacity + inside * (1 - opacity))
    return out


def _spread_colours(small: Pixels, opaque: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Pixels:
    filled = spread(small.astype(np.float32), opaque.astype(np.float32))
    return np.clip(np.rint(filled), 0, 255).astype(np.uint8)


def _chroma(rows: Pixels) -> Floats:
    """As `screen.chroma_of`, in whole levels, which is what recordings have, and four times as fast."""
    found = cv2.cvtColor(rows, cv2.COLOR_RGB2YCrCb)[..., 1:]
    return np.subtract(found, np.float32(128), dtype=np.float32)


def _bands(height: int) -> Iterator[slice]:
    return (slice(at, at + _BAND) for at in range(0, height, _BAND))


def shrunk(picture: Pixels) -> Pixels:
    """A picture or matte at a quarter of its size, as `screen.found` takes it."""
    height, width = picture.shape[:2]
    size = (max(1, width // SHRINK), max(1, height // SHRINK))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _grown(small: Pixels, shape: tuple[int, ...]) -> Pixels:
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)
