"""Inviting while nobody is there: when it begins, what it does, and that it ends at once."""

from __future__ import annotations

from behaviors.fakes import FakeBody
from behaviors.tree import Behavior
from behaviors.trees.loading import load_tree

TICK = 0.05


class Scene:
    """The shipped kiosk over a fake body."""

    def __init__(self) -> None:
        tree = load_tree("kiosk")
        self.body = FakeBody(speech_s=1.0)
        self.tree = Behavior(self.body, newest=lambda: tree)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.body.advance(TICK)
            self.tree.tick()

    @property
    def invited(self) -> list[float]:
        """When it did something to invite."""
        return [at for at, what in self.body.log if what.removeprefix("act ") in ("wave", "welcome_both")]

    def doing(self) -> str:
        root = self.tree.snapshot()["root"]
        return next(str(node["name"]) for node in root["children"] if node["status"] == "RUNNING")


def test_it_begins_when_nobody_has_been_there_for_a_while_and_goes_on() -> None:
    scene = Scene()
    scene.run(19)
    assert (scene.doing(), scene.invited) == ("idle", [])
    scene.run(101)
    assert scene.doing() == "attract"
    assert 4 <= len(scene.invited) <= 11
    assert {gaze for _, gaze in scene.body.gazes} == {"visitor", "aside", "away"}


def test_it_ends_at_once_when_somebody_comes_and_counts_anew_when_he_has_left() -> None:
    scene = Scene()
    scene.run(60)
    while scene.body.jobs[-1].done:
        scene.run(TICK)
    waving = scene.body.jobs[-1]
    scene.body.present = True
    scene.run(TICK)
    assert waving.cancelled
    scene.run(60)
    assert scene.doing() == "idle"
    left = scene.body.now()
    scene.body.present = False
    scene.run(19)
    assert scene.doing() == "idle"
    scene.run(30)
    assert scene.doing() == "attract"
    assert not any(waving.starts_at < at < left + 20 for at in scene.invited)


def test_a_visitor_who_was_there_for_a_greeting_alone_was_there() -> None:
    scene = Scene()
    scene.run(60)
    scene.body.present, scene.body.occasion = True, "enter"
    scene.run(0.5)
    scene.body.present = False
    before = len(scene.invited)
    scene.run(15)
    assert len(scene.invited) == before
    scene.run(20)
    assert len(scene.invited) > before


def test_it_invites_without_a_word() -> None:
    scene = Scene()
    scene.run(300)
    assert {what.split()[0] for _, what in scene.body.log} == {"act"}


def test_a_voice_without_a_visitor_is_listened_to() -> None:
    scene = Scene()
    scene.run(40)
    scene.body.speak()
    scene.run(1)
    assert scene.doing() == "listening"
