"""One person through the frames of a recording."""

from __future__ import annotations

from dataclasses import dataclass

from avatars.faces.face import Face, Picture
from avatars.faces.landmarks import FaceFinder


@dataclass(frozen=True, slots=True)
class Span:
    """Frames from `start` up to, but without, `end`."""

    start: int
    end: int


class Tracker:
    """Follows the largest face."""

    def __init__(self, finder: FaceFinder, *, fps: float = 25.0) -> None:
        self._finder, self._fps = finder, fps
        self._last: Face | None = None

    def next(self, rgb: Picture) -> Face | None:
        """The person's face in the next frame; None when it is not to be seen."""
        found = self._finder.follow(rgb, self._last.points) if self._last else None
        self._last = found or next(iter(self._finder.find(rgb)), None)
        return self._last
