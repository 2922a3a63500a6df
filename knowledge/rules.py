"""Which rule an event fires, and how often a rule has been fired.

An event is a mapping with a `kind`; rules see its fields by name, in `when` and in what they say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from knowledge.greetings import due, idle_after
from knowledge.schema import Rule
from knowledge.when import Condition, condition

Event = Mapping[str, object]


class Pace:
    """When rules were fired in one session: it keeps cooldowns and quotas. Times are seconds of the session's clock."""

    def __init__(self) -> None:
        self._fired: dict[str, deque[float]] = {}

    def free(self, rule: Rule, at: float) -> bool:
        """Whether neither the cooldown nor the quota of a rule forbids it at `at`."""
        fired = self._fired.get(rule.id)
        if not fired:
            return True
        if at < fired[-1] + rule.cooldown:
            return False
        if rule.quota is None:
            return True
        while fired and fired[0] <= at - rule.quota.per:
            fired.popleft()
        return len(fired) < rule.quota.count

    def fire(self, name: str, at: float) -> None:
        """The rule is fired."""
        self._fired.setdefault(name, deque(maxlen=100_000)).append(at)

    def undo(self, name: str) -> None:
        """The rule that was fired last under this name came to nothing."""
        self._fired[name].pop()


class Rules:
    """A library's rules, highest priority first, ties in file order."""

    def __init__(self, items: Iterable[Rule]) -> None:
        self._by_kind: dict[str, list[tuple[Rule, Condition | None]]] = {}
        for rule in sorted(items, key=lambda each: -each.priority):
            for kind in rule.on:
                when = condition(rule.when) if rule.when else None
                self._by_kind.setdefault(kind, []).append((rule, when))

    def pick(
        self,
        event: Event,
        given: Mapping[str, object],
        now: datetime,
        pace: Pace,
        at: float,
        *,
        improvises: bool = True,
        avoid: Collection[str] = (),
    ) -> Rule | None:
        """The first rule that the event fires: `given` is what `when` sees besides it, `now` local time, `at` the
        session's. Without `improvises` those that need a language model are passed over, as are the ids `avoid`.
        """
        kind = event.get("kind")
        known = {**given, **event}
        for rule, when in self._by_kind.get(kind, ()) if isinstance(kind, str) else ():
            if rule.id in avoid or (rule.llm and not improvises) or not rule.valid(now):
                continue
            if _in_time(rule, event, now) and pace.free(rule, at) and (when is None or when.holds(known, now)):
                return rule
        return None


def _in_time(rule: Rule, event: Event, now: datetime) -> bool:
    if event["kind"] == "time":
        return due(rule, now)
    if event["kind"] == "idle":
        quiet = event.get("quiet_s")
        return isinstance(quiet, int | float) and idle_after(rule) <= quiet
    return True
