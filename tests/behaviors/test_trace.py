"""A log from which somebody who was not there can say why the avatar did what it did."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from behaviors.fakes import FakeBody
from behaviors.trace import Trace
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree
from visavis.words import Utterance

TICK = 0.02


class Watched:
    """A tree over a fake body, ticked every 20 ms."""

    def __init__(self, tree: str | Tree = "kiosk") -> None:
        self.body = FakeBody()
        name = tree if isinstance(tree, str) else tree.name
        self.behavior = Behavior(self.body, name=name, newest=None if isinstance(tree, str) else lambda: tree)
        self.behavior.tick()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.body.advance(TICK)
            self.behavior.tick()

    def ask(self, text: str) -> None:
        now = self.body.now()
        self.body.waiting = Utterance(text, "en", "voice", now, now)
        self.behavior.tick()

    def coughs(self) -> None:
        self.body.speak()
        self.run(0.3)
        self.body.hush()
        self.run(1.0)

    def decisions(self, after: int = 0) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.behavior.snapshot(after)["decisions"]
        return found

    def told(self) -> list[tuple[float, str, str]]:
        return [(each["at_s"], each["node"], each["did"]) for each in self.decisions()]


def test_every_turning_and_everything_done_is_a_decision() -> None:
    watched = Watched()
    watched.ask("When do you open?")
    watched.run(1.0)
    watched.coughs()
    watched.run(4.0)
    assert watched.told()[:5] == [
        (0.0, "idle", ""),
        (0.0, "reply", "answer voice"),
        (1.1, "yield", "hold"),
        (1.9, "yield", "resume"),
        (3.92, "idle", ""),
    ]


def test_each_decision_tells_its_reason_where_it_stands_and_what_was_perceived() -> None:
    watched = Watched()
    watched.body.present, watched.body.occasion = True, "first_visit"
    watched.run(TICK)
    greeting = watched.decisions()[-1]
    assert greeting["did"] == "greet first_visit"
    assert greeting["path"] == ["kiosk", "greeting"]
    assert "first_visit" in greeting["why"]
    assert greeting["facts"]["present"] is True
    assert greeting["facts"]["speaking"] is False
    assert greeting["n"] == len(watched.decisions())


def test_what_is_done_for_a_gesture_is_put_to_the_node_whose_words_it_goes_with() -> None:
    watched = Watched()
    watched.behavior.gestured("nod", "beat", 1)
    assert "gesture nod" not in [did for _, _, did in watched.told()], "nobody speaks yet"
    watched.body.occasion = "enter"
    watched.run(TICK)
    watched.behavior.gestured("wave", "meant", 1)
    last = watched.decisions()[-1]
    assert (last["node"], last["did"]) == ("greeting", "gesture wave")
    assert "its words mean it" in last["why"]


def test_who_stops_what_another_began_is_told(planted: Callable[[str], Tree]) -> None:
    """A higher branch takes over from one that acts: the log has both, and says which goes before which."""
    tree = planted(
        "{type: selector, memory: false, children: "
        "[{type: freeze, name: safety}, {type: act, name: greeter, parameters: {action: wave}}]}"
    )
    watched = Watched(tree)
    watched.run(0.2)
    watched.body.frozen = True
    watched.run(TICK)
    stopped = next(each for each in watched.decisions() if each["did"] == "cancel act wave")
    assert stopped["node"] == "greeter"
    assert stopped["why"] == "'safety' goes before it"
    assert watched.body.jobs[0].cancelled


def test_the_live_tree_is_told_as_json() -> None:
    watched = Watched()
    state = watched.behavior.snapshot()
    assert json.loads(json.dumps(state)) == state
    assert (state["tree"], state["doing"], state["tick"]) == ("kiosk", "idle", 1)
    root = state["root"]
    assert (root["id"], root["name"], root["type"], root["status"]) == ("0", "kiosk", "selector", "RUNNING")
    barge_in = next(each for each in root["children"] if each["name"] == "barge-in")
    assert [each["id"] for each in barge_in["children"]] == [f"{barge_in['id']}.0", f"{barge_in['id']}.1"]
    assert all(each["why"] for each in barge_in["children"])
    assert state["facts"]["mood"] == "idle"


def test_who_has_seen_decisions_is_told_the_newer_ones() -> None:
    watched = Watched()
    seen = watched.decisions()[-1]["n"]
    watched.ask("Hello?")
    newer = watched.decisions(after=seen)
    assert [each["did"] for each in newer] == ["answer voice"]
    assert watched.decisions(after=newer[-1]["n"]) == []


def test_what_is_told_in_vain_on_every_tick_is_one_decision() -> None:
    watched = Watched()
    watched.body.polite = False
    watched.ask("Hello?")
    watched.run(0.5)
    watched.body.speak()
    watched.run(2.0)
    done = [did for _, _, did in watched.told()]
    assert done.count("interrupt") == 1
    assert [what for _, what in watched.body.log].count("interrupt") > 10


def test_the_log_is_bounded() -> None:
    watched = Watched()
    watched.behavior.trace = trace = Trace(watched.body, kept=5)
    root = watched.behavior._root
    for asleep in range(20):
        watched.body.frozen = asleep % 2 == 0
        trace.tick(root)
    assert [each["n"] for each in trace.snapshot(root, tree="kiosk", ticks=0)["decisions"]] == [16, 17, 18, 19, 20]


def test_no_word_of_a_visitor_is_in_it() -> None:
    watched = Watched()
    watched.ask("My name is Zebedee")
    watched.run(1.0)
    watched.body.speak()
    watched.run(0.2)
    watched.body.words("Zebedee again")
    watched.run(0.5)
    told = json.dumps(watched.behavior.snapshot()) + "".join(watched.behavior.record())
    assert "Zebedee" not in told
    assert "interrupt" in told


def test_a_record_begins_with_the_tree_that_decided() -> None:
    head = json.loads(next(iter(Watched().behavior.record())))
    assert (head["tree"], head["root"]["type"]) == ("kiosk", "selector")
    barge_in = next(each for each in head["root"]["children"] if each["name"] == "barge-in")
    assert [each["type"] for each in barge_in["children"]] == ["give_way", "yield"]


@pytest.mark.parametrize("ticks", [100])
def test_a_tick_without_news_costs_next_to_nothing(calls: Callable[..., int], ticks: int) -> None:
    watched = Watched()

    def idle() -> None:
        for _ in range(ticks):
            watched.behavior.trace.body.begin()
            watched.behavior.trace.record.perceive(0.0, watched.behavior.trace.body.perceived())
            watched.behavior.trace.body.end()

    idle()
    assert calls(idle) / ticks < 70
