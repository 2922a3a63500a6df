"""How much of the server's time one client may take."""

from __future__ import annotations

from visavis.clock import Clock


class Throttle:
    """A budget that fills with `rate` units a second up to `burst`; it may be overdrawn, then one has to wait."""

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock, self._rate, self._burst = clock, rate, burst
        self._left, self._at = burst, clock.now()

    def charge(self, units: float) -> None:
        """Take `units` off the budget."""
        self._refill()
        self._left -= units

    @property
    def overdrawn(self) -> bool:
        """Whether more was taken than there was, and not yet made up for."""
        self._refill()
        return self._left < 0

    async def ready(self) -> None:
        """Return when the budget is no longer overdrawn."""
        if self.overdrawn:
            await self._clock.sleep_until(self._at - self._left / self._rate)

    def _refill(self) -> None:
        now = self._clock.now()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
