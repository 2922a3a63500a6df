"""Which greeting an occasion calls for."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from datetime import datetime

from knowledge.item import Timed
from knowledge.schema import Greeting
from visavis.words import Occasion

IDLE_AFTER_S = 60.0


class Greetings:
    """A library's greetings."""

    def __init__(self, items: Iterable[Greeting]) -> None:
        self._items = tuple(items)

    def pick(
        self,
        occasion: Occasion,
        now: datetime,
        rng: random.Random,
        quiet_s: float = math.inf,
        avoid: Iterable[str] = (),
    ) -> Greeting | None:
        """One of those that fit: `now` is local time, `quiet_s` how long nobody spoke, `avoid` ids that rest."""
        resting = set(avoid)
        fit = [each for each in self._items if each.on == occasion and each.valid(now) and each.id not in resting]
        if occasion == "first_visit" and not fit:
            fit = [each for each in self._items if each.on == "enter" and each.valid(now) and each.id not in resting]
        if occasion == "idle":
            fit = [each for each in fit if idle_after(each) <= quiet_s]
        elif occasion == "time":
            fit = [each for each in fit if due(each, now)]
        highest = max((each.priority for each in fit), default=0)
        return rng.choice([each for each in fit if each.priority == highest]) if fit else None

    def idle_after_s(self) -> float | None:
        """After how many quiet seconds the first idle greeting may come; None where there is none."""
        return min((idle_after(each) for each in self._items if each.on == "idle" and each.enabled), default=None)


def idle_after(item: Timed) -> float:
    """Seconds of quiet that a greeting or rule waits for."""
    return IDLE_AFTER_S if item.after is None else item.after


def due(item: Timed, now: datetime) -> bool:
    """Whether what comes by the clock falls in the minute of `now`; without `at` or `every` it never does."""
    minute = now.hour * 60 + now.minute
    if item.at is not None:
        return minute == item.at.hour * 60 + item.at.minute
    return item.every is not None and minute % max(1, round(item.every / 60)) == 0
