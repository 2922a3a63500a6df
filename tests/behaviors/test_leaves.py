"""Operators, orders, scripts and the small leaves, and what becomes of a leaf that fails; ticks of 20 ms."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
from py_trees.common import Status

from behaviors.fakes import FakeBody
from behaviors.leaves.leaf import Leaf
from behaviors.ports import Job, Order, Urgency
from behaviors.tree import Behavior
from behaviors.trees import loading, registry, schema
from behaviors.trees.loading import Tree, load_tree
from visavis.config import parsed
from visavis.words import Utterance

TICK = 0.02


class Scene:
    """A tree over a fake body."""

    def __init__(self, tree: Tree | str = "kiosk", body: FakeBody | None = None) -> None:
        tree = load_tree(tree) if isinstance(tree, str) else tree
        self.body = body or FakeBody(think_s=0.0, speech_s=1.0)
        self.tree = Behavior(self.body, newest=lambda: tree)
        self.tree.tick()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.body.advance(TICK)
            self.tree.tick()

    def ask(self, text: str = "Where?") -> None:
        now = self.body.now()
        self.body.waiting = Utterance(text, "en", "text", now, now)
        self.tree.tick()

    def order(self, text: str = "", action: str = "", urgency: Urgency = "next") -> None:
        self.body.orders.append(Order(text or action, text, action, urgency))
        self.tree.tick()

    @property
    def did(self) -> list[str]:
        return [what for _, what in self.body.log]

    def why(self, *path: int) -> str:
        """The reason of the node that is found by these places from the root."""
        node = self.tree.snapshot()["root"]
        for place in path:
            node = node["children"][place]
        return str(node["why"])


# ── an operator, the safety stop ──
def test_while_an_operator_speaks_the_tree_starts_nothing_of_its_own() -> None:
    scene = Scene()
    scene.ask()
    scene.body.taken_over = True
    scene.run(0.5)
    scene.body.occasion = "enter"
    scene.ask("And when?")
    scene.order("Good evening, this is a person speaking.")
    scene.run(2.0)
    assert scene.did == ["answer Where?", "cut", "obey Good evening, this is a person speaking."]
    assert scene.tree.doing == "takeover"
    scene.body.taken_over = False
    scene.run(1.0)
    assert scene.did[-1] == "answer And when?"


def test_what_an_operator_said_last_is_said_to_its_end() -> None:
    scene = Scene()
    scene.body.taken_over = True
    scene.order("One moment, please.")
    scene.body.taken_over = False
    scene.run(3.0)
    assert not scene.body.jobs[0].cancelled
    assert scene.tree.doing == "idle"


def test_an_operator_may_wave_while_speaking() -> None:
    scene = Scene()
    scene.body.taken_over = True
    scene.order("Look at this.", urgency="now")
    scene.run(0.2)
    scene.order(action="wave", urgency="now")
    scene.run(2.0)
    assert not any(job.cancelled for job in scene.body.jobs)


def test_the_safety_stop_ends_what_is_said_even_what_must_not_be_interrupted() -> None:
    scene = Scene()
    scene.body.polite = False
    scene.ask()
    scene.run(0.2)
    scene.body.frozen = True
    scene.run(0.1)
    scene.order("Go on!", urgency="now")
    scene.ask("And when?")
    scene.run(2.0)
    assert scene.did == ["answer Where?", "cut"]
    assert (scene.body.playing, scene.tree.doing, scene.body.mood) == (None, "safety", "idle")
    scene.body.frozen = False
    scene.run(0.1)
    assert scene.did[-1] == "obey Go on!"


def test_the_safety_stop_goes_before_the_operator() -> None:
    scene = Scene()
    scene.body.taken_over = True
    scene.order("This is a person speaking.")
    scene.run(0.2)
    scene.body.frozen = True
    scene.run(0.2)
    assert scene.body.jobs[0].cancelled
    assert scene.tree.doing == "safety"


# ── orders ──
def test_an_order_now_ends_what_is_said_and_is_not_interrupted() -> None:
    scene = Scene()
    scene.ask()
    scene.run(0.2)
    scene.order("Please leave the building.", urgency="now")
    scene.body.speak()
    scene.body.words("what?")
    scene.run(0.9)
    assert scene.did == ["answer Where?", "cut", "obey Please leave the building."]
    assert scene.body.playing is not None
    assert not scene.body.jobs[1].cancelled


def test_an_action_that_is_ordered_now_is_played_beside_what_is_said() -> None:
    scene = Scene()
    scene.ask()
    scene.run(0.2)
    scene.order(action="wave", urgency="now")
    assert scene.did == ["answer Where?", "obey wave"]
    assert scene.body.playing is not None
    assert scene.tree.doing == "reply"


def test_an_order_next_waits_for_the_end_and_for_a_pause() -> None:
    scene = Scene()
    scene.ask()
    scene.run(0.2)
    scene.order("We close in ten minutes.")
    scene.run(0.5)
    assert scene.did == ["answer Where?"]
    scene.run(0.4)
    assert scene.did == ["answer Where?", "obey We close in ten minutes."]


def test_an_order_next_does_not_speak_into_a_visitor() -> None:
    scene = Scene()
    scene.body.speak()
    scene.run(0.5)
    scene.order("We close in ten minutes.")
    scene.run(1.0)
    scene.body.hush()
    scene.run(0.5)
    assert scene.did == []
    scene.run(0.2)
    assert scene.did == ["obey We close in ten minutes."]


def test_a_visitor_may_interrupt_an_order_that_had_its_turn() -> None:
    scene = Scene()
    scene.order("We close in ten minutes.")
    scene.run(0.2)
    scene.ask()
    assert scene.did[1:] == ["interrupt", "answer Where?"]


def test_an_order_idle_waits_for_the_script_and_one_next_does_not() -> None:
    scene = Scene()
    scene.body.pieces = 2
    scene.order("By the way.", urgency="idle")
    scene.order("First of all.", urgency="next")
    scene.run(5.0)
    assert scene.did == ["recite", "obey First of all.", "recite", "obey By the way."]


# ── a script, a live room ──
def test_a_live_host_answers_between_two_pieces_of_the_script() -> None:
    scene = Scene("live")
    scene.body.pieces = 3
    scene.run(0.2)
    scene.ask()
    scene.run(5.0)
    assert scene.did == ["recite", "answer Where?", "recite", "recite"]
    assert not any(job.cancelled for job in scene.body.jobs)


def test_a_live_host_finishes_an_answer_before_the_next() -> None:
    scene = Scene("live")
    scene.ask("First?")
    scene.run(0.5)
    scene.ask("Second?")
    scene.run(3.0)
    assert scene.did == ["answer First?", "answer Second?"]
    assert not any(job.cancelled for job in scene.body.jobs)


def test_a_live_host_does_not_greet_everybody() -> None:
    scene = Scene("live")
    for _ in range(20):
        scene.body.occasion = "enter"
        scene.run(5.0)
    assert scene.did.count("greet enter") == 4


# ── small leaves ──
def test_facts_are_asked_for(planted: Callable[[str], Tree]) -> None:
    tree = planted(
        """
  type: sequence
  memory: false
  children:
    - {type: when, parameters: {present: true, quiet_s: 3, occasion: [enter, idle]}}
    - {type: act, parameters: {action: wave}}"""
    )
    scene = Scene(tree)
    assert scene.why(0) == "present is false"
    scene.body.present = True
    scene.run(1.0)
    assert scene.why(0) == "occasion is none"
    scene.body.occasion = "enter"
    scene.run(1.0)
    assert scene.why(0) == "quiet_s is 2.0"
    scene.run(2.0)
    assert scene.why(0) == "present is true, occasion is enter, quiet_s is 4.0"
    assert scene.did == ["act wave"]


def test_a_sequence_with_memory_goes_on_where_it_was(planted: Callable[[str], Tree]) -> None:
    tree = planted(
        """
  type: cooldown
  parameters: {seconds: 10}
  children:
    - type: sequence
      memory: true
      children:
        - {type: look, parameters: {at: away}}
        - {type: wait, parameters: {seconds: 0.5}}
        - {type: act, parameters: {action: nod}}
        - {type: look, parameters: {at: visitor}}"""
    )
    scene = Scene(tree)
    scene.run(20.0)
    assert [at for at, _ in scene.body.log] == pytest.approx([0.5, 12.0], abs=0.05)
    assert [at for _, at in scene.body.gazes] == ["away", "visitor", "away", "visitor"]


def test_a_timeout_ends_what_it_holds(planted: Callable[[str], Tree]) -> None:
    body = FakeBody(action_s=100.0)
    root = "{type: timeout, parameters: {seconds: 2}, children: [{type: act, parameters: {action: wave}}]}"
    scene = Scene(planted(root), body)
    scene.run(1.9)
    assert not body.jobs[0].done
    scene.run(0.1)
    assert body.jobs[0].cancelled
    assert scene.why() == "'act' went on for more than 2 s"


def test_all_at_once_ends_when_one_fails(planted: Callable[[str], Tree]) -> None:
    root = (
        "{type: parallel, children: [{type: act, parameters: {action: wave}}, {type: act, parameters: {action: nod}}]}"
    )
    scene = Scene(planted(root))
    assert scene.did == ["act wave", "act nod"]
    scene.body.speak()
    scene.run(0.02)
    assert all(job.cancelled for job in scene.body.jobs)


def test_idle_actions_are_drawn_by_weight(planted: Callable[[str], Tree]) -> None:
    scene = Scene(planted("{type: idle, parameters: {every_s: [2, 3], actions: {idle: 1, nod: 6, wave: 2, ok: 0}}}"))
    scene.run(1000.0)
    counted = {action: scene.did.count(f"act {action}") for action in ("nod", "wave", "ok", "idle")}
    assert counted["nod"] > 2 * counted["wave"] > 40
    assert counted["ok"] == counted["idle"] == 0
    assert {at for _, at in scene.body.gazes} == {"visitor", "aside", "away"}


def test_idle_without_any_weight_does_nothing(planted: Callable[[str], Tree]) -> None:
    scene = Scene(planted("{type: idle, parameters: {every_s: [0.1, 0.1], actions: {}, looks: {}}}"))
    scene.run(10.0)
    assert scene.did == []


# ── reasons ──
def test_the_reason_of_what_is_done_is_told_without_a_visitors_words() -> None:
    scene = Scene()
    scene.ask("My name is Ada Lovelace")
    scene.run(0.2)
    assert scene.why(4) == "a question came by text"
    scene.body.speak()
    scene.run(0.2)
    scene.body.words("Ada again")
    scene.run(0.04)
    scene.run(0.1)
    told = scene.tree.snapshot()
    whys = [(each["node"], each["why"]) for each in told["decisions"]]
    assert ("yield", "held: a voice of 0.10 s over the avatar") in whys
    assert ("give way", "the visitor says words") in whys
    assert "Ada" not in str(told)


def test_facts_hold_what_is_perceived_and_no_words() -> None:
    scene = Scene()
    scene.body.present = True
    scene.ask("My name is Ada")
    scene.order("Say this", urgency="idle")
    facts = scene.tree.snapshot()["facts"]
    assert facts["present"] is True
    assert facts["audible"] is True
    assert facts["question"] is False
    assert facts["order"] == "idle"
    assert facts["emotion"] == "neutral"
    assert set(facts) >= {"speaking", "held", "occasion", "taken_over", "frozen", "quiet_s", "mood", "scripted"}


# ── what fails ──
class Flaky(FakeBody):
    """Greeting it always fails."""

    def greet(self) -> Job:
        raise RuntimeError("the greeting is broken")


def test_a_leaf_that_raises_fails_alone_and_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene(body=Flaky(think_s=0.0, speech_s=1.0))
    scene.body.occasion = "enter"
    scene.run(1.0)
    assert scene.tree.doing == "idle"
    assert scene.why(7) == "it failed: RuntimeError"
    scene.ask()
    scene.run(0.1)
    assert scene.tree.doing == "reply"
    assert not scene.tree.failed
    assert [record.getMessage() for record in caplog.records] == ["the leaf 'greeting': it failed: RuntimeError"]


class Endless(Leaf):
    """It goes on for ever, and cannot be stopped in peace either."""

    kind = "endless"

    def update(self) -> Status:
        return Status.RUNNING

    def terminate(self, new_status: Status) -> None:
        if new_status is Status.INVALID:
            raise ValueError("I stay")


class Unmade(Leaf):
    """It cannot even be made."""

    kind = "unmade"

    def __init__(self, *given: object) -> None:
        raise KeyError("nothing")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A tree with leaves of a package that does not work."""
    kinds = {**registry.built_in(), "endless": Endless, "unmade": Unmade}
    monkeypatch.setattr(loading, "kinds", lambda: kinds)
    monkeypatch.setattr(loading, "tree_file", lambda: schema.model_of(kinds))
    text = "{type: selector, memory: false, children: [{type: unmade}, {type: endless}, {type: reply}, {type: idle}]}"
    return loading.checked(parsed(Path("test.yaml"), f"tree: test\nroot: {text}\n".encode()))


def test_a_leaf_that_never_finishes_is_stopped_and_lets_others_have_their_turn(
    broken: Tree, caplog: pytest.LogCaptureFixture
) -> None:
    scene = Scene(broken)
    scene.run(119.0)
    assert scene.tree.doing == "endless"
    scene.run(2.0)
    assert scene.tree.doing == "idle"
    scene.ask()
    scene.run(2.0)
    assert scene.did == ["answer Where?"]
    scene.run(300.0)
    assert not scene.tree.failed
    told = [record.getMessage() for record in caplog.records]
    assert told.count("the leaf 'endless': it went on for more than 120 s") == 1
    assert told.count("the leaf 'unmade' of the type 'unmade' cannot be made") == 1
    scene.tree.close()


@pytest.mark.parametrize("never", ["is heard", "ends"])
def test_a_turn_that_never_ends_is_given_up(never: str, caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    scene.ask()
    job = scene.body.jobs[0]
    job.starts_at, job.left = (math.inf, 1.0) if never == "is heard" else (job.starts_at, math.inf)
    scene.run(59.0)
    assert scene.tree.doing == "reply"
    scene.run(2.0 if never == "is heard" else 850.0)
    assert job.cancelled
    assert scene.tree.doing == "idle"
    assert "was given up" in caplog.text


def test_an_action_that_never_ends_is_given_up() -> None:
    scene = Scene(body=FakeBody(action_s=math.inf))
    scene.order(action="wave", urgency="now")
    scene.order(action="heart", urgency="next")
    assert scene.did == ["obey wave", "obey heart"]
    scene.run(62.0)
    assert all(job.cancelled for job in scene.body.jobs[:2])


class Blind(FakeBody):
    """It breaks down when it is asked for its script."""

    broken = False

    @property
    def scripted(self) -> bool:
        if self.broken:
            raise OSError("the line is gone")
        return False


def test_no_exception_comes_out_of_a_tick(caplog: pytest.LogCaptureFixture) -> None:
    body = Blind()
    scene = Scene(body=body)
    body.broken = True
    scene.ask()
    scene.run(1.0)
    body.broken = False
    scene.run(0.1)
    assert scene.did == ["answer Where?"]
    assert scene.tree.doing == "reply"
    assert caplog.text.count("failed in a tick") == 1
