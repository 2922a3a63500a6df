"""Whatever happens in whatever order, the shipped trees keep their word; and a tree that does not is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from behaviors.fakes import FakeBody
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree
from behaviors.trees.schema import walk
from runtime.bench.behavior.sequences import hushed, violations
from runtime.bench.behavior.tick import NODES, grown

NEVER = "{type: when, parameters: {quiet_s: 86000}}"
"""A branch that is not there."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with hushed():
        yield


@pytest.mark.parametrize("part", range(5))
def test_whatever_happens_nobody_is_spoken_over_and_it_comes_to_rest(part: int) -> None:
    """Turns that never end, a safety stop, an operator, orders and a script among the events."""
    assert [each for seed in range(60 * part, 60 * part + 60) for each in violations(seed)] == []


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("kiosk", ("type: yield\n          parameters:\n            onset_s: 0.095", "type: yield\n          parameters:\n            onset_s: 9"), "speaks over"),  # noqa: E501
        ("kiosk", ("{type: freeze, name: safety}", NEVER), "safety stop"),
        ("kiosk", ("{type: mirror, name: takeover}", NEVER), "operator"),
        ("live", ("{type: recite, name: script}", NEVER), "never came to rest"),
        ("kiosk", ("{type: reply}", "{type: reply, parameters: {silent_s: 80000, timeout_s: 80000}}"), "to rest"),
    ],
    ids=["deaf", "no safety stop", "no takeover", "no script", "patient for ever"],
)  # fmt: skip
def test_a_tree_with_a_fault_is_found_out(
    edited: Callable[..., Tree], name: str, change: tuple[str, str], told: str
) -> None:
    faulty = edited(name, change)
    for seed in range(200):
        if found := violations(seed, faulty):
            assert any(told in each for each in found)
            return
    pytest.fail("200 sequences found nothing")


def test_a_tick_of_sixty_nodes_is_cheap(calls: Callable[..., int]) -> None:
    tree = grown(NODES)
    assert NODES <= len(list(walk(tree.root))) < NODES + 5
    body = FakeBody()
    behavior = Behavior(body, newest=lambda: tree)
    behavior.tick()
    body.advance(0.04)
    assert calls(behavior.tick) < 3_000
