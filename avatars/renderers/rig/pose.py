"""The channels of a pose: one number for everything that moves, in one vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pose = NDArray[np.float64]

BODY = ("lean", "shift", "rise", "breath")
HEAD = ("yaw", "pitch", "roll", "swing")
FACE = (
    "gaze_x", "gaze_y", "lid", "squint", "blink",
    "brow_inner", "brow_outer", "brow_tilt", "smile", "part", "pout", "blush",
)  # fmt: skip
ARM = ("upper", "upper_len", "fore", "fore_len", "hand", "flip")
SIDES = ("left", "right")
"""The presenter's own sides: her left is at the picture's right."""


class Channels:
    """Where each channel lies in a pose; `shapes` are the hand shapes that the rig knows.

    Hands are weights over the shapes (`left.shape.fist`), so that one shape can flow into another.
    """

    def __init__(self, shapes: tuple[str, ...]) -> None:
        self.shapes = shapes
        arm = [f"{side}.{name}" for side in SIDES for name in ARM]
        hand = [f"{side}.shape.{shape}" for side in SIDES for shape in shapes]
        self.names: tuple[str, ...] = (*BODY, *HEAD, *FACE, *arm, *hand)
        self.index = {name: at for at, name in enumerate(self.names)}
        self.arms = slice(self.index["left.upper"], len(self.names))
        self.arm = {side: slice(self.index[f"{side}.upper"], self.index[f"{side}.flip"] + 1) for side in SIDES}
        self.hand = {
            side: slice(self.index[f"{side}.shape.{shapes[0]}"], self.index[f"{side}.shape.{shapes[-1]}"] + 1)
            for side in SIDES
        }

    def zero(self) -> Pose:
        return np.zeros(len(self.names))

    def apply(self, pose: Pose, values: Mapping[str, Any]) -> None:
        """Write a pose as it stands in a file: channels by name, and `left`/`right`/`both` with an arm's own."""
        for name, value in values.items():
            if name == "both":
                for side in SIDES:
                    self._apply_arm(pose, side, value)
            elif name in SIDES:
                self._apply_arm(pose, name, value)
            else:
                pose[self.index[name]] = float(value)

    def _apply_arm(self, pose: Pose, side: str, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name == "shape":
                pose[self.hand[side]] = 0.0
                pose[self.index[f"{side}.shape.{value}"]] = 1.0
            else:
                pose[self.index[f"{side}.{name}"]] = float(value)
