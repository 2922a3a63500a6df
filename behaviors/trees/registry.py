"""The types of node that a tree's file may name: the built-in ones, and leaves that an installed package brings.

A package declares a leaf of its own, a subclass of `behaviors.leaves.leaf.Leaf`, in the entry-point group
`visavis.behaviors`; the entry point's name is the type.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points

from behaviors.leaves.attract import Attract
from behaviors.leaves.barge_in import GiveWay, Yield
from behaviors.leaves.greet import Greet
from behaviors.leaves.idle import Idle
from behaviors.leaves.leaf import Leaf
from behaviors.leaves.listen import Listen
from behaviors.leaves.operator import Freeze, Mirror
from behaviors.leaves.orders import Obey
from behaviors.leaves.reply import Reply
from behaviors.leaves.script import Recite
from behaviors.leaves.simple import Act, Look, Wait
from behaviors.leaves.when import When
from behaviors.trees.composites import COMPOSITES, Choose, InTurn, Together
from behaviors.trees.decorators import DECORATORS, Wrap

log = logging.getLogger(__name__)

GROUP = "visavis.behaviors"
LEAVES: tuple[type[Leaf], ...] = (
    Mirror, Freeze, Obey, GiveWay, Yield, Reply, Listen, Greet, Recite, Attract, Idle, When, Act, Look, Wait,
)  # fmt: skip

Kind = type[Leaf] | type[Wrap] | type[Choose] | type[InTurn] | type[Together]


def built_in() -> dict[str, Kind]:
    """The types that come with Visavis."""
    every: Iterable[Kind] = (*COMPOSITES, *DECORATORS, *LEAVES)
    return {each.kind: each for each in every}


@cache
def kinds() -> dict[str, Kind]:
    """Every type by its name; the built-in ones cannot be replaced. A package's that cannot be loaded is told."""
    found = built_in()
    for point in entry_points(group=GROUP):
        try:
            leaf = point.load()
            if not (isinstance(leaf, type) and issubclass(leaf, Leaf)):
                raise TypeError("it is no subclass of behaviors.leaves.leaf.Leaf")
        except Exception as error:
            log.warning("the leaf %r of %s cannot be used: %s", point.name, point.value, error)
            continue
        found.setdefault(point.name, leaf)
    return found
