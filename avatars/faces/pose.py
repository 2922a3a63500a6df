"""How a head is turned: the rotation that lays a face looking straight ahead onto a mesh."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from avatars.faces.face import Points

Rotation = NDArray[np.float64]
"""3 x 3, from the head's own axes (right, down, away from the viewer) to the picture's."""

AHEAD = {
    (33, 263): (0.331, -0.152, -0.386),
    (133, 362): (0.130, -0.146, -0.426),
    (129, 358): (0.150, 0.113, -0.521),
    (98, 327): (0.121, 0.162, -0.551),
    (127, 356): (0.505, -0.109, -0.025),
    (234, 454): (0.500, 0.000, 0.000),
    (162, 389): (0.498, -0.226, -0.090),
    (50, 280): (0.354, 0.091, -0.447),
    (10, 10): (0.0, -0.559, -0.484),
    (151, 151): (0.0, -0.441, -0.520),
    (9, 9): (0.0, -0.315, -0.550),
    (168, 168): (0.0, -0.197, -0.545),
    (6, 6): (0.0, -0.142, -0.581),
    (197, 197): (0.0, -0.093, -0.621),
    (195, 195): (0.0, -0.046, -0.665),
    (5, 5): (0.0, 0.003, -0.710),
    (4, 4): (0.0, 0.065, -0.732),
    (1, 1): (0.0, 0.114, -0.719),
    (2, 2): (0.0, 0.170, -0.612),
}
"""A face looking straight ahead, in widths of the face: the right one of two points that mirror each other, or one
in the middle. The average of six people's meshes with shut lips, turned until left and right are alike and brow and
chin above each other; nothing that speaking or looking moves is among them."""

_LEFT, _RIGHT = (np.array(side) for side in zip(*AHEAD, strict=True))
_POINTS = np.concatenate([_LEFT, _RIGHT])
_PLACES = np.array([*AHEAD.values()]) * np.array([[[-1.0, 1, 1]], [[1, 1, 1]]])
_MODEL = _PLACES.reshape(-1, 3) - _PLACES.reshape(-1, 3).mean(axis=0)


def rotation(points: Points) -> Rotation:
    """Of a mesh (468, 3): the rotation with the least squares (Kabsch, 1976)."""
    seen = points[_POINTS].astype(np.float64)
    left, _, right = np.linalg.svd((seen - seen.mean(axis=0)).T @ _MODEL)
    upright = np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    return np.asarray(left @ upright @ right)


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
