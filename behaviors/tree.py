"""The behaviour of a session: one tree that is ticked over the session's body."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from typing import Any

from py_trees.common import Status

from behaviors.attention import Attention
from behaviors.ports import Body
from behaviors.trace import Trace, outline
from behaviors.trees.loading import Tree, load_tree
from visavis.words import Rank

log = logging.getLogger(__name__)

Newest = Callable[[], Tree]
"""The tree as its file says it now: the same object for as long as nothing is changed."""


class Behavior:
    """One tree over one body. `tick` perceives and acts, and never waits or raises.

    `newest` is asked on every tick; another tree takes the place of the one before while nothing plays, nobody speaks
    and nothing waits to be said. Without it the tree is the shipped one of that name, or SetupError is raised.
    """

    def __init__(self, body: Body, seed: int = 0, *, name: str = "kiosk", newest: Newest | None = None) -> None:
        self._tree = newest() if newest is not None else load_tree(name)
        self._newest, self._seed = newest, seed
        self.trace = Trace(body)
        self._attention = Attention(self.trace.body, random.Random(seed))  # noqa: S311
        self.trace.facts = self._attention.facts
        self._root = self._tree.grow(self._attention)
        self._ticks = 0
        self._ticking = False
        self.failed = False
        """Whether a tick ever raised."""

    def tick(self) -> None:
        """Let the tree decide once. A tick that what it does on the body sets off is left out."""
        if self._ticking:
            return
        self._ticking = True
        try:
            self._ticks += 1
            self._renew()
            self._attention.notice()
            self.trace.tick(self._root)
        except Exception:
            self._recover()
        finally:
            self._ticking = False

    def close(self) -> None:
        """Cancel what runs."""
        self._root.stop(Status.INVALID)

    @property
    def doing(self) -> str | None:
        """The name of the node that the tree has come down to."""
        tip = self._root.tip()
        return tip.name if tip is not None else None

    @property
    def asked(self) -> bool:
        """Whether a question waits for an answer."""
        return self._attention.question is not None

    def snapshot(self, after: int = 0) -> dict[str, Any]:
        """The tree as it stands, and its decisions after number `after` with their reasons."""
        return self.trace.snapshot(self._root, tree=self._tree.name, ticks=self._ticks, after=after)

    def gestured(self, action: str, rank: Rank, sentence: int) -> None:
        """The hands go with what it says: an action with the `sentence`th, counted from 1, of such a rank."""
        self.trace.gestured(action, rank, sentence)

    def record(self, began: str = "") -> Iterator[str]:
        """What it perceived and decided, as JSON lines; the first tells when it began and what tree it is."""
        head = {"tree": self._tree.name, "seed": self._seed, "began": began, "root": outline(self._root)}
        return self.trace.record.lines(head)

    def _renew(self) -> None:
        newest = self._newest() if self._newest is not None else self._tree
        if newest is not self._tree and self._attention.idle:
            self._root.stop(Status.INVALID)
            self._tree, self._root = newest, newest.grow(self._attention)

    def _recover(self) -> None:
        """Begin at the root again; leaves fail by themselves, so this is what perceives or composes that has failed."""
        if not self.failed:
            self.failed = True
            log.exception("the tree %r failed in a tick", self._tree.name)
        self._root.stop(Status.INVALID)
