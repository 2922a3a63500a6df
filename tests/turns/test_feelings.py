"""One feeling of a session moves face, voice and hands together."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from visit import Script, Visit, perform

from agent.wording import Wording
from avatars.voices.prepared import Prepared
from behaviors.direction import direct
from behaviors.feelings import Course
from behaviors.tact import tact
from runtime.events import ActionStarted, SentenceStarted
from runtime.preparing import keep
from runtime.temper import Temper
from visavis.clock import run_virtual
from visavis.fakes.tts import FakeTts
from visavis.words import Cue, Emotion, Sentence

HAPPY, CALM, NEUTRAL = Emotion.HAPPY, Emotion.CALM, Emotion.NEUTRAL
GLAD = Sentence("Wonderful news, we love visitors!", HAPPY, (Cue("action", "heart", 17),))
TELLING = "Tell me what happened, step after step, and I write it down for you."
FIXED = (
    "Welcome! The house opens at nine. A ticket is 12 euros. I am so sorry, it is shut! 😊 Wow, imagine that.",
    "Don't worry, we keep lost things for a year.",
)


def asked(words: str, *steps: Sentence | str) -> Visit:
    async def play(visit: Visit) -> None:
        visit.ask(words)
        await visit.until(12)

    return perform(play, brain=Script(*steps), manners=tact("en"))


def voiced(visit: Visit) -> list[Emotion]:
    tts: Any = visit.tts
    return [style.emotion for _, style in tts.spoken]


def seen(visit: Visit) -> set[Emotion]:
    return {moment.emotion for moment in visit.face.moments} - {NEUTRAL}


def test_joy_is_seen_heard_and_gestured() -> None:
    visit = asked("What is new?", GLAD)
    assert seen(visit) == {HAPPY}
    assert voiced(visit) == [HAPPY]
    (told,) = visit.outlet.told(SentenceStarted)
    assert told.sentence.cues == GLAD.cues


def test_a_complaint_is_met_with_calm_in_face_voice_and_hands() -> None:
    visit = asked("This is outrageous, I want my money back!", GLAD, TELLING)
    assert seen(visit) == {CALM}
    assert voiced(visit) == [CALM, CALM]
    assert visit.outlet.told(ActionStarted) == []
    assert [each.sentence.emotion for each in visit.outlet.told(SentenceStarted)] == [CALM, CALM]


def test_trouble_is_thought_of_in_the_next_answer_too_and_forgotten_over_a_thank_you() -> None:
    now, course = [0.0], Course()
    temper = Temper(tact("en"), lambda: course, lambda: now[0])

    def answered(words: str, at: float) -> Emotion:
        now[0] = at
        return temper.turn(words).plays(GLAD, 0.0)[0].emotion

    assert answered("What is new?", 0) is HAPPY
    assert answered("My ticket does not work", 5) is CALM
    assert answered("And what now?", 20) is not HAPPY
    assert answered("Oh great, thank you", 30) is HAPPY
    assert answered("The lift is broken", 40) is CALM
    assert answered("When do you close?", 200) is HAPPY


def test_an_operators_feeling_is_shown_as_it_is_ordered() -> None:
    async def play(visit: Visit) -> None:
        visit.session.orders.place("Good.", "", "next", (Sentence("Good.", Emotion.SURPRISED),))
        visit.session.think()
        await visit.until(4)

    assert seen(perform(play, manners=tact("en"))) == {Emotion.SURPRISED}


def test_a_face_comes_to_a_feeling_and_back_without_a_jump() -> None:
    visit = asked("What is new?", GLAD)
    levels = [moment.intensity if moment.emotion is HAPPY else 0.0 for moment in visit.face.moments]
    assert max(levels) > 0.8
    assert max(abs(b - a) for a, b in itertools.pairwise(levels)) < 0.3
    assert visit.face.moments[-1].emotion is NEUTRAL


def test_what_was_prepared_is_found_whatever_was_felt_before(tmp_path: Path) -> None:
    voice = Prepared(FakeTts(), "mia", "f2", tmp_path)
    manners, wording = tact("en"), Wording("en", directions=direct)
    kept = run_virtual(keep(FIXED, wording, voice, manners))  # type: ignore[arg-type]
    assert kept.sentences == kept.spoken == 6
    for before in (Course(), Course(HAPPY, 0.0, 1.0), Course(CALM, 0.0, 1.0)):
        turn = Temper(manners, lambda before=before: before, lambda: 1.0).turn("What is new?")  # type: ignore[misc]
        for sentence in (each for text in FIXED for each in wording.played(text)):
            assert voice.has(sentence.text, turn.plays(sentence, 0.0)[1]), sentence.text
