"""The turned square of a picture that the face mesh looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.faces.face import Picture, Points

MARGIN = 1.5
"""The square's side is so many times the face's longer one; the network was trained on such squares."""
LEFT_EYE, RIGHT_EYE = 33, 263
"""Points of the mesh: the outer corners of the eyes, left and right in the picture."""


@dataclass(frozen=True, slots=True)
class Region:
    """A square: the middle and the side in pixels, turned clockwise by `angle` radians."""

    x: float
    y: float
    side: float
    angle: float

    @staticmethod
    def around(points: Points) -> Region:
        """The square around the points of a mesh, upright with its eyes."""
        step = points[RIGHT_EYE, :2] - points[LEFT_EYE, :2]
        angle = math.atan2(float(step[1]), float(step[0]))
        upright = points[:, :2] @ _turn(angle)
        low, high = upright.min(axis=0), upright.max(axis=0)
        middle = _turn(angle) @ ((low + high) / 2)
        return Region(float(middle[0]), float(middle[1]), MARGIN * float((high - low).max()), angle)

    def cut(self, rgb: Picture, size: int) -> Picture:
        """The square as `size` x `size` pixels; the picture's border goes on where it lies outside."""
        reach = self.side * (abs(math.cos(self.angle)) + abs(math.sin(self.angle))) / 2 + 2
        left, right = _within(self.x, reach, rgb.shape[1])
        top, bottom = _within(self.y, reach, rgb.shape[0])
        part, shrink = rgb[top:bottom, left:right], max(int(self.side / size), 1)
        if shrink > 1:
            wide, high = -(-part.shape[1] // shrink), -(-part.shape[0] // shrink)
            pad = (0, high * shrink - part.shape[0], 0, wide * shrink - part.shape[1])
            whole = cv2.copyMakeBorder(part, *pad, cv2.BORDER_REPLICATE)
            part = np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        moved = Region((self.x - left) / shrink, (self.y - top) / shrink, self.side / shrink, self.angle)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        warped = cv2.warpAffine(part, moved._matrix(size), (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(warped, np.uint8)

    def back(self, points: Points, size: int) -> Points:
        """Points (n, 3) of the cut square of `size` pixels as points of the picture; depth takes its scale alone."""
        scale = self.side / size
        flat = (points[:, :2] - size / 2) * scale @ _turn(self.angle).T + (self.x, self.y)
        return np.column_stack([flat, points[:, 2] * scale]).astype(np.float32)

    def _matrix(self, size: int) -> NDArray[np.float64]:
        """From indices of the cut square to indices of the picture, which name the middles of pixels."""
        turn = _turn(self.angle) * (self.side / size)
        offset = turn @ np.full(2, 0.5 - size / 2) + (self.x - 0.5, self.y - 0.5)
        return np.column_stack([turn, offset])


def _turn(angle: float) -> NDArray[np.float64]:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _within(middle: float, reach: float, end: int) -> tuple[int, int]:
    """The part of 0 … end that lies within reach, at least one pixel of it."""
    low = min(max(math.floor(middle - reach), 0), end - 1)
    return low, max(min(math.ceil(middle + reach), end), low + 1)
