"""What an operator or a program wants a session to say or to do: it waits here until the tree takes it."""

from __future__ import annotations

import secrets
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from behaviors.ports import Order, Urgency
from runtime.events import OrderChanged
from runtime.stage import Stage
from runtime.turn import Turn
from visavis.errors import ClientError
from visavis.words import Sentence

WAITING = 20
"""Orders that may wait at once."""
KEPT = 100
"""Orders that are over and whose end can still be asked for."""
STEPS: tuple[Urgency, ...] = ("now", "next", "idle")
State = Literal["waiting", "speaking", "done", "dropped"]
URGENT = "something more urgent came"
ENDINGS = {"cancelled": "it was interrupted", "failed": "it could not be said"}


@dataclass(slots=True)
class Placed:
    """An order and what became of it.

    `speaking` is also what an action is while it plays. `heard` is what of its text came out.
    """

    order: Order
    sentences: tuple[Sentence, ...]
    state: State = "waiting"
    reason: str = ""
    heard: str = ""
    turn: Turn | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        return self.state in ("done", "dropped")


class Orders:
    """The orders of one session. Each change of one is told, by its id and never by its words."""

    def __init__(self, stage: Stage, tell: Callable[[OrderChanged], None]) -> None:
        self._stage, self._tell = stage, tell
        self._known: OrderedDict[str, Placed] = OrderedDict()
        self._begun: list[Placed] = []
        self._counts: Counter[str] = Counter()

    # ── placed ──
    def place(self, text: str, action: str, urgency: Urgency, sentences: tuple[Sentence, ...] = ()) -> Placed:
        """Let an order wait. Raises ClientError when too many do."""
        if len(self.waiting) >= WAITING:
            problem = f"{WAITING} orders wait already; wait until some are done, or stop the session"
            raise ClientError("too_many_requests", problem)
        order = Order(f"order_{secrets.token_hex(6)}", text, action, urgency)
        placed = Placed(order, sentences)
        self._known[order.id] = placed
        for name in [name for name, each in self._known.items() if each.over][:-KEPT]:
            del self._known[name]
        return placed

    @property
    def waiting(self) -> list[Placed]:
        """Those that have not begun, in the order in which they are to be taken."""
        found = [each for each in self._known.values() if each.state == "waiting"]
        return sorted(found, key=lambda each: STEPS.index(each.order.urgency))

    @property
    def first(self) -> Order | None:
        """The one to be taken next: the most urgent, of these the oldest."""
        found = self.waiting
        return found[0].order if found else None

    @property
    def all(self) -> list[Placed]:
        """Those that are known, the newest first."""
        return list(reversed(self._known.values()))

    def find(self, name: str) -> Placed:
        """The order of that id. Raises ClientError."""
        if name not in self._known:
            raise ClientError("not_found", f"there is no order {name[:64]!r}; list the session's orders")
        return self._known[name]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many are waiting and speaking now, and how many were done and dropped ever."""
        over = {name: self._counts[name] for name in ("done", "dropped")}
        return {"waiting": len(self.waiting), "speaking": len(self._begun), **over}

    # ── carried out ──
    def take(self) -> Placed:
        """Begin with the first; one that is said now has to give way to words. Raises LookupError where none waits."""
        found = self.waiting
        if not found:
            raise LookupError("nothing is ordered")
        if found[0].order.text:
            self.give_way(URGENT)
        self._begun.append(found[0])
        self._change(found[0], "speaking")
        return found[0]

    def settle(self) -> None:
        """Notice what of all that was begun is over."""
        for placed in list(self._begun):
            if not placed.sentences and not self._stage.acting:
                self._end(placed, "done")
            elif placed.turn is not None and (ending := placed.turn.ending) is not None:
                placed.heard, whole = ending.heard, ending.status == "completed"
                why = "" if whole else placed.reason or ending.problem or ENDINGS[ending.status]
                self._end(placed, "done" if whole else "dropped", why)

    # ── given up ──
    def give_way(self, reason: str) -> None:
        """The turn of an order, if one goes on, is about to be ended."""
        for placed in self._begun:
            if placed.turn is not None and placed.turn.ending is None:
                placed.reason = reason

    def fail(self, placed: Placed, reason: str) -> None:
        """An order cannot be carried out."""
        self._end(placed, "dropped", reason)

    def drop(self, reason: str) -> None:
        """Give up all that wait."""
        for placed in self.waiting:
            self._end(placed, "dropped", reason)

    def _end(self, placed: Placed, state: State, reason: str = "") -> None:
        if placed in self._begun:
            self._begun.remove(placed)
        placed.reason = reason
        self._counts[state] += 1
        self._change(placed, state)

    def _change(self, placed: Placed, state: State) -> None:
        placed.state = state
        self._tell(OrderChanged(placed.order.id, state, placed.reason))


async def told(sentences: tuple[Sentence, ...]) -> AsyncIterator[Sentence]:
    """The sentences of an order, as a reply has them."""
    for sentence in sentences:
        yield sentence
