"""What a kiosk's avatar does, to the tick of 20 ms."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from behaviors.fakes import FakeBody
from behaviors.ports import Body
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree
from visavis.errors import SetupError
from visavis.words import Utterance, Via

TICK = 0.02


class Scene:
    """A tree over a fake body, ticked every 20 ms."""

    def __init__(self, name: str = "kiosk", **body: float) -> None:
        self.body = FakeBody(**body)
        self.tree = Behavior(self.body, name=name)
        self.tree.tick()

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / TICK)):
            self.body.advance(TICK)
            self.tree.tick()

    def ask(self, text: str, via: Via = "text") -> None:
        now = self.body.now()
        self.body.waiting = Utterance(text, "en", via, now, now)
        self.tree.tick()

    def log(self) -> list[tuple[float, str]]:
        return self.body.log


def test_a_body_is_a_body() -> None:
    body: Body = FakeBody()
    Behavior(body).tick()


def test_a_question_is_answered_and_then_it_rests() -> None:
    scene = Scene()
    scene.run(1.0)
    scene.ask("When do you open?")
    assert scene.body.mood == "thinking"
    scene.run(4.0)
    assert scene.log() == [(1.0, "answer When do you open?")]
    assert scene.body.moods == [(0.0, "idle"), (1.0, "thinking"), (1.1, "speaking"), (4.1, "idle")]
    assert scene.tree.snapshot()["doing"] == "idle"


def test_a_cough_holds_and_is_resumed() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.3)
    scene.body.hush()
    scene.run(1.0)
    assert scene.log() == [(0.0, "answer Hello"), (1.1, "hold"), (1.9, "resume")]
    scene.run(4.0)
    assert not scene.body.jobs[0].cancelled


def test_a_click_is_not_even_held() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.08)
    scene.body.hush()
    scene.run(0.5)
    assert scene.log() == [(0.0, "answer Hello")]


@pytest.mark.parametrize("sound", ["mm-hm", "Uh-huh.", "yeah, okay", "嗯", "对对，好的"])
def test_a_listeners_sound_does_not_end_a_turn(sound: str) -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.2)
    scene.body.words(sound)
    scene.run(0.2)
    scene.body.hush()
    scene.run(0.2)
    scene.ask(sound, via="voice")
    scene.run(6.0)
    assert [what for _, what in scene.log()] == ["answer Hello", "hold", "resume"]


def test_words_end_a_turn_at_once() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.2)
    scene.body.words("what about")
    scene.run(0.1)
    assert scene.log()[1:] == [(1.1, "hold"), (1.22, "interrupt")]
    assert scene.body.jobs[0].cancelled
    assert scene.body.mood == "listening"


def test_a_spoken_exchange_shows_no_mood_that_is_not_meant() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.2)
    scene.body.words("what about the café")
    scene.run(0.5)
    scene.body.hush()
    scene.run(0.2)
    scene.ask("What about the café?", via="voice")
    scene.run(5.0)
    assert [mood for _, mood in scene.body.moods] == [
        "idle", "thinking", "speaking", "held", "listening", "thinking", "speaking", "idle",
    ]  # fmt: skip


def test_a_long_voice_ends_a_turn_without_words() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(1.0)
    assert scene.log()[1:] == [(1.1, "hold"), (1.7, "interrupt")]


def test_words_that_are_understood_after_the_voice_end_the_held_turn() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.4)
    scene.body.hush()
    scene.run(0.1)
    scene.ask("Stop it", via="voice")
    assert scene.log()[1:] == [(1.1, "hold"), (1.5, "interrupt"), (1.5, "answer Stop it")]


def test_a_body_that_must_not_be_interrupted_finishes_and_then_answers() -> None:
    scene = Scene(speech_s=1.0)
    scene.body.polite = False
    scene.ask("First")
    scene.run(0.5)
    scene.body.speak()
    scene.run(0.2)
    scene.body.words("but what")
    scene.run(0.2)
    scene.body.hush()
    scene.ask("Second", via="voice")
    scene.run(2.5)
    assert not any(job.cancelled for job in scene.body.jobs)
    assert [entry for entry in scene.log() if entry[1].startswith("answer")] == [
        (0.0, "answer First"),
        (1.1, "answer Second"),
    ]


def test_a_new_question_takes_the_stage_in_the_same_tick() -> None:
    scene = Scene()
    scene.ask("First")
    scene.run(1.0)
    scene.ask("Second", via="touch")
    assert scene.log()[1:] == [(1.0, "interrupt"), (1.0, "answer Second")]
    assert scene.body.jobs[0].cancelled


def test_a_question_while_thinking_supersedes() -> None:
    scene = Scene(think_s=2.0)
    scene.ask("First")
    scene.run(1.0)
    scene.ask("Second")
    scene.run(6.0)
    assert [job.cancelled for job in scene.body.jobs] == [True, False]
    assert [what for _, what in scene.log()] == ["answer First", "answer Second"]


def test_a_voice_while_thinking_does_not_cancel_the_answer() -> None:
    scene = Scene(think_s=2.0)
    scene.ask("First")
    scene.run(0.5)
    scene.body.speak()
    scene.run(0.4)
    scene.body.hush()
    scene.run(3.0)
    assert [what for _, what in scene.log()] == ["answer First"]


def test_it_greets_when_nobody_speaks() -> None:
    scene = Scene()
    scene.body.speak()
    scene.run(0.5)
    scene.body.occasion = "enter"
    scene.run(0.5)
    assert scene.log() == []
    scene.body.hush()
    scene.run(2.0)
    assert scene.log() == [(1.6, "greet enter")]


def test_a_greeting_can_be_held_resumed_and_ended() -> None:
    scene = Scene()
    scene.body.occasion = "enter"
    scene.run(1.0)
    scene.body.speak()
    scene.run(0.2)
    scene.body.hush()
    scene.run(0.8)
    scene.ask("Hi")
    scene.run(5.0)
    assert [what for _, what in scene.log()] == ["greet enter", "hold", "resume", "interrupt", "answer Hi"]


def test_who_asks_first_is_not_greeted_afterwards_but_the_next_visitor_is() -> None:
    scene = Scene()
    scene.body.occasion = "enter"
    scene.ask("When do you open?")
    scene.run(6.0)
    scene.body.occasion = None
    scene.run(1.0)
    scene.body.occasion = "enter"
    scene.run(1.0)
    assert [what for _, what in scene.log()] == ["answer When do you open?", "greet enter"]


def test_a_voice_before_a_greeting_is_heard_cancels_it() -> None:
    scene = Scene(think_s=1.0)
    scene.body.occasion = "enter"
    scene.run(0.2)
    scene.body.speak()
    scene.run(0.2)
    assert scene.body.jobs[0].cancelled
    assert scene.body.mood == "listening"


def test_a_widget_never_speaks_first() -> None:
    scene = Scene("widget")
    scene.body.occasion = "enter"
    scene.run(1.0)
    assert scene.log() == []


def test_idle_it_moves_a_little_now_and_then_but_not_over_a_visitor() -> None:
    scene = Scene()
    scene.run(300.0)
    acts = [at for at, what in scene.log() if what == "act nod"]
    assert 3 <= len(acts) <= 12
    assert all(later - earlier >= 20 for earlier, later in pairwise(acts))
    scene.body.speak()
    scene.run(100.0)
    assert [at for at, what in scene.log() if what == "act nod"] == acts


def test_the_same_seed_does_the_same() -> None:
    logs = []
    for seed in (1, 1, 2):
        body = FakeBody()
        tree = Behavior(body, seed)
        for _ in range(4000):
            body.advance(0.1)
            tree.tick()
        logs.append(body.log)
    assert logs[0] == logs[1]
    assert logs[0] != logs[2]


def test_closing_cancels_what_runs() -> None:
    scene = Scene()
    scene.ask("Hello")
    scene.tree.close()
    assert scene.body.jobs[0].cancelled


def test_an_unknown_tree_is_refused() -> None:
    with pytest.raises(SetupError, match="use one of: kiosk, live, widget"):
        Behavior(FakeBody(), name="wood")


def test_patience_can_be_set(edited: Callable[..., Tree]) -> None:
    body = FakeBody()
    patient = edited("kiosk", ("onset_s: 0.095", "onset_s: 0.4"), ("floor_s: 0.7", "floor_s: 2.0"))
    tree = Behavior(body, newest=lambda: patient)
    body.waiting = Utterance("Hello", "en", "text", 0, 0)
    tree.tick()
    body.advance(0.5)
    body.speak()
    for _ in range(10):
        body.advance(0.05)
        tree.tick()
    assert (0.9, "hold") in body.log


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["speak", "hush", "mm-hm", "what now", "text", "touch", "voice", "enter", "nothing"]),
        st.sampled_from([0.0, 0.02, 0.06, 0.14, 0.3, 0.5, 0.8, 2.0]),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(0, 3))
def test_whatever_happens_it_listens_and_comes_to_rest(events: list[tuple[str, float]], seed: int) -> None:
    scene = Scene(think_s=[0.0, 0.1, 0.5, 1.0][seed])
    for event, pause in events:
        happen(scene, event)
        scene.tree.tick()
        scene.run(pause + TICK)
        playing, voice = scene.body.playing, scene.body.voice
        speaks_over = playing is not None and playing.audible and voice.active
        assert not (speaks_over and voice.voiced_s >= 0.12 + TICK), "it speaks over the visitor"
        if playing is not None and playing.held and not voice.active:
            assert scene.body.now() - voice.ended < 1.0, "it does not resume"
    if scene.body.voice.active:
        scene.body.hush()
    scene.run(12.0)
    assert scene.body.playing is None
    assert scene.tree.snapshot()["doing"] == "idle"
    assert scene.body.mood == "idle"
    scene.tree.close()
    assert all(job.done for job in scene.body.jobs)


def happen(scene: Scene, event: str) -> None:
    body, now = scene.body, scene.body.now()
    match event:
        case "speak" if not body.voice.active:
            body.speak()
        case "hush" if body.voice.active:
            body.hush()
        case "mm-hm" | "what now" if body.voice.active:
            body.words(event)
        case "text" | "touch" | "voice":
            text = random.Random(now).choice(["mm-hm", "Where?"])
            body.waiting = Utterance(text, "en", event, now, now)
        case "enter":
            body.occasion = "enter"
