"""Looking about fills neither the log nor the page: of several looks in a row the newest is kept."""

from __future__ import annotations

from itertools import pairwise

from behaviors.fakes import FakeBody
from behaviors.tree import Behavior


def test_looks_of_idleness_are_one_decision_and_the_record_keeps_them_all() -> None:
    body = FakeBody()
    body.present = True
    tree = Behavior(body)
    for _ in range(25 * 300):
        body.advance(0.04)
        tree.tick()
    decisions = tree.snapshot()["decisions"]
    assert any(each["did"].startswith("look ") for each in decisions)
    assert not any(a["did"].startswith("look ") and b["did"].startswith("look ") for a, b in pairwise(decisions))
    assert [each["n"] for each in decisions] == sorted({each["n"] for each in decisions})
    recorded = [line for line in tree.record() if '"did":"look ' in line]
    assert len(recorded) > sum(each["did"].startswith("look ") for each in decisions)
