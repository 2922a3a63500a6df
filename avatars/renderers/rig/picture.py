"""One picture from one moment. What stands still is baked; the head is drawn anew every time.

Background, body and resting arms lie together in a baked plate, which is drawn anew when the body has moved by half a
pixel: some four times a second while it only breathes and sways. Moving arms are drawn over it. While the head has
moved by less than half a pixel, the lower face alone is drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig import backdrop, label
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.arms import ArmPart
from avatars.renderers.rig.data import Rig, layers
from avatars.renderers.rig.eyes import BrowPart, EyePart
from avatars.renderers.rig.figure import Palette, Skeleton, Stage
from avatars.renderers.rig.mouth import MouthPart
from avatars.renderers.rig.paths import canvas_on, skia
from avatars.renderers.rig.pose import BODY, SIDES, Pose
from avatars.renderers.rig.speech import FIELDS, Shape
from visavis.engines import Look
from visavis.words import Moment

Pixels = NDArray[np.uint8]
HOLD = 0.6
"""Pixels by which body and head may be away from where they should be before they are drawn anew."""
MARGIN = 30.0
"""By how much a layer of the head may move against the others, in the rig's units."""
REACH = {
    "lean": 9.0, "shift": 1.0, "rise": 1.0, "breath": 2.5, "yaw": 10.0, "pitch": 8.0, "roll": 2.3, "swing": 0.4,
    "gaze_x": 8.0, "gaze_y": 7.0, "lid": 6.0, "squint": 7.0, "blink": 30.0,
    "brow_inner": 9.0, "brow_outer": 8.0, "brow_tilt": 9.0, "blush": 4.0,
}  # fmt: skip
"""How far a channel's unit moves what lies on the head, in the rig's units."""
SWAY = np.array([8.0, 1.0, 1.0, 2.2])
"""How far a unit of each of the body's channels moves its shoulders, in the rig's units."""
Sides = frozenset[str]


class Picture:
    """Draws a rig for one look."""

    def __init__(self, rig: Rig, look: Look) -> None:
        self.look = look
        self.actor = Actor(rig)
        channels = self.actor.channels
        palette = Palette(rig.rig.palette)
        self._skeleton = Skeleton(rig.rig.bones, channels)
        self._base, self._scale = _placed(rig, look)
        self._arm_bone = rig.rig.arms.bone
        self._mouth = MouthPart(rig.face.mouth, palette)
        self._eye = EyePart(rig.face.eye, palette)
        self._brow = BrowPart(rig.face.brow, palette)
        self._arm = ArmPart(rig.rig.arms, rig.hands, palette, channels)
        self._body = Stage(layers(rig.rig.body), palette, channels)
        parts = {"mouth": self._draw_mouth, "eyes": self._draw_eyes, "brows": self._draw_brows}
        self._head = Stage(layers(rig.rig.head), palette, channels, parts=parts, jaw=rig.face.jaw)
        self._background = np.zeros((look.height, look.width, 4), np.uint8)
        self._bake_background(Stage(layers(rig.scene.background), palette, channels))
        self._plate = self._background.copy()
        self._plate_arms: Sides | None = None
        self._plate_body = self.actor.rest[: len(BODY)]
        self._out: Pixels | None = None
        self._head_pose: Pose | None = None
        self._jaw_box = skia.Rect.MakeLTRB(*rig.face.mouth.region)
        self._jaw = self._head.near(self._jaw_box.makeOutset(MARGIN, MARGIN), self._draw_mouth)
        self._head_box = self._head.bounds().makeOutset(MARGIN, MARGIN)
        self._head_at = skia.IRect.MakeEmpty()
        self._reach = np.array([REACH.get(name, 0.0) for name in channels.names])
        self._pose: Pose = self.actor.rest
        self._shape: Shape = np.zeros(len(FIELDS))
        self._at = channels.index

    def _bake_background(self, stage: Stage) -> None:
        canvas = canvas_on(self._background)
        if not self.look.alpha and not backdrop.draw(canvas, self.look):
            matrices = self._skeleton.solve(self.actor.rest, self._base)
            stage.draw(canvas, matrices, self.actor.rest)
        canvas.resetMatrix()
        label.draw(canvas, self.look.label, self.look.width, self.look.height)

    def draw(self, moment: Moment, out: Pixels) -> None:
        """Paint the moment into `out`."""
        pose, shape = self.actor.play(moment)
        known = out is self._out
        if known and np.array_equal(pose, self._pose) and np.array_equal(shape, self._shape):
            return
        self._out, self._pose, self._shape = out, pose, shape
        resting = frozenset(side for side in SIDES if self._rests(pose, side))
        fresh = self._refresh_plate(pose, resting)
        if len(resting) < len(SIDES):
            self._draw_gesture(pose, out, resting)
        elif known and not fresh and self._head_pose is not None:
            self._draw_head(pose, out, self._head_pose)
        else:
            out[...] = self._plate
            self._draw_whole_head(pose, out, self._skeleton.solve(pose, self._base))

    def _rests(self, pose: Pose, side: str) -> bool:
        rest, channels = self.actor.rest, self.actor.channels
        arm, hand = channels.arm[side], channels.hand[side]
        return bool(np.abs(pose[arm] - rest[arm]).max() < 1e-3 and np.abs(pose[hand] - rest[hand]).max() < 1e-3)

    def _draw_gesture(self, pose: Pose, out: Pixels, resting: Sides) -> None:
        """Draw head and moving arms over the plate, which holds the rest."""
        self._head_pose = None
        matrices = self._skeleton.solve(pose, self._base)
        out[...] = self._plate
        canvas = canvas_on(out)
        self._head.draw(canvas, matrices, pose, float(self._shape[0]))
        self._draw_arms(canvas, matrices, pose, [side for side in SIDES if side not in resting])

    def _draw_head(self, pose: Pose, out: Pixels, before: Pose) -> None:
        """Draw what of the head has changed since it was drawn in the pose `before`."""
        if self._near(pose, before):
            self._draw_jaw(before, out)
            return
        matrices = self._skeleton.solve(pose, self._base)
        box = matrices["head"].mapRect(self._head_box).roundOut()
        where = _pixels(skia.IRect.MakeLTRB(*_around(box, self._head_at)))
        out[where] = self._plate[where]
        self._draw_whole_head(pose, out, matrices)

    def _draw_whole_head(self, pose: Pose, out: Pixels, matrices: dict[str, Any]) -> None:
        self._head_pose = pose
        self._head_at = matrices["head"].mapRect(self._head_box).roundOut()
        self._head.draw(canvas_on(out), matrices, pose, float(self._shape[0]))

    def _near(self, pose: Pose, other: Pose) -> bool:
        """Whether the head may stay where it was drawn: nothing on it has moved by half a pixel."""
        return float(np.abs(pose - other) @ self._reach) * self._scale < HOLD

    def _draw_jaw(self, pose: Pose, out: Pixels) -> None:
        """Draw the lower face alone, on a head that has not moved."""
        matrices = self._skeleton.solve(pose, self._base)
        box = matrices["head"].mapRect(self._jaw_box).roundOut()
        where = _pixels(box)
        out[where] = self._plate[where]
        canvas = canvas_on(out)
        canvas.clipRect(skia.Rect.Make(box), skia.ClipOp.kIntersect, False)
        self._jaw.draw(canvas, matrices, pose, float(self._shape[0]))

    def _refresh_plate(self, pose: Pose, resting: Sides) -> bool:
        """Whether the plate had to be drawn anew: another arm rests, or the body has moved."""
        moved = float(np.abs(pose[: len(BODY)] - self._plate_body) @ SWAY) * self._scale
        if resting == self._plate_arms and moved < HOLD:
            return False
        self._plate_arms, self._plate_body = resting, pose[: len(BODY)].copy()
        matrices = self._skeleton.solve(pose, self._base)
        np.copyto(self._plate, self._background)
        canvas = canvas_on(self._plate)
        self._body.draw(canvas, matrices, pose)
        self._draw_arms(canvas, matrices, pose, [side for side in SIDES if side in resting])
        return True

    def _draw_arms(self, canvas: Any, matrices: dict[str, Any], pose: Pose, sides: list[str]) -> None:
        canvas.setMatrix(matrices[self._arm_bone])
        for side in sides:
            self._arm.shadow(canvas, pose, side)
        for side in sides:
            self._arm.draw(canvas, pose, side)

    def _held(self) -> Pose:
        return self._pose if self._head_pose is None else self._head_pose

    def _draw_mouth(self, canvas: Any) -> None:
        p, at = self._pose, self._at
        self._mouth.draw(canvas, self._shape, float(p[at["smile"]]), float(p[at["part"]]), float(p[at["pout"]]))

    def _draw_eyes(self, canvas: Any) -> None:
        p, at = self._held(), self._at
        look = (float(p[at["gaze_x"]]), float(p[at["gaze_y"]]))
        shut, lid, squint = (float(p[at[name]]) for name in ("blink", "lid", "squint"))
        canvas.save()
        self._eye.draw(canvas, shut, lid, max(0.0, squint), look)
        canvas.restore()

    def _draw_brows(self, canvas: Any) -> None:
        p, at = self._held(), self._at
        inner, outer, tilt = (float(p[at[name]]) for name in ("brow_inner", "brow_outer", "brow_tilt"))
        for side in (-1, 1):
            canvas.save()
            self._brow.draw(canvas, side, inner + side * tilt, outer + side * tilt)
            canvas.restore()

    def hand_boxes(self, moment: Moment) -> dict[str, tuple[float, float, float, float]]:
        """What each hand covers when `moment` comes next, in pixels."""
        pose, _ = self.actor.play(moment)
        matrix = self._skeleton.solve(pose, self._base)[self._arm_bone]
        out = {}
        for side in SIDES:
            box = matrix.mapRect(skia.Rect.MakeLTRB(*self._arm.box(pose, side)))
            out[side] = (box.left(), box.top(), box.right(), box.bottom())
        return out


def _pixels(box: Any) -> tuple[slice, slice]:
    """The part of a picture that a box covers."""
    return slice(max(0, box.top()), max(0, box.bottom())), slice(max(0, box.left()), max(0, box.right()))


def _around(a: Any, b: Any) -> tuple[int, int, int, int]:
    return min(a.left(), b.left()), min(a.top(), b.top()), max(a.right(), b.right()), max(a.bottom(), b.bottom())


def _placed(rig: Rig, look: Look) -> tuple[Any, float]:
    """The rig's units to pixels: as large as fits, in the middle, standing on the lower edge."""
    width, height = rig.rig.size
    scale = min(look.width / width, look.height / height)
    base = skia.Matrix()
    base.setScale(scale, scale)
    base.postTranslate((look.width - width * scale) / 2, look.height - height * scale)
    return base, scale
