"""Arms and hands: jointed, tapering, drawn for the picture's right and mirrored for its left."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig.data import Arms, Hands
from avatars.renderers.rig.figure import Palette
from avatars.renderers.rig.paths import skia, smooth, stroked
from avatars.renderers.rig.pose import ARM, Channels, Pose

MIDDLE = 270.0
Drawn = tuple[Any, Any, list[tuple[Any, Any, bool]]]
"""A hand: palm, the palm's line, and each finger with its line and whether it lies in front."""


@dataclass(frozen=True, slots=True)
class Joints:
    """Where the joints of the arm at the picture's right lie; `turn` is the hand's, clockwise from up."""

    shoulder: tuple[float, float]
    elbow: tuple[float, float]
    wrist: tuple[float, float]
    turn: float


def joints(arms: Arms, values: NDArray[np.float64]) -> Joints:
    """Follow the angles of `values` (in the order of `ARM`): 0 hangs, 90 points outwards, 180 up, -90 inwards."""
    v = dict(zip(ARM, values.tolist(), strict=True))
    elbow = _from(arms.shoulder, v["upper"], arms.upper * v["upper_len"])
    wrist = _from(elbow, v["fore"], arms.fore * v["fore_len"])
    return Joints(arms.shoulder, elbow, wrist, 180.0 - v["fore"] - v["hand"])


def _from(point: tuple[float, float], angle: float, length: float) -> tuple[float, float]:
    turn = math.radians(angle)
    return point[0] + length * math.sin(turn), point[1] + length * math.cos(turn)


class HandShapes:
    """The rig's hand shapes as points that can be mixed."""

    def __init__(self, hands: Hands) -> None:
        shapes = hands.shapes.values()
        self._palms = np.array([shape.palm for shape in shapes])
        fingers = np.array([shape.fingers for shape in shapes])
        self._fingers = fingers[:, :, :7]
        self._front = fingers[:, :, 7]
        self._made: dict[int, Drawn] = {}

    def mix(self, weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], list[bool]]:
        """Palm (points, 2), fingers (5, 7) and whether each finger lies in front of the palm."""
        w = np.clip(weights, 0.0, None)
        w = w / max(float(w.sum()), 1e-6)
        palm = np.tensordot(w, self._palms, 1)
        fingers = np.tensordot(w, self._fingers, 1)
        return palm, fingers, [bool(x > 0.5) for x in w @ self._front]

    def outline(self, weights: NDArray[np.float64]) -> Drawn:
        """What to draw for a mixture; a pure shape is made once."""
        pure = int(np.argmax(weights)) if float(weights.max()) > 0.999 and float(weights.sum()) < 1.001 else -1
        if pure in self._made:
            return self._made[pure]
        palm, fingers, front = self.mix(weights)
        outline = smooth([(float(x), float(y)) for x, y in palm])
        drawn = [(*_finger(finger.tolist()), ahead) for finger, ahead in zip(fingers, front, strict=True)]
        out = outline, stroked(outline, 2.6), drawn
        if pure >= 0:
            self._made[pure] = out
        return out


def _finger(figures: list[float]) -> tuple[Any, Any]:
    """A finger and the slightly wider shape behind it that gives it its line."""
    x0, y0, x1, y1, x2, y2, width = figures
    line = skia.Path()
    line.moveTo(x0, y0)
    line.quadTo(2 * x1 - (x0 + x2) / 2, 2 * y1 - (y0 + y2) / 2, x2, y2)
    return stroked(line, width), stroked(line, width + 2.6)


class ArmPart:
    """Draws one arm and its hand."""

    def __init__(self, arms: Arms, hands: Hands, palette: Palette, channels: Channels) -> None:
        self.arms, self.channels = arms, channels
        self.shapes = HandShapes(hands)
        self._sleeve = palette.paint(arms.fill)
        self._shade = palette.paint(arms.shade, 0.55)
        self._edge_dark = palette.paint(arms.shade, 0.5)
        self._on = skia.Rect.MakeLTRB(*arms.shadow_on)
        self._fold = palette.stroke(arms.fold, 2.0, 0.8)
        self._cuff = palette.paint(arms.cuff.fill)
        self._cuff_edge = palette.paint(arms.cuff.shade)
        self._skin = palette.paint("skin")
        self._line = palette.paint(hands.line)

    def draw(self, canvas: Any, pose: Pose, side: str) -> None:
        """Draw the arm of `side` on a canvas that stands in the arms' bone."""
        canvas.save()
        at = self._placed(canvas, pose, side)
        r0, r1, _ = self.arms.radius
        canvas.drawPath(_limb(at.shoulder, at.elbow, r0, r1), self._sleeve)
        self._folds(canvas, at)
        if _angle(at.elbow, at.shoulder, at.wrist) < 2.6:
            self._edge(canvas, at)
        self._hand(canvas, at, pose, side)
        self._forearm(canvas, at)
        canvas.restore()

    def _placed(self, canvas: Any, pose: Pose, side: str) -> Joints:
        """The joints of the arm of `side`, on a canvas that is turned round for the picture's left."""
        if side == "right":
            canvas.translate(2 * MIDDLE, 0)
            canvas.scale(-1, 1)
        return joints(self.arms, pose[self.channels.arm[side]])

    def _edge(self, canvas: Any, at: Joints) -> None:
        """A darker rim that sets the forearm apart from the body behind it."""
        _, r1, r2 = self.arms.radius
        canvas.save()
        self._within_body(canvas)
        inner = _along(at.elbow, at.wrist, 0.3)
        canvas.drawPath(_limb(inner, self._cuff_at(at), r1 - 0.3 * (r1 - r2) + 2, r2 + 2, flat=True), self._edge_dark)
        canvas.restore()

    def _within_body(self, canvas: Any) -> None:
        """Clip to the upright box in which arms lie before the body."""
        matrix = canvas.getTotalMatrix()
        within = matrix.mapRect(self._on)
        canvas.resetMatrix()
        canvas.clipRect(within, skia.ClipOp.kIntersect, False)
        canvas.setMatrix(matrix)

    def _cuff_at(self, at: Joints) -> tuple[float, float]:
        length = math.dist(at.elbow, at.wrist) or 1.0
        return _along(at.elbow, at.wrist, max(0.0, 1.0 - self.arms.cuff.length / length))

    def shadow(self, canvas: Any, pose: Pose, side: str) -> None:
        """What the arm darkens on the body behind it."""
        canvas.save()
        at = self._placed(canvas, pose, side)
        r0, r1, r2 = self.arms.radius
        self._within_body(canvas)
        canvas.translate(-5, 7)
        canvas.drawPath(_limb(_along(at.shoulder, at.elbow, 0.5), at.elbow, (r0 + r1) / 2, r1), self._shade)
        canvas.drawPath(_limb(at.elbow, self._cuff_at(at), r1, r2, flat=True), self._shade)
        canvas.restore()

    def _forearm(self, canvas: Any, at: Joints) -> None:
        _, r1, r2 = self.arms.radius
        cuff = self.arms.cuff
        length = math.dist(at.elbow, at.wrist) or 1.0
        inner = self._cuff_at(at)
        outer = _along(at.elbow, at.wrist, 1.0 + 5.0 / length)
        canvas.drawPath(_band(inner, outer, cuff.radius - 1, cuff.radius - 2.5), self._cuff)
        canvas.drawPath(_limb(at.elbow, inner, r1, r2, flat=True), self._sleeve)

    def _folds(self, canvas: Any, at: Joints) -> None:
        """Two creases where the elbow bends inwards."""
        bend = _angle(at.elbow, at.shoulder, at.wrist)
        if not 1.0 < bend < 2.75:
            return
        x, y = at.elbow
        toward_x = (at.shoulder[0] + at.wrist[0]) / 2 - x
        toward_y = (at.shoulder[1] + at.wrist[1]) / 2 - y
        size = math.hypot(toward_x, toward_y) or 1.0
        ux, uy = toward_x / size, toward_y / size
        out = skia.Path()
        for spread in (-0.5, 0.42):
            cx, cy = ux * math.cos(spread) - uy * math.sin(spread), ux * math.sin(spread) + uy * math.cos(spread)
            out.moveTo(x + cx * 24, y + cy * 24)
            out.quadTo(x + cx * 14 - uy * 2, y + cy * 14 + ux * 2, x + cx * 2, y + cy * 2)
        canvas.drawPath(out, self._fold)

    def _hand(self, canvas: Any, at: Joints, pose: Pose, side: str) -> None:
        flip = float(pose[self.channels.index[f"{side}.flip"]])
        canvas.save()
        canvas.translate(*at.wrist)
        canvas.rotate(at.turn)
        size = self.arms.hand
        canvas.scale(size * _broad(flip), size)
        outline, edge, fingers = self.shapes.outline(pose[self.channels.hand[side]])
        canvas.drawPath(edge, self._line)
        for ahead in (False, True):
            for finger, around, front in fingers:
                if front is ahead:
                    canvas.drawPath(around, self._line)
                    canvas.drawPath(finger, self._skin)
            if not ahead:
                canvas.drawPath(outline, self._skin)
        canvas.restore()

    def box(self, pose: Pose, side: str) -> tuple[float, float, float, float]:
        """What the hand covers in the arms' bone: left, top, right, bottom."""
        at = joints(self.arms, pose[self.channels.arm[side]])
        flip = float(pose[self.channels.index[f"{side}.flip"]])
        palm, fingers, _ = self.shapes.mix(pose[self.channels.hand[side]])
        half = fingers[:, 6].max() / 2 + 1.5
        points = np.concatenate([palm, fingers[:, 0:2], fingers[:, 2:4], fingers[:, 4:6]])
        points = points * [self.arms.hand * _broad(flip), self.arms.hand]
        turn = math.radians(at.turn)
        x = points[:, 0] * math.cos(turn) - points[:, 1] * math.sin(turn) + at.wrist[0]
        y = points[:, 0] * math.sin(turn) + points[:, 1] * math.cos(turn) + at.wrist[1]
        if side == "right":
            x = 2 * MIDDLE - x
        return float(x.min() - half), float(y.min() - half), float(x.max() + half), float(y.max() + half)


def _broad(flip: float) -> float:
    """A hand that turns over is never drawn thinner than half its breadth."""
    return math.copysign(max(0.5, abs(flip)), flip)


def _along(a: tuple[float, float], b: tuple[float, float], k: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * k, a[1] + (b[1] - a[1]) * k


def _angle(at: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    one = math.atan2(a[1] - at[1], a[0] - at[0]) - math.atan2(b[1] - at[1], b[0] - at[0])
    return abs(math.remainder(one, 2 * math.pi))


def _corners(a: tuple[float, float], b: tuple[float, float], ra: float, rb: float) -> list[Any]:
    size = math.dist(a, b) or 1.0
    nx, ny = -(b[1] - a[1]) / size, (b[0] - a[0]) / size
    return [
        skia.Point(a[0] - nx * ra, a[1] - ny * ra),
        skia.Point(b[0] - nx * rb, b[1] - ny * rb),
        skia.Point(b[0] + nx * rb, b[1] + ny * rb),
        skia.Point(a[0] + nx * ra, a[1] + ny * ra),
    ]


def _band(a: tuple[float, float], b: tuple[float, float], ra: float, rb: float) -> Any:
    return skia.Path.Polygon(_corners(a, b, ra, rb), True)


def _limb(a: tuple[float, float], b: tuple[float, float], ra: float, rb: float, *, flat: bool = False) -> Any:
    """A tapering capsule: round at both ends, or cut off at `b`."""
    out = skia.Path()
    out.addCircle(*a, ra)
    if not flat:
        out.addCircle(*b, rb)
    out.addPoly(_corners(a, b, ra, rb), True)
    return out
