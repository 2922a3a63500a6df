"""Where to cut footage so that an action begins and ends as idle looks, and how long to cross-fade over what is left.

Poses are compared by their landmarks, as shares of the person's width, and by small grey pictures, which see what has
no landmarks: hands, arms, clothes. Each is put in units of what is hardly seen, so that 1 is the limit of both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avatars.packages.manifest import FADE
from avatars.packages.segments import Segment

POINTS = 0.02
"""Root mean square by which landmarks may be apart, as a share of the width of all of them."""
GREY = 6.0
"""Grey levels by which the most different part of a picture may be apart."""
PARTS = 12
SIZE = (96, 144)
"""Width and height of a small picture that shows enough."""
REACH = 12
"""Frames by which a cut may be moved."""
SAME, FAR = 0.15, 3.0
"""Distances: below the one no fade is needed, above the other none hides the jump."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An end of an action: where it was written, where the pose is nearest to that of idle, and how far from it."""

    written: int
    frame: int
    distance_written: float
    distance: float

    @property
    def fade(self) -> int:
        """Frames of the cross-fade."""
        if self.distance <= SAME:
            return 0
        return max(2, min(FADE, round(FADE * self.distance)))

    @property
    def fits(self) -> bool:
        """Whether a cross-fade hides what is left."""
        return self.distance <= FAR


class Poses:
    """The poses of a video's frames.

    `pictures`: uint8 (frames, height, width), small and grey. `points`: float32 (frames, points, 2) in pixels, where
    they are known; frames without a face hold NaN. Raises ValueError for shapes that do not fit.
    """

    def __init__(self, pictures: NDArray[np.uint8], points: NDArray[np.float32] | None = None) -> None:
        high, wide = pictures.shape[1:]
        if min(high, wide) < PARTS or (points is not None and len(points) != len(pictures)):
            raise ValueError(f"{pictures.shape} pictures and {None if points is None else points.shape} points")
        rows, columns = high // PARTS, wide // PARTS
        blocks = pictures[:, : rows * PARTS, : columns * PARTS].reshape(-1, PARTS, rows, PARTS, columns)
        self._levels = blocks.mean(axis=(2, 4), dtype=np.float32)
        self._points = points
        self.frames = len(pictures)

    def distances(self, frame: int, others: NDArray[np.intp]) -> NDArray[np.float32]:
        """How far the pose of `frame` is from each of the others'; up to 1 hardly anybody sees it."""
        apart = np.abs(self._levels[others] - self._levels[frame]).max(axis=(1, 2)) / GREY
        if self._points is None:
            return np.asarray(apart, np.float32)
        here = self._points[frame]
        width = max(1.0, float(np.ptp(here[:, 0])))
        moved = np.sqrt(np.square(self._points[others] - here).sum(axis=2).mean(axis=1)) / width / POINTS
        return np.asarray(np.fmax(apart, moved), np.float32)

    def resting(self, idle: Segment) -> int:
        """The frame of idle that is nearest to all the others of it: what every action begins and ends with."""
        every = np.arange(idle.start, idle.end + 1)
        some = every[:: max(1, len(every) // 200)]
        return int(some[np.argmin([np.median(self.distances(int(each), some)) for each in some])])

    def cut(self, written: int, rest: int, low: int, high: int) -> Cut:
        """The frame near `written`, from `low` to `high`, nearest to the pose of `rest`; of equals the nearer."""
        near = np.arange(max(low, written - REACH, 0), min(high, written + REACH, self.frames - 1) + 1)
        apart = self.distances(rest, near)
        best = np.lexsort((np.abs(near - written), np.round(apart, 2)))[0]
        there = float(self.distances(rest, np.array([written]))[0])
        return Cut(written, int(near[best]), there, float(apart[best]))


def cuts(poses: Poses, actions: tuple[Segment, ...]) -> dict[str, tuple[Cut, Cut]]:
    """Start and end of every action but idle, the first of `actions`: by name. They never cross the action's middle."""
    rest = poses.resting(actions[0])
    found = {}
    for each in actions[1:]:
        middle = (each.start + each.end) // 2 if each.stroke is None else each.stroke
        start = poses.cut(each.start, rest, 0, max(each.start, min(middle, each.end) - 1))
        end = poses.cut(each.end, rest, min(each.end, middle + 1), poses.frames - 1)
        found[each.name] = start, end
    return found


def report(found: dict[str, tuple[Cut, Cut]]) -> list[dict[str, object]]:
    """Each end of each action as plain data: pose distance before and after, and what to do."""
    return [
        {
            "action": name,
            "end": which,
            "written": cut.written,
            "frame": cut.frame,
            "distance_written": round(cut.distance_written, 3),
            "distance": round(cut.distance, 3),
            "fade": cut.fade,
            "fits": cut.fits,
        }
        for name, both in found.items()
        for which, cut in zip(("start", "end"), both, strict=True)
    ]
