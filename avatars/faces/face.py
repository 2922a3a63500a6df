"""A face as it was found in one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, red, green and blue."""
Points = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """Where a face lies and how it is turned.

    Pixels are counted from the picture's upper left corner: the middle of its first pixel is (0.5, 0.5). Points may
    lie outside the picture. Left and right are the viewer's.
    """

    box: Box
    """Of all points."""
    score: float
    """How sure the network is that there is a face, 0 to 1; never below 0.5."""
    points: Points
    """(468, 2), pixels, in the order of MediaPipe's face mesh; `avatars.faces.lips` names groups of them."""
    depth: Points
    """(468,), in pixels as well, growing away from the viewer, around 0 at the middle of the head."""
    yaw: float
    """Degrees; positive when the nose points to the picture's right."""
    pitch: float
    """Degrees; positive when the nose points down."""
    roll: float
    """Degrees; positive when the head leans clockwise as seen in the picture."""
    gap: float
    """The opening between the inner edges of the lips as a share of the face's width, seen from the front."""

    @property
    def width(self) -> float:
        """Pixels, of the box."""
        return self.box[2] - self.box[0]

    @property
    def height(self) -> float:
        """Pixels, of the box."""
        return self.box[3] - self.box[1]

    @property
    def area(self) -> float:
        """Square pixels, of the box."""
        return self.width * self.height


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = (one[2] - one[0]) * (one[3] - one[1]) + (other[2] - other[0]) * (other[3] - other[1])
    return shared / (areas - shared)
