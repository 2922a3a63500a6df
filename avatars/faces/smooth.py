"""Points through time without the networks' tremble: a filter that lets fast movement through at once."""

from __future__ import annotations

import math

import numpy as np

from avatars.faces.face import Points

CALM_HZ = 3.0
"""The cut-off frequency of a point at rest."""
QUICK = 25.0
"""So many Hz more for each face's width that a point moves in a second."""
SPEED_HZ = 6.0
"""The cut-off frequency of the speed itself."""


class OneEuro:
    """The 1€ filter (Casiez, Roussel and Vogel, 2012), each point of a mesh (n, 3) by its own speed."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._points: Points | None = None
        self._speed: Points | None = None

    def next(self, points: Points, scale: float) -> Points:
        """The points of the next frame, smoothed; `scale` is the face's width in pixels."""
        if self._points is None or self._speed is None:
            self._points, self._speed = points, np.zeros_like(points)
            return points
        step = (points - self._points) * np.float32(self._fps)
        self._speed = self._speed + (step - self._speed) * np.float32(self._share(np.array(SPEED_HZ)))
        pace = np.linalg.norm(self._speed, axis=1, keepdims=True) / max(scale, 1e-6)
        share = self._share(CALM_HZ + QUICK * pace)
        self._points = np.asarray(self._points + (points - self._points) * share, np.float32)
        return self._points

    def reset(self) -> None:
        """Forget: the next points have nothing to do with the last ones."""
        self._points = self._speed = None

    def _share(self, cutoff: Points) -> Points:
        """Of the new value, for a cut-off in Hz."""
        turn = 2 * math.pi * cutoff / self._fps
        return np.asarray(turn / (turn + 1), np.float32)
