"""What was said and done is written down in BML, sentence by sentence, and reads as the same plan."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from behaviors.bml import Block, Ref, parse, plan, write
from runtime import events as e
from runtime.outlets.notation import Notation, Written
from runtime.outlets.scribe import Scribe
from visavis.words import RATE, SLOT, Emotion, Frame, Moment, Sentence, TimedWord

TEXT = "Welcome to the museum!"
SPOKEN = [("Welcome", 0), ("to", 8), ("the", 11), ("museum", 15)]


def words(since: int = RATE, each: int = RATE // 4) -> list[TimedWord]:
    return [TimedWord(since + n * each, since + (n + 1) * each, text, at) for n, (text, at) in enumerate(SPOKEN)]


def noted(sentence: Sentence, spoken: list[TimedWord], *gestures: tuple[str, int]) -> Written:
    notation = Notation()
    assert list(notation.begin(7, sentence)) == []
    for action, stroke in gestures:
        notation.move(action, stroke)
    for word in spoken:
        notation.hear([word])
    (written,) = notation.end(whole=True)
    return written


def test_a_sentence_becomes_a_block() -> None:
    written = noted(Sentence(TEXT, Emotion.HAPPY), words(), ("wave", RATE + 600), ("nod", RATE + 3 * RATE // 4))
    assert (written.turn, written.pts, written.block.id) == (7, RATE, "turn7.1")
    said, look, face, wave, nod = written.block.behaviors
    assert (said.text, said.marks) == (TEXT, {"w1": 0, "w2": 8, "w3": 11, "w4": 15})
    assert said.times == {"w1": 0.0, "w2": 0.25, "w3": 0.5, "w4": 0.75}
    assert (look.kind, look.name) == ("gaze", "visitor")
    assert (face.name, face.sync) == ("happy", {"start": Ref("s1", "start"), "end": Ref("s1", "end")})
    assert wave.sync == {"stroke": Ref("s1", "w1", 0.025)}
    assert nod.sync == {"stroke": Ref("s1", "w4")}
    assert '<sync id="w4" v:time="0.75" />museum!' in write(written.block)
    assert '<head id="g2" stroke="s1:w4" lexeme="NOD" />' in write(written.block)


def test_what_is_said_again_after_a_hold_has_its_last_times() -> None:
    first, again = words(), words(since=3 * RATE)[2:]
    (said, *_) = noted(Sentence(TEXT), [*first, *again]).block.behaviors
    assert said.times == {"w1": 0.0, "w2": 0.25, "w3": 2.5, "w4": 2.75}


def test_a_gesture_that_is_prepared_in_a_pause_belongs_to_the_next_sentence() -> None:
    notation = Notation()
    list(notation.begin(1, Sentence(TEXT)))
    notation.hear(words())
    notation.move("wave", 5 * RATE)
    (first,) = notation.begin(1, Sentence(TEXT))
    notation.hear(words(since=5 * RATE))
    (second,) = notation.end(whole=True)
    assert [each.id for each in first.block.behaviors] == ["s1", "z1"]
    assert [each.name for each in second.block.behaviors] == ["", "visitor", "wave"]


PLAIN = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(
    lambda text: any(character.isalnum() for character in text)
)


@given(
    PLAIN,
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, RATE)), min_size=1, max_size=8),
    st.lists(
        st.tuples(st.sampled_from(["wave", "nod", "index", "heart", "idle"]), st.integers(0, 9 * RATE)), max_size=4
    ),
    st.sampled_from(list(Emotion)),
)
@example("000\r0", [(3, 1)], [], Emotion.NEUTRAL)
@settings(max_examples=150, deadline=None)
def test_what_is_written_down_reads_as_the_same_plan(
    text: str, spoken: list[tuple[int, int]], gestures: list[tuple[str, int]], emotion: Emotion
) -> None:
    starts, line = RATE, []
    for at, length in sorted(dict(spoken).items()):
        line.append(TimedWord(starts, starts + length, "?", min(at, len(text) - 1)))
        starts += length
    block = noted(Sentence(text, emotion), line, *gestures).block
    again = parse(write(block))
    assert again == block
    assert plan(again) == plan(block)


# ── over the socket's writer ──
def turn(scribe: Scribe) -> list[dict[str, Any]]:
    moment = Moment(0, 1, "speaking", actions=(("wave", 0),))
    frame = Frame(0, 1, np.zeros(SLOT, np.int16), words=tuple(words(0)), moment=moment)
    said = [*scribe.write(e.TurnOpened(1, "reply")), *scribe.write(e.SentenceStarted(1, Sentence(TEXT)))]
    said += scribe.write(e.ActionStarted(1, "wave", 0, 2 * RATE, RATE // 2))
    said += [*scribe.speech(frame), *scribe.seen(frame)]
    said += scribe.seen(Frame(SLOT, 0, frame.pcm, moment=Moment(SLOT)))
    return [*said, *scribe.write(e.TurnEnded(1, "completed", TEXT))]


def test_it_is_sent_on_wish_before_the_response_is_done() -> None:
    scribe = Scribe()
    scribe.wishes.avatar = True
    assert not [each for each in turn(scribe) if each["type"] == "avatar.bml"]
    scribe.wishes.bml = True
    told = turn(scribe)
    kinds = [each["type"] for each in told]
    (written,) = [each for each in told if each["type"] == "avatar.bml"]
    assert kinds.index("avatar.bml") < kinds.index("response.done")
    assert (written["turn"], written["pts"]) == (1, 0)
    block = parse(written["bml"])
    assert isinstance(block, Block)
    assert block.behaviors[-1].sync == {"stroke": Ref("s1", "w3")}


def test_an_action_that_is_cut_short_is_told_to_end() -> None:
    scribe = Scribe()
    scribe.wishes.avatar = True
    told = turn(scribe)
    (began,) = [each for each in told if each["type"] == "avatar.action"]
    assert (began["pts"], began["pts_stroke"], began["pts_end"]) == (0, RATE // 2, 2 * RATE)
    (ended,) = [each for each in told if each["type"] == "avatar.action_end"]
    assert (ended["turn"], ended["action"], ended["pts"]) == (1, "wave", SLOT)
