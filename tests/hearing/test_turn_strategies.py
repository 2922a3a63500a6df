"""Every strategy on recorded timelines: what was known at each moment of a silence, and what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from runtime.hearing.endpoint import Endpoint
from runtime.hearing.turn_end import TURN, Endpointing, Opinion, Silence, passes, strategies
from runtime.hearing.turn_end.complete import CompleteEnd
from runtime.hearing.turn_end.match import MatchEnd, Questions
from runtime.hearing.turn_end.smart_turn import VerdictEnd
from runtime.hearing.turn_end.vad import SilenceEnd
from visavis.vad import CHUNK, VAD_RATE

MATCH = MatchEnd(score=0.85, silence_s=0.3, meaning_s=0.5, open_s=0.6, held_s=1.3)
COMPLETE = CompleteEnd(silence_s=0.6, held_s=1.3)


@dataclass(frozen=True)
class Says:
    """A strategy of a third party that always thinks the same."""

    what: Opinion | None

    def opinion(self, silence: Silence) -> Opinion | None:
        return self.what


def test_plain_silence_passes_after_its_time() -> None:
    assert SilenceEnd(0.7).opinion(Silence(0.69)) is None
    assert SilenceEnd(0.7).opinion(Silence(0.7)) == "pass"


# ── the list ──
def test_the_first_that_has_an_opinion_decides() -> None:
    silent = Silence(1.0)
    assert passes([Says(None), Says("pass"), Says("hold")], silent, 2.0)
    assert not passes([Says(None), Says("hold"), Says("pass")], silent, 2.0)
    assert not passes([Says(None)], silent, 2.0)


def test_after_the_longest_silence_nobody_is_asked() -> None:
    assert passes([Says("hold")], Silence(2.0), 2.0)
    assert passes([], Silence(2.0), 2.0)


def test_a_name_that_there_is_not_is_refused() -> None:
    assert len(strategies(Endpointing(), TURN)) == len(TURN)
    with pytest.raises(KeyError):
        strategies(Endpointing(), ["psychic"])


thoughts = st.builds(
    lambda words, match, known, goes_on, verdict: (words, match, known, goes_on, verdict),
    st.sampled_from(["", "and", "um", "where is the", "where is the exit", "还有", "多少钱", "…"]),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(0, 1),
)


@given(
    st.lists(st.sampled_from((*TURN, "smart-turn")), unique=True),
    st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.9]), thoughts), max_size=120),
    st.lists(st.floats(0, 5), max_size=3),
)
def test_whatever_they_say_an_utterance_ends_by_the_bound_and_never_before_its_voice(
    turn: list[str], timeline: list[tuple[float, tuple[str, float, bool, bool, float | None]]], cuts: list[float]
) -> None:
    endpoint = Endpoint(turn=turn)
    for cut in cuts:
        endpoint.pace.cut_off(cut)
    quiet = 0
    longest = round(endpoint.settings.longest_silence_s * VAD_RATE)
    for probability, (words, match, known, goes_on, verdict) in [
        *timeline,
        *[(0.0, ("", 0.0, False, False, None))] * 80,
    ]:
        was_active = endpoint.active
        endpoint.understood(words)
        endpoint.match, endpoint.known, endpoint.goes_on, endpoint.verdict = match, known, goes_on, verdict
        edges = endpoint.chunk(probability)
        quiet = 0 if probability >= 0.35 else quiet + CHUNK
        assert not (endpoint.active and quiet > longest + CHUNK)
        if "ended" in edges:
            assert was_active
            assert endpoint.began < endpoint.ended < endpoint.position
    assert not endpoint.active


# ── match ──
MUSEUM = Questions(
    ["How much is a ticket?", "How much is a ticket for children?", "Where is the exit?", "出口在哪里？"]
)


@pytest.mark.parametrize(
    ("words", "known", "goes_on"),
    [
        ("where is the", False, True),
        ("where is the exit", True, False),
        ("where is the exits", True, False),
        ("how much is a ticket", True, True),
        ("how much is a ticket for children", True, False),
        ("how", False, True),
        ("tell me a joke", False, False),
        ("出口", False, True),
        ("出口在哪里", True, False),
        ("", False, False),
    ],
)
def test_known_questions_are_told_from_their_beginnings(words: str, known: bool, goes_on: bool) -> None:
    assert MUSEUM.reading(words) == (known, goes_on)


def test_a_large_library_knows_its_words_exactly_all_the_same() -> None:
    many = Questions(f"where is room {n} of the house" for n in range(20_001))
    assert many.reading("where is room seven of the house") == (True, False)
    assert many.reading("where is room seven") == (False, True)


@pytest.mark.parametrize(
    ("silence", "opinion"),
    [
        (Silence(0.29, "where is the exit", 1.0, known=True), "hold"),
        (Silence(0.3, "where is the exit", 1.0, known=True), "pass"),
        (Silence(0.5, "how much is a ticket", 1.0, known=True, goes_on=True), "hold"),
        (Silence(0.6, "how much is a ticket", 1.0, known=True, goes_on=True), "pass"),
        (Silence(1.2, "where is the", 0.99, goes_on=True), "hold"),
        (Silence(1.3, "where is the", 0.99, goes_on=True), None),
        (Silence(0.4, "which way out", 0.9), None),
        (Silence(0.5, "which way out", 0.9), "pass"),
        (Silence(0.5, "which way out", 0.8), None),
        (Silence(5.0, "", 1.0), None),
    ],
)
def test_a_confident_match_passes_and_a_beginning_is_held(silence: Silence, opinion: Opinion | None) -> None:
    assert MATCH.opinion(silence) == opinion


# ── complete ──
@pytest.mark.parametrize(
    "words",
    [
        "where is the", "where is", "I want two tickets and", "um", "how much is", "how long", "can you", "can I",
        "could you tell me where", "what time does the museum close and", "is the cafe in the", "we are from",
        "which floor is", "do you have", "Where is the cafe,", "so because", "do you know what time the tour is and",
    ],
)  # fmt: skip
def test_dangling_words_hold_the_turn(words: str) -> None:
    assert COMPLETE.opinion(Silence(1.2, words)) == "hold"
    assert COMPLETE.opinion(Silence(1.3, words)) is None


@pytest.mark.parametrize(
    "words",
    [
        "where are you from", "what is it for", "can you tell me where the toilet is", "what can I do", "thank you",
        "what time is it", "where", "do you know what it is", "what is there to do", "what do you have",
        "can I come in", "how are you", "I am looking for the exit",
    ],
)  # fmt: skip
def test_what_may_end_so_is_not_held(words: str) -> None:
    assert COMPLETE.opinion(Silence(0.5, words)) is None


@pytest.mark.parametrize("words", ["is the cafe open", "where is the exit", "can I pay", "how much does a ticket cost"])
def test_a_whole_question_shortens_the_wait(words: str) -> None:
    assert COMPLETE.opinion(Silence(0.6, words, match=0.6)) == "pass"
    assert COMPLETE.opinion(Silence(0.6, words, match=0.4)) is None, "it may be half of another"
    assert COMPLETE.opinion(Silence(0.6, words, match=0.9, goes_on=True)) is None


@pytest.mark.parametrize("words", ["is the cafe", "what time does the museum", "tickets for children", "the exit"])
def test_what_still_lacks_something_does_not(words: str) -> None:
    assert COMPLETE.opinion(Silence(0.6, words, match=0.9)) is None


def test_a_known_question_is_complete_however_it_ends() -> None:
    assert COMPLETE.opinion(Silence(0.5, "what's on and", known=True)) is None


@pytest.mark.parametrize(
    "words", ["还有", "我想问一下门票，然后", "门票和", "嗯", "请问", "那个…", "我要两张，", "因为"]
)
def test_chinese_that_dangles_is_held(words: str) -> None:
    assert CompleteEnd(0.6, 1.3, "zh-CN").opinion(Silence(1.2, words)) == "hold"


@pytest.mark.parametrize("words", ["门票多少钱", "你们几点开门啊请问几点", "这里可以拍照吗", "出口在哪里"])
def test_a_chinese_question_is_known_by_its_end(words: str) -> None:
    assert CompleteEnd(0.6, 1.3, "zh").opinion(Silence(0.6, words, match=0.7)) == "pass"
    assert CompleteEnd(0.6, 1.3, "zh").opinion(Silence(0.3, words, match=0.7)) is None


def test_a_language_that_is_not_known_has_no_opinion_but_on_marks() -> None:
    german = CompleteEnd(0.6, 1.3, "de")
    assert german.opinion(Silence(0.9, "wo ist die")) is None
    assert german.opinion(Silence(0.9, "zwei Karten,")) == "hold"


# ── smart-turn ──
def test_a_verdict_passes_or_holds_and_is_not_waited_for() -> None:
    smart = VerdictEnd(sure=0.8, silence_s=0.3, held_s=1.3)
    assert smart.opinion(Silence(0.9)) is None
    assert smart.opinion(Silence(0.29, verdict=0.9)) is None
    assert smart.opinion(Silence(0.3, verdict=0.9)) == "pass"
    assert smart.opinion(Silence(1.2, verdict=0.1)) == "hold"
    assert smart.opinion(Silence(1.3, verdict=0.1)) is None
    assert smart.opinion(Silence(0.9, verdict=0.5)) is None


# ── the numbers ──
def test_numbers_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValidationError, match="longest_silence_s"):
        Endpointing(silence_s=3.0)
    with pytest.raises(ValidationError, match="offset"):
        Endpointing(offset=0.8)
    with pytest.raises(ValidationError):
        Endpointing(silence_s=0.0)
