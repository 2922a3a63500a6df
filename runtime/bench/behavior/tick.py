"""How long a tree takes to decide: a tree of 60 nodes in a session full of events."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np

from behaviors.tree import Behavior
from behaviors.trees.loading import Tree, checked
from behaviors.trees.schema import walk
from runtime.bench.behavior.sequences import TICK_S, hushed
from runtime.bench.behavior.visitor import AnyBody, happen
from runtime.bench.report import Row
from runtime.settings import Installation
from visavis.config import parsed

NODES = 60
LIMIT_MS = 0.5
EVERY = 12
"""Ticks from one event to the next: about two a second."""
_BRANCH = """
    - type: sequence
      name: habit {n}
      memory: false
      children:
        - {{type: when, parameters: {{taken_over: false}}}}
        - {{type: invert, children: [{{type: when, parameters: {{frozen: true}}}}]}}
        - {{type: when, parameters: {{quiet_s: {late}}}}}"""
"""All five nodes of a habit are asked on every tick; none of them ever acts."""


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """Time every tick, what becomes of an event included."""
    tree = grown(NODES)
    ticks = 5_000 if quick else 40_000
    spent = _timed(tree, ticks, done)
    middle, late = (float(np.percentile(spent, at)) for at in (50, 99))
    note = f"{len(list(walk(tree.root)))} nodes, {ticks:,} ticks with an event every {EVERY}"
    return [
        Row("a tick of the tree, p50", middle, "ms", note=note),
        Row("a tick of the tree, p99", late, "ms", LIMIT_MS),
    ], []


def grown(nodes: int) -> Tree:
    """The shipped kiosk with habits put before all that speaks, until it has so many nodes or a few more."""
    folder = Path(__file__).parents[3] / "behaviors" / "data" / "trees"
    text = (folder / "kiosk.yaml").read_text("utf-8")
    head, mark, tail = text.partition("    # Somebody speaks into")
    tree = checked(parsed(Path("kiosk.yaml"), text.encode()))
    for number in count(1):
        if len(list(walk(tree.root))) >= nodes:
            break
        head += _BRANCH.format(n=number, late=3600 + number).removeprefix("\n") + "\n"
        tree = checked(parsed(Path("kiosk.yaml"), (head + mark + tail).encode()))
    return tree


def _timed(tree: Tree, ticks: int, done: Callable[[int, int], None]) -> list[float]:
    """Milliseconds of the processor for every tick; what other programs take of it meanwhile is not the tree's."""
    rng = random.Random(1)  # noqa: S311
    body = AnyBody(rng)
    behavior = Behavior(body, 1, newest=lambda: tree)
    spent = []
    gc.collect()
    with hushed():
        for number in range(ticks):
            if number % EVERY == 0:
                happen(body, rng)
                body.taken_over = body.frozen = False
                body.hangs = 0
                done(number, ticks)
            body.advance(TICK_S)
            del body.jobs[:-20], body.log[:-20]
            began = time.thread_time()
            behavior.tick()
            spent.append(1000 * (time.thread_time() - began))
    return spent
