"""How a head is turned: the rotation between a mesh and the face looking straight ahead."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from avatars.faces.face import Points

Rotation = NDArray[np.float64]
"""3 x 3, from the head's own axes (right, down, away from the viewer) to the picture's."""

PAIRS = ((33, 263), (133, 362), (234, 454), (127, 356), (162, 389), (50, 280), (129, 358))
"""Points that mirror each other: left, right."""


def rotation(points: Points) -> Rotation:
    """Of a mesh (468, 3). Its left and its right mirror each other; its brow and its chin lie above each other."""
    left, right = zip(*PAIRS, strict=True)
    across = (points[list(right)] - points[list(left)]).sum(axis=0).astype(np.float64)
    across /= max(float(np.linalg.norm(across)), 1e-9)
    down = (points[152] - points[10]).astype(np.float64)
    down -= across * (down @ across)
    down /= max(float(np.linalg.norm(down)), 1e-9)
    return np.column_stack([across, down, np.cross(across, down)])


def angles(turned: Rotation) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees; their signs are those of `Face`. Turning the picture changes the roll alone."""
    yaw = math.asin(float(np.clip(turned[2, 0], -1, 1)))
    pitch = math.atan2(turned[2, 1], turned[2, 2])
    roll = math.atan2(turned[1, 0], turned[0, 0])
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


def frontal(points: Points, turned: Rotation) -> Points:
    """The mesh (468, 3) turned back until it looks straight ahead, in the same pixels."""
    middle = points.mean(axis=0)
    return np.asarray((points - middle) @ turned + middle, np.float32)
