"""What outlives a session at one screen: when a greeting may be said there again."""

from __future__ import annotations

from collections import OrderedDict

KNOWN = 1_000
"""Places that are remembered; the one that was longest away goes first."""


class Places:
    """One for a dialog. A place is an id that a client made up for its screen; it is kept in memory alone."""

    def __init__(self) -> None:
        self._rests: OrderedDict[str, dict[str, float]] = OrderedDict()

    def rests(self, place: str) -> dict[str, float]:
        """Until when, on the house's clock, which greeting rests there. It is shared by the sessions of the place."""
        found = self._rests.setdefault(place, {})
        self._rests.move_to_end(place)
        while len(self._rests) > KNOWN:
            self._rests.popitem(last=False)
        return found
