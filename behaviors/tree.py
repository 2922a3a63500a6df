"""Behaviour trees by name, and the behaviour that ticks one over a session's body."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.composites import Selector

from behaviors.leaves import AnswerQuestion, Attention, GiveWay, Greet, Listen, Rest, Yield
from behaviors.manners import Manners
from behaviors.ports import Body
from behaviors.trace import Trace
from visavis.errors import SetupError

Builder = Callable[[Attention, random.Random], Behaviour]


def kiosk(attention: Attention, rng: random.Random) -> Behaviour:
    """barge-in > reply > listening > greeting > idle. Each tick the highest branch that wants to act does."""
    barge_in = Selector("barge-in", memory=False, children=[GiveWay(attention), Yield(attention)])
    return Selector(
        "kiosk",
        memory=False,
        children=[barge_in, AnswerQuestion(attention), Listen(attention), Greet(attention), Rest(attention, rng)],
    )


def widget(attention: Attention, rng: random.Random) -> Behaviour:
    """As at a kiosk, but the avatar never speaks first."""
    barge_in = Selector("barge-in", memory=False, children=[GiveWay(attention), Yield(attention)])
    return Selector(
        "widget",
        memory=False,
        children=[barge_in, AnswerQuestion(attention), Listen(attention), Rest(attention, rng)],
    )


TREES: dict[str, Builder] = {"kiosk": kiosk, "widget": widget}


def tree(name: str) -> Builder:
    """The builder of the tree `name`. Raises SetupError naming those that exist."""
    if name not in TREES:
        raise SetupError(f"there is no behaviour tree named {name!r}", f"use one of: {', '.join(sorted(TREES))}")
    return TREES[name]


class Behavior:
    """One tree over one body. `tick` perceives and acts, and never waits."""

    def __init__(self, body: Body, seed: int = 0, *, name: str = "kiosk", manners: Manners | None = None) -> None:
        self._seed = seed
        self.trace = Trace(body)
        self._attention = Attention(self.trace.body, manners or Manners())
        self._root = tree(name)(self._attention, random.Random(seed))  # noqa: S311
        self._ticks = 0
        self._ticking = False

    def tick(self) -> None:
        """Let the tree decide once. A tick that what it does on the body sets off is left out."""
        if self._ticking:
            return
        self._ticking = True
        try:
            self._ticks += 1
            self._attention.notice()
            self.trace.tick(self._root)
        finally:
            self._ticking = False

    def close(self) -> None:
        """Cancel what runs."""
        self._root.stop(Status.INVALID)

    def snapshot(self, after: int = 0) -> dict[str, Any]:
        """The tree as it stands, and its decisions after number `after` with their reasons."""
        return self.trace.snapshot(self._root, tree=self._root.name, ticks=self._ticks, after=after)

    def record(self) -> Iterator[str]:
        """What it perceived and decided, as JSON lines."""
        return self.trace.record.lines({"tree": self._root.name, "seed": self._seed})
