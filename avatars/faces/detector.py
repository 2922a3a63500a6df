"""MediaPipe's two face detectors (BlazeFace: Bazarevsky et al., 2019): boxes decoded from anchors, then merged.

One sees faces nearby in 128 x 128 pixels, the other faces farther away in 192 x 192.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from avatars.faces.face import Box, Picture, Points, overlap
from avatars.faces.nets import Net, Tensor, sigmoid
from avatars.faces.region import MARGIN, Region

SAME = 0.3
"""Boxes that overlap by more are one face."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A face found: its box from brow to chin and six points (6, 2): eyes, nose, mouth, ears; pixels."""

    box: Box
    score: float
    points: Points

    def region(self) -> Region:
        """The square for the face mesh, upright with the eyes."""
        (left, top, right, bottom), (step_x, step_y) = self.box, self.points[1] - self.points[0]
        side = MARGIN * max(right - left, bottom - top)
        return Region((left + right) / 2, (top + bottom) / 2, side, float(np.arctan2(step_y, step_x)))

    def moved(self, x: float, y: float) -> Detection:
        """The same one, seen in a picture of which this was a part that begins at x and y."""
        left, top, right, bottom = self.box
        return Detection(
            (left + x, top + y, right + x, bottom + y), self.score, self.points + np.array((x, y), np.float32)
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """How a detector lays its anchors: the input's side, (stride, anchors in a cell) by layer, output names."""

    size: int
    layers: tuple[tuple[int, int], ...]
    boxes: str
    scores: str
    least: float
    """A score below is no face."""

    def anchors(self) -> Tensor:
        """(n, 2): the anchors' middles as shares of the input's side, row by row."""
        rows = []
        for stride, each in self.layers:
            cells = self.size // stride
            y, x = np.mgrid[:cells, :cells]
            rows.append(np.repeat((np.stack([x, y], -1).reshape(-1, 2) + 0.5) / cells, each, axis=0))
        return np.concatenate(rows).astype(np.float32)


NEAR = Layout(128, ((8, 2), (16, 6)), "regressors", "classificators", 0.6)
FAR = Layout(192, ((4, 1),), "Identity", "Identity_1", 0.6)


class Detector:
    """One of the two networks with the layout of its anchors."""

    def __init__(self, net: Net, layout: Layout) -> None:
        self._net, self._layout, self._anchors = net, layout, layout.anchors()

    def find(self, rgb: Picture) -> list[Detection]:
        """The faces of a picture of any shape, the surest first."""
        shown, scale, left, top = letterbox(rgb, self._layout.size)
        outputs = self._net(shown.astype(np.float32) / 127.5 - 1)
        scores = sigmoid(outputs[self._layout.scores].reshape(-1))
        kept = np.flatnonzero(scores >= self._layout.least)
        values = outputs[self._layout.boxes].reshape(len(scores), -1, 2)[kept].copy()
        values[:, [0, *range(2, 8)]] += self._anchors[kept, None] * self._layout.size
        values[:, [0, *range(2, 8)]] -= (left, top)
        return merged([_detection(row / scale, float(score)) for row, score in zip(values, scores[kept], strict=True)])


def _detection(row: Tensor, score: float) -> Detection:
    (x, y), (width, height) = row[0].tolist(), row[1].tolist()
    return Detection((x - width / 2, y - height / 2, x + width / 2, y + height / 2), score, row[2:8].astype(np.float32))


def merged(found: list[Detection]) -> list[Detection]:
    """One detection for each face: those that overlap, averaged by their scores. The surest first."""
    waiting, faces = sorted(found, key=lambda one: -one.score), []
    while waiting:
        alike = [one for one in waiting if overlap(one.box, waiting[0].box) > SAME] or waiting[:1]
        weights = np.array([one.score for one in alike]) / sum(one.score for one in alike)
        left, top, right, bottom = (float(value) for value in weights @ np.array([one.box for one in alike]))
        points = np.tensordot(weights, np.stack([one.points for one in alike]), 1).astype(np.float32)
        faces.append(Detection((left, top, right, bottom), waiting[0].score, points))
        waiting = [one for one in waiting if all(one is not other for other in alike)]
    return faces


def letterbox(rgb: Picture, size: int) -> tuple[Picture, float, int, int]:
    """The whole picture in a black square of `size`; its scale, and the pixels left of it and above it."""
    high, wide = rgb.shape[:2]
    scale = size / max(high, wide)
    shape = max(round(wide * scale), 1), max(round(high * scale), 1)
    small = cv2.resize(rgb, shape, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (size - shape[0]) // 2, (size - shape[1]) // 2
    square = np.zeros((size, size, 3), np.uint8)
    square[top : top + shape[1], left : left + shape[0]] = small
    return square, scale, left, top
