"""The line of one turn's speech: nothing lost, nothing twice, whatever the pieces."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scene import chunk

from runtime.track import Track
from visavis.words import SLOT, Pcm, Sentence, SpeechChunk, TimedWord


def filled(pieces: list[int]) -> tuple[Track, Pcm]:
    track = Track()
    track.begin(Sentence("one"))
    whole = np.arange(1, sum(pieces) + 1, dtype=np.int64).astype(np.int16)
    at = 0
    for size in pieces:
        track.append(SpeechChunk(whole[at : at + size]))
        at += size
    track.finish()
    return track, whole


@given(st.lists(st.integers(0, 3_000), max_size=12))
def test_what_goes_in_comes_out_in_whole_slots(pieces: list[int]) -> None:
    track, whole = filled(pieces)
    out = []
    while track.ready:
        out.append(track.take())
    assert all(len(slot) == SLOT for slot in out)
    played = np.concatenate(out) if out else np.zeros(0, np.int16)
    assert np.array_equal(played[: len(whole)], whole)
    assert not played[len(whole) :].any()
    assert track.over


@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=12), st.data())
def test_a_rewound_track_plays_the_same_samples_again(pieces: list[int], data: st.DataObject) -> None:
    track, whole = filled(pieces)
    for _ in range(data.draw(st.integers(0, 10))):
        if track.ready:
            track.take()
    to = data.draw(st.integers(0, track.cursor))
    track.rewind(to)
    rest = []
    while track.ready:
        rest.append(track.take())
    again = np.concatenate(rest)[: len(whole) - to] if rest else np.zeros(0, np.int16)
    assert np.array_equal(again, whole[to:])


def test_text_heard_is_cut_after_the_last_word_of_which_half_was_heard() -> None:
    track = Track()
    track.begin(Sentence("word word word"))
    track.append(chunk(15))
    assert track.text(15 * SLOT) == "word word word"
    track.complete()
    track.begin(Sentence("And more."), pause=SLOT)
    track.append(chunk(5, word="And"))
    track.finish()
    assert track.text(0) == ""
    assert track.text(2 * SLOT) == ""
    assert track.text(3 * SLOT) == "word"
    assert track.text(12 * SLOT) == "word word"
    assert track.text(15 * SLOT) == "word word word"
    assert track.text(track.length) == "word word word And more."


def test_a_held_turn_resumes_at_the_start_of_the_last_word_heard() -> None:
    track = Track()
    track.begin(Sentence("word word word"))
    track.append(chunk(15))
    assert track.word_start(0) == 0
    assert track.word_start(7 * SLOT) == 5 * SLOT
    assert track.word_start(10 * SLOT) == 5 * SLOT, "the third word had not begun to sound"
    assert track.word_start(10 * SLOT + 1) == 10 * SLOT


def test_without_word_times_it_resumes_in_the_last_lull() -> None:
    track = Track()
    track.begin(Sentence("One."))
    track.append(chunk(5))
    track.complete()
    track.begin(Sentence("ten letters"), timed=False)
    sound = np.full(50 * SLOT, 8_000, np.int16)
    sound[20 * SLOT : 21 * SLOT] = 50
    sound[30 * SLOT : 31 * SLOT] = 0
    track.append(SpeechChunk(sound))
    assert track.word_start(5 * SLOT) == 0, "One, which has words"
    assert 35 * SLOT <= track.word_start(45 * SLOT) < 36 * SLOT
    assert 25 * SLOT <= track.word_start(30 * SLOT) < 26 * SLOT
    assert track.word_start(5 * SLOT + 100) == 5 * SLOT, "it has hardly begun"
    assert track.word_start(54 * SLOT) >= 5 * SLOT + 24 * SLOT, "never more than a second"


def test_without_word_times_the_text_heard_is_a_share_of_the_sentence() -> None:
    track = Track()
    track.begin(Sentence("ten letter"), timed=False)
    track.append(SpeechChunk(np.ones(10 * SLOT, np.int16)))
    assert track.text(5 * SLOT) == "ten l"


def test_the_mouth_sees_a_little_before_and_after_the_slot() -> None:
    track = Track()
    track.begin(Sentence("word " * 10))
    track.append(chunk(50))
    window = track.mouth(25 * SLOT)
    starts = [start for start, _ in window]
    assert starts == sorted(starts)
    assert starts[0] <= -6_000
    assert starts[-1] >= SLOT + 4 * SLOT
    assert track.words(5 * SLOT, 6 * SLOT) == (TimedWord(5 * SLOT, 10 * SLOT, "word", 5),)


def test_the_end_of_a_whole_sentence_does_not_wait_for_the_next() -> None:
    track = Track()
    track.begin(Sentence("One."))
    track.append(SpeechChunk(np.ones(SLOT + 100, np.int16)))
    track.take()
    assert not track.ready, "more of it may come"
    track.complete()
    assert track.ready
    assert np.array_equal(track.take(), [1] * 100 + [0] * (SLOT - 100))
    assert track.length == track.cursor == 2 * SLOT
    track.begin(Sentence("Two."))
    assert track.sentences[-1].start == 2 * SLOT


def test_what_sounds_in_a_span_is_cut_at_words() -> None:
    track = Track()
    track.begin(Sentence("word word word."))
    track.append(chunk(15))
    track.complete()
    track.begin(Sentence("All of it."), timed=False)
    track.append(SpeechChunk(np.ones(5 * SLOT, np.int16)))
    assert track.between(0, 4 * SLOT) == "word"
    assert track.between(6 * SLOT, 15 * SLOT) == "word word"
    assert track.between(14 * SLOT, 16 * SLOT) == "word All of it."


def test_chinese_sentences_are_not_parted_by_a_space() -> None:
    track = Track()
    for text in ("早上好。", "请进。", "九点开门。"):
        track.begin(Sentence(text))
        track.append(SpeechChunk(np.ones(4 * SLOT, np.int16)))
        track.complete()
    track.finish()
    assert track.text(track.length) == "早上好。请进。九点开门。"
    assert track.between(3 * SLOT, 6 * SLOT) == "早上好。请进。"


def test_a_sentence_begins_once() -> None:
    track = Track()
    for text in ("One.", "Two."):
        track.begin(Sentence(text))
        track.append(chunk(5))
    assert [s.text for s in track.begun(SLOT)] == ["One."]
    assert track.begun(SLOT) == ()
    assert [s.text for s in track.begun(10 * SLOT)] == ["Two."]
