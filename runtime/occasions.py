"""When to greet: somebody came, or time brings a reason."""

from __future__ import annotations

from collections.abc import Callable

from behaviors.ports import Occasion
from visavis.clock import Clock

LOOK_S = 1.0
"""How often it is looked whether time brings an occasion."""
RETURN_S = 600.0
"""Who comes sooner after somebody left is taken for the same visitor."""
_PASSING: tuple[Occasion, ...] = ("idle", "time")


class Occasions:
    """`may` tells whether a greeting for an occasion would be said now."""

    def __init__(self, clock: Clock, may: Callable[[Occasion], bool]) -> None:
        self._clock, self._may = clock, may
        self._look_again_at = clock.now()
        self._come: Occasion | None = None
        self._left_at: float | None = None
        self.present = False
        self.told = False
        """Whether anybody ever tells who is there."""
        self.since = clock.now()
        """When whoever is there came, or the last one left."""
        self.known = False
        """Whether whoever comes was here on another day."""

    def arrive(self) -> None:
        """Somebody is there; who joins one who is there already is no new visitor."""
        self.told = True
        if not self.present:
            self.present, self._come, self.since = True, self._arrival(), self._clock.now()

    def _arrival(self) -> Occasion:
        """What is special about whoever came, if there is a greeting for it."""
        if self.known and self._may("return"):
            return "return"
        if self._left_at is None:
            return "first_visit" if self._may("first_visit") else "enter"
        soon = self._clock.now() - self._left_at < RETURN_S
        return "return" if soon and self._may("return") else "enter"

    def leave(self) -> bool:
        """Nobody is there; whether somebody was."""
        self.told = True
        was, self.present, self._come, self.known = self.present, False, None, False
        if was:
            self._left_at = self.since = self._clock.now()
        return was

    def now(self, *, free: bool) -> Occasion | None:
        """The occasion that has come; what time brings counts only while the avatar is `free`."""
        if self._come is None and self.present and free:
            self._come = self._passing()
        elif self._come is not None and not self._may(self._come):
            self._come = None
        return self._come

    def _passing(self) -> Occasion | None:
        if self._clock.now() < self._look_again_at:
            return None
        self._look_again_at = self._clock.now() + LOOK_S
        return next((each for each in _PASSING if self._may(each)), None)

    def use(self) -> Occasion | None:
        """Take the occasion."""
        come, self._come = self._come, None
        return come
