"""Faces found in a picture, with their points."""

from __future__ import annotations

import numpy as np

from avatars.faces import lips, pose
from avatars.faces.detector import FAR, NEAR, Detection, Detector, merged
from avatars.faces.face import Face, Picture, Points, overlap
from avatars.faces.mesh import Mesh
from avatars.faces.nets import open_net
from avatars.faces.region import Region
from visavis.weights import FACE_FAR, FACE_MESH, FACE_NEAR

PRESENT = 0.5
"""The mesh's own score below which there is no face."""
SAME = 0.3
"""Faces whose boxes overlap by more are one."""


class FaceFinder:
    """The networks. One finder may be shared by threads, which then wait for each other; a process opens its own.

    Every call blocks for some milliseconds: keep it out of the event loop.
    """

    def __init__(self, detectors: tuple[Detector, ...], mesh: Mesh) -> None:
        self._detectors, self._mesh = detectors, mesh

    @classmethod
    def open(cls) -> FaceFinder:
        """Load the networks, in about 0.1 s. Raises `SetupError` when they are not installed."""
        detectors = Detector(open_net(FACE_NEAR), NEAR), Detector(open_net(FACE_FAR), FAR)
        return cls(detectors, Mesh(open_net(FACE_MESH)))

    def find(self, rgb: Picture) -> list[Face]:
        """All faces of an upright picture (height, width, 3), the largest first.

        When none is found in the whole, as are those from a twentieth of its longer side, smaller ones are sought in
        parts of it.
        """
        _checked(rgb)
        found = merged([one for detector in self._detectors for one in detector.find(rgb)])
        return self._faces(rgb, found) or self._faces(rgb, merged(self._in_parts(rgb)))

    def follow(self, rgb: Picture, points: Points) -> Face | None:
        """The face near where it was in the picture before, by its points (468, 2) there; None when it is not there."""
        _checked(rgb)
        return self._look(rgb, Region.around(points))

    def _faces(self, rgb: Picture, found: list[Detection]) -> list[Face]:
        faces: list[Face] = []
        for detection in found:
            first = self._look(rgb, detection.region())
            face = first and self._look(rgb, Region.around(first.points))
            if face and all(overlap(face.box, other.box) <= SAME for other in faces):
                faces.append(face)
        return sorted(faces, key=lambda face: -face.area)

    def _in_parts(self, rgb: Picture) -> list[Detection]:
        """Looks at squares of two thirds of the shorter side, each of which covers a quarter of the next."""
        high, wide = rgb.shape[:2]
        side = max(2 * min(high, wide) // 3, max(high, wide) // 4, 1)
        return [
            one.moved(x, y)
            for y in _starts(high, side)
            for x in _starts(wide, side)
            for one in self._detectors[-1].find(rgb[y : y + side, x : x + side])
        ]

    def _look(self, rgb: Picture, region: Region) -> Face | None:
        points, score = self._mesh.look(rgb, region)
        return face_of(points, score) if score >= PRESENT else None


def face_of(points: Points, score: float) -> Face:
    """A face from its mesh (468, 3)."""
    turned = pose.rotation(points)
    (left, top), (right, bottom) = points[:, :2].min(axis=0).tolist(), points[:, :2].max(axis=0).tolist()
    opening = lips.gap(pose.frontal(points, turned))
    return Face((left, top, right, bottom), score, points[:, :2], points[:, 2], *pose.angles(turned), opening)


def _starts(length: int, side: int) -> list[int]:
    count = max(-(-4 * (length - side) // (3 * side)), 0) + 1
    return [round(at) for at in np.linspace(0, length - side, count)]


def _checked(rgb: Picture) -> None:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise ValueError(f"a picture is uint8 of height x width x 3, not {rgb.dtype} of {rgb.shape}")
