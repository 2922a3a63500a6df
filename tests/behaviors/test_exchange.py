"""A designer saves a tree while sessions are under way."""

from __future__ import annotations

from collections.abc import Callable

from behaviors.fakes import FakeBody
from behaviors.ports import Order
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree, load_tree
from visavis.words import Utterance

TICK = 0.02


class Desk:
    """A session whose tree can be edited."""

    def __init__(self) -> None:
        self.tree = load_tree("kiosk")
        self.body = FakeBody(think_s=0.0, speech_s=1.0)
        self.behavior = Behavior(self.body, newest=lambda: self.tree)
        self.behavior.tick()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.body.advance(TICK)
            self.behavior.tick()

    def ask(self) -> None:
        now = self.body.now()
        self.body.waiting = Utterance("Where?", "en", "text", now, now)
        self.behavior.tick()

    def speak_over(self, seconds: float) -> None:
        self.body.speak()
        self.run(seconds)
        self.body.hush()

    @property
    def did(self) -> list[str]:
        return [what for _, what in self.body.log]


def test_new_manners_hold_from_the_next_quiet_moment_on(edited: Callable[..., Tree]) -> None:
    desk = Desk()
    desk.ask()
    desk.tree = edited("kiosk", ("onset_s: 0.095", "onset_s: 0.5"), ("floor_s: 0.7", "floor_s: 3"))
    desk.run(0.2)
    desk.speak_over(0.3)
    assert desk.did == ["answer Where?", "hold"], "the turn under way goes by the old manners"
    desk.run(3.0)
    desk.ask()
    desk.speak_over(0.3)
    desk.run(2.0)
    assert desk.did == ["answer Where?", "hold", "resume", "answer Where?"]


def test_a_tree_is_not_exchanged_while_somebody_speaks_or_something_waits(edited: Callable[..., Tree]) -> None:
    desk = Desk()
    desk.body.speak()
    desk.run(0.5)
    desk.tree = edited("kiosk", ("name: kiosk", "name: another"))
    desk.body.orders.append(Order("1", "Hello"))
    desk.run(0.5)
    assert desk.behavior.snapshot()["root"]["name"] == "kiosk"
    desk.body.hush()
    desk.run(1.0)
    assert desk.did == ["obey 1"]
    assert desk.behavior.snapshot()["root"]["name"] == "kiosk"
    desk.run(1.0)
    assert desk.behavior.snapshot()["root"]["name"] == "another"


def test_what_a_small_action_was_doing_ends_with_its_tree(edited: Callable[..., Tree]) -> None:
    desk = Desk()
    while not desk.body.jobs:
        desk.run(1.0)
    desk.body.jobs[-1].left = 50.0
    desk.tree = edited("kiosk", ("every_s: [20, 40]", "every_s: [2, 3]"))
    desk.run(0.1)
    assert all(job.done for job in desk.body.jobs)
    desk.run(60.0)
    assert len(desk.did) > 5


def test_a_greeting_that_was_overtaken_by_a_question_stays_so(edited: Callable[..., Tree]) -> None:
    desk = Desk()
    desk.body.occasion = "enter"
    desk.body.present = True
    desk.ask()
    desk.tree = edited("kiosk", ("linger_s: 0.6", "linger_s: 1"))
    desk.run(5.0)
    assert desk.did == ["answer Where?"]
