"""Where received samples lie on the session's clock."""

from __future__ import annotations

from collections import deque

_WINDOW_S = 10.0
_GAP_S = 0.4


class Line:
    """Counts samples; of their arrivals it believes the earliest, so that jitter moves nothing.

    A sample's time is `origin` plus its number over the rate. A packet that comes sooner than that pulls
    the origin earlier. When for `_WINDOW_S` all come later, or one comes `_GAP_S` later, the sender had stopped
    in between (or its crystal is slow) and the origin follows.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._received = 0
        self._origin = 0.0
        self._fresh = True
        self._recent: deque[tuple[float, float]] = deque()

    def receive(self, samples: int, arrived: float) -> None:
        """`samples` more have come, the last of them captured no later than `arrived`."""
        self._received += samples
        origin = arrived - self._received / self._rate
        if self._fresh or origin < self._origin or origin > self._origin + _GAP_S:
            self._move(origin)
        self._recent.append((arrived, origin))
        spanned = arrived - self._recent[0][0] >= _WINDOW_S
        while arrived - self._recent[0][0] > _WINDOW_S:
            self._recent.popleft()
        if spanned:
            self._origin = min(origin for _, origin in self._recent)

    def restart(self) -> None:
        """The sender begins anew: the next samples to arrive are fresh ones."""
        self._fresh = True

    def at(self, position_s: float) -> float:
        """The time of the sample that lies `position_s` seconds of sound after the first one."""
        return self._origin + position_s

    def _move(self, origin: float) -> None:
        self._recent.clear()
        self._fresh, self._origin = False, origin
