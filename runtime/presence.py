"""Whether somebody stands there, by a sensor that flickers: a passer-by is no visitor, who is lost a moment stays."""

from __future__ import annotations

from visavis.clock import Clock

COME_S = 1.5
"""Who is seen for less has only passed by."""
LEAVE_S = 5.0
"""Who is lost for less has not left."""
EPSILON = 1e-6
"""Seconds by which a time that has been summed up may fall short."""


class Watch:
    """What one sensor tells of one place. Several reports of the same count from the first."""

    def __init__(self, clock: Clock, come_s: float = COME_S, leave_s: float = LEAVE_S) -> None:
        self._clock, self._come_s, self._leave_s = clock, come_s, leave_s
        self._seen: bool | None = None
        self._since = 0.0
        self._stale = False

    def see(self, somebody: bool) -> None:
        """The sensor sees somebody, or nobody."""
        if somebody is not self._seen:
            self._seen, self._since, self._stale = somebody, self._clock.now(), False

    def forget(self) -> None:
        """Somebody came or left in another way; what the sensor sees counts again when it sees something else."""
        self._stale = True

    def settled(self, present: bool, busy_until: float) -> bool | None:
        """What has become of `present`, as soon as it is sure; None while nothing has.

        Nobody leaves while he talks, touches or is talked to: it counts from `busy_until`.
        """
        if self._seen is None or self._stale or self._seen is present:
            return None
        since = self._since if self._seen else max(self._since, busy_until)
        dwell = self._come_s if self._seen else self._leave_s
        return self._seen if self._clock.now() - since >= dwell - EPSILON else None
