"""Nodes that hold several others."""

from __future__ import annotations

from collections.abc import Sequence as Several
from typing import ClassVar

from py_trees.behaviour import Behaviour
from py_trees.common import ParallelPolicy, Status
from py_trees.composites import Parallel, Selector, Sequence


class Choose(Selector):
    """The first child, in order, that does not fail. Without memory a higher one takes over from a lower one."""

    kind: ClassVar[str] = "selector"
    has_memory: ClassVar[bool] = True

    def __init__(self, name: str, children: Several[Behaviour], memory: bool) -> None:
        super().__init__(name, memory, list(children))

    def stop(self, new_status: Status = Status.INVALID) -> None:
        super().stop(new_status)
        _pass_on(self, new_status)


class InTurn(Sequence):
    """All children one after another, until one fails. Without memory it begins at the first on every tick."""

    kind: ClassVar[str] = "sequence"
    has_memory: ClassVar[bool] = True

    def __init__(self, name: str, children: Several[Behaviour], memory: bool) -> None:
        super().__init__(name, memory, list(children))

    def stop(self, new_status: Status = Status.INVALID) -> None:
        super().stop(new_status)
        _pass_on(self, new_status)


class Together(Parallel):
    """All children at once; it succeeds when all have, and fails, ending the others, when one does."""

    kind: ClassVar[str] = "parallel"
    has_memory: ClassVar[bool] = False

    def __init__(self, name: str, children: Several[Behaviour], memory: bool) -> None:
        super().__init__(name, ParallelPolicy.SuccessOnAll(), list(children))

    def stop(self, new_status: Status = Status.INVALID) -> None:
        super().stop(new_status)
        _pass_on(self, new_status)


def _pass_on(composite: Selector | Sequence | Parallel, new_status: Status) -> None:
    """Give a composite that has ended the reason of the child that ended it."""
    child = composite.current_child
    if new_status is not Status.INVALID and child is not None:
        composite.feedback_message = child.feedback_message


COMPOSITES: tuple[type[Choose] | type[InTurn] | type[Together], ...] = (Choose, InTurn, Together)
