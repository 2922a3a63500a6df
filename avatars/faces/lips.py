"""Which points of the mesh lie where, and what is measured on them: lips, eyes, jaw, the face's width.

Left and right are the viewer's. Measures take points (468, 3) seen from the front (`pose.frontal`).
"""

from __future__ import annotations

import numpy as np

from avatars.faces.face import Points

OUTER_LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
"""The outline of the mouth, from its left corner along the lower lip to the right one and back above."""
INNER_LIPS = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
"""The opening between the lips, in the same order."""
LIPS = OUTER_LIPS + INNER_LIPS
JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
"""From beside the left ear along the chin to beside the right one."""
OVAL = (*JAW, 356, 389, 251, 284, 332, 297, 338, 10, 109, 67, 103, 54, 21, 162, 127)
"""The outline of the face, closed: the jaw, then over the brow."""
LEFT_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
RIGHT_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
"""An eye's outline, from its outer corner along the lower lid to the inner one and back above."""
WIDTH = (234, 454)
"""The face's sides, beside the ears."""

CLOSED = 0.03
"""A smaller gap between the lips, as a share of the face's width, counts as closed."""
MIDDLE = (13, 14)
"""Of the inner edges of the upper and of the lower lip."""
_LIDS_APART: dict[tuple[int, ...], tuple[tuple[int, int], ...]] = {
    LEFT_EYE: ((160, 144), (158, 153)),
    RIGHT_EYE: ((387, 373), (385, 380)),
}


def gap(front: Points) -> float:
    """The opening between the inner edges of the lips, in the middle, as a share of the face's width; 0 when shut."""
    return max(float(front[MIDDLE[1], 1] - front[MIDDLE[0], 1]), 0.0) / width(front)


def closed(front: Points) -> bool:
    """Whether the lips touch, or nearly."""
    return gap(front) < CLOSED


def width(front: Points) -> float:
    """Of the face, in pixels."""
    return max(float(front[WIDTH[1], 0] - front[WIDTH[0], 0]), 1e-6)


def eyes_open(front: Points) -> tuple[float, float]:
    """The height of the left and of the right eye's opening as a share of its width (Soukupová and Čech, 2016)."""
    left, right = (_open(front, eye) for eye in (LEFT_EYE, RIGHT_EYE))
    return left, right


def _open(front: Points, eye: tuple[int, ...]) -> float:
    upper, lower = zip(*_LIDS_APART[eye], strict=True)
    height = np.linalg.norm(front[list(lower), :2] - front[list(upper), :2], axis=1).mean()
    corners = np.linalg.norm(front[eye[8], :2] - front[eye[0], :2])
    return float(height / max(float(corners), 1e-6))
