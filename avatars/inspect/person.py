"""The person in a frame: her face, how it is turned, lit and whether something lies over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.faces.face import Box, Face
from avatars.faces.landmarks import FaceFinder
from avatars.faces.track import Tracker

CROWD_EVERY: Final = 5
COMPARABLE: Final = 0.3
"""Share of the first face's width from which another one counts."""
SKIN: Final = {"lip": 164, "below": 18, "chin": 200, "left_mouth": 57, "right_mouth": 287}
"""Points of bare skin around the lips, which an open mouth does not change."""
CHEEKS: Final = (50, 280)
BROW: Final = 151
_WHITE, _BLACK = 235, 12


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Angles in degrees; `gap` of the lips as a share of the face's width; `box` in pixels of the small frame."""

    box: Box
    yaw: float
    pitch: float
    roll: float
    gap: float
    light: float
    """Mean brightness of the face, 0 to 255."""
    white: float
    """Share of the face's pixels without drawing, as they are burnt out."""
    black: float
    cheeks: tuple[float, float]
    """Brightness of the left and the right cheek."""
    skin: NDArray[np.float32]
    """(5, 3): Lab around the lips less that of brow and cheeks."""


class Eyes:
    """Follows the person of one recording and counts faces; `crowds` are (frame, faces of comparable size)."""

    def __init__(self, finder: FaceFinder) -> None:
        self._finder, self._tracker = finder, Tracker(finder)
        self.crowds: list[tuple[int, int]] = []

    def look(self, index: int, picture: NDArray[np.uint8]) -> Person | None:
        """The person in the next frame; None where there is no face."""
        if index % CROWD_EVERY == 0:
            faces = self._finder.find(picture)
            least = COMPARABLE * faces[0].width if faces else 0.0
            self.crowds.append((index, sum(each.width >= least for each in faces)))
        face = self._tracker.next(picture)
        return None if face is None else person_of(face, picture)


def person_of(face: Face, picture: NDArray[np.uint8]) -> Person | None:
    """None for a face that lies outside the picture."""
    left, top, right, bottom = (round(each) for each in face.box)
    inside = picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if inside.shape[0] < 4 or inside.shape[1] < 4:
        return None
    middle = inside[len(inside) // 6 : -len(inside) // 6 or None, inside.shape[1] // 6 : -inside.shape[1] // 6 or None]
    grey = cv2.cvtColor(middle, cv2.COLOR_RGB2GRAY)
    lab = cv2.cvtColor(inside.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    corner = np.array([max(left, 0), max(top, 0)], np.float32)
    reach = max(1, round(face.width * 0.02))

    def colour(point: int) -> NDArray[np.float32]:
        x, y = np.rint(face.points[point] - corner).astype(int).tolist()
        x, y = min(max(x, 0), lab.shape[1] - 1), min(max(y, 0), lab.shape[0] - 1)
        around = lab[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
        return np.asarray(around.reshape(-1, 3).mean(axis=0), np.float32)

    cheeks = [colour(each) for each in CHEEKS]
    usual = np.median(np.stack([*cheeks, colour(BROW)]), axis=0)
    skin = np.stack([colour(each) for each in SKIN.values()]) - usual
    return Person(
        face.box, face.yaw, face.pitch, face.roll, face.gap, float(grey.mean()),
        float((grey >= _WHITE).mean()), float((grey <= _BLACK).mean()),
        (float(cheeks[0][0]) * 2.55, float(cheeks[1][0]) * 2.55), np.asarray(skin, np.float32),
    )  # fmt: skip
