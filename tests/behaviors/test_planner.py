"""When hands move: the stroke on the word, one thing at a time, rest between, what was asked for first."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from behaviors.fallback import NEAREST, nearest
from behaviors.planner import SETTLE, Gesture, Place, Planner, Stroke
from behaviors.repertoire import Repertoire
from visavis.words import ACTIONS, RATE, SLOT, Rank

LENGTHS = {"nod": RATE, "wave": 2 * RATE, "index": 2 * RATE, "ok": 2 * RATE, "emphasis_both": 2 * RATE}
STROKES = dict.fromkeys(LENGTHS, 0.5)
DRAWN = Repertoire(strokes=STROKES)
FOOTAGE = Repertoire(strokes=STROKES, apart_s=8.0, ready_s=None)


def wish(at_s: float, name: str, rank: Rank = "meant") -> Stroke:
    return Stroke(round(at_s * RATE), name, rank)


def spoken(
    planner: Planner, wishes: list[Stroke], length_s: float = 20.0, *, turn: int = 1, begins_s: float = 0.0
) -> list[Gesture]:
    """What is done during a turn of that length, slot by slot, as the stage goes through it."""
    done = []
    length, begins = round(length_s * RATE), round(begins_s * RATE)
    for offset in range(0, length, SLOT):
        planner.at(begins + offset)
        left = [each for each in wishes if each.at >= offset and not each.settled]
        gesture = planner.speak(Place(turn, offset, begins + offset, length - offset, LENGTHS), left)
        if gesture is not None:
            done.append(gesture)
    planner.at(begins + length)
    planner.hush(begins + length)
    return done


def when(gestures: list[Gesture]) -> list[tuple[str, float]]:
    return [(each.name, round(each.stroke / RATE, 2)) for each in gestures]


def test_the_stroke_is_on_the_word_and_the_preparation_before() -> None:
    (nod,) = spoken(Planner(DRAWN), [wish(3.01, "nod")])
    assert (nod.start, nod.stroke, nod.end) == (round(2.51 * RATE), round(3.01 * RATE), round(3.51 * RATE))


def test_where_there_is_no_time_a_drawn_avatar_hastens_and_footage_begins_at_once() -> None:
    wishes = lambda: [wish(0.1, "nod")]  # noqa: E731
    assert when(spoken(Planner(DRAWN), wishes())) == [("nod", 0.24)]
    assert when(spoken(Planner(FOOTAGE), wishes())) == [("nod", 0.5)]


def test_hands_rest_between_gestures_and_do_not_repeat_themselves() -> None:
    planner = Planner(DRAWN)
    wishes = [wish(1, "nod"), wish(2, "wave"), wish(3.5, "wave"), wish(8, "nod"), wish(10, "index"), wish(15, "nod")]
    assert when(spoken(planner, wishes)) == [("nod", 1), ("wave", 3.5), ("index", 10), ("nod", 15)]


def test_a_session_remembers_over_its_turns_what_it_did() -> None:
    planner = Planner(DRAWN)
    assert when(spoken(planner, [wish(1, "wave")], 4)) == [("wave", 1)]
    assert when(spoken(planner, [wish(1, "wave"), wish(2, "ok")], 5, turn=2, begins_s=5)) == [("ok", 7)]
    assert when(spoken(planner, [wish(1, "wave")], 4, turn=3, begins_s=12)) == [("wave", 13)]


def test_footage_rests_eight_seconds() -> None:
    wishes = [wish(0.98, "wave"), wish(5, "nod"), wish(10, "index"), wish(11.5, "ok")]
    assert when(spoken(Planner(FOOTAGE), wishes)) == [("wave", 0.98), ("ok", 11.5)]


def test_what_was_asked_for_comes_first_and_ends_what_the_rules_chose() -> None:
    near = [wish(1, "nod"), wish(2, "wave", "asked")]
    assert when(spoken(Planner(DRAWN), near)) == [("wave", 2)], "the nod would be in its way"
    late = Planner(DRAWN)
    assert late.speak(Place(1, 0, 0, None, LENGTHS), [wish(0.5, "index")]) is not None
    assert late.speak(Place(1, SLOT, SLOT, None, LENGTHS), [wish(0.6, "wave", "asked")]) is None, "not yet due"
    gesture = late.speak(Place(1, 3 * SLOT, 3 * SLOT, None, LENGTHS), [wish(0.6, "wave", "asked")])
    assert gesture is not None
    assert late.playing is gesture


def test_a_beat_gives_way_to_a_meaning() -> None:
    wishes = [wish(1, "emphasis_both", "beat"), wish(3, "wave")]
    assert when(spoken(Planner(DRAWN), wishes)) == [("wave", 3)]


def test_a_gesture_is_no_longer_than_the_speech() -> None:
    (short,) = spoken(Planner(DRAWN), [wish(1, "wave")], 1.6)
    assert short.end == round(1.6 * RATE), "the way back is left to the renderer"
    assert spoken(Planner(DRAWN), [wish(1, "wave")], 1.1) == [], "nobody would see its stroke"
    assert spoken(Planner(FOOTAGE), [wish(1, "wave")], 1.6) == [], "footage cannot be cut"
    (asked,) = spoken(Planner(DRAWN), [wish(1, "wave", "asked")], 1.1)
    assert asked.end == asked.stroke + SETTLE, "what somebody named is shown to its stroke"


def test_speech_that_ends_unexpectedly_takes_its_gesture_along() -> None:
    planner = Planner(DRAWN)
    assert planner.speak(Place(1, 0, 0, None, LENGTHS), [wish(0.5, "wave")]) is not None
    planner.hush(RATE)
    assert planner.playing is None


def test_a_gesture_cut_before_its_stroke_may_be_done_again() -> None:
    planner = Planner(DRAWN)
    assert spoken(planner, [wish(1, "wave")], 1.7) != []
    begun = Planner(DRAWN)
    assert begun.speak(Place(1, 0, 0, None, LENGTHS), [wish(0.5, "wave")]) is not None
    begun.stop(RATE // 4)
    again = begun.speak(Place(1, 0, RATE, None, LENGTHS), [wish(0.5, "wave")])
    assert again is not None


def test_an_action_that_is_lacking_is_done_by_its_nearest() -> None:
    assert when(spoken(Planner(DRAWN), [wish(1, "thumbs_up"), wish(5, "shake")])) == [("ok", 1)]
    few = Repertoire(frozenset(["idle", "nod"]), STROKES)
    assert when(spoken(Planner(few), [wish(1, "wave")])) == [("nod", 1.0)]
    begun = Planner(few).act("welcome_both", 0, LENGTHS)
    assert begun is not None
    assert begun.name == "nod"


def test_the_nearest_never_points_elsewhere_nor_says_the_contrary() -> None:
    assert set(NEAREST) == set(ACTIONS)
    assert nearest("shake", ["nod", "idle"]) is None
    for side in ("present_left", "present_right", "up_right"):
        others = set(ACTIONS) - {side, "index", "emphasis_left", "emphasis_right", "emphasis_both"}
        assert nearest(side, others) is None
    assert all(other in ACTIONS and other != action for action, row in NEAREST.items() for other in row)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 200), st.sampled_from([*LENGTHS, "heart"]), st.sampled_from(["asked", "meant", "beat"])
        ),
        max_size=30,
    ),
    st.floats(0.2, 9),
    st.sampled_from([DRAWN, FOOTAGE]),
)
def test_whatever_is_wished_for_gestures_do_not_overlap_and_all_end(
    wishes: list[tuple[int, str, Rank]], length_s: float, repertoire: Repertoire
) -> None:
    planner = Planner(repertoire)
    done = spoken(planner, [Stroke(at * SLOT, name, rank) for at, name, rank in sorted(wishes)], length_s)
    for one, two in pairwise(done):
        if two.rank != "asked":
            assert two.start >= one.end + repertoire.apart_s * RATE - SLOT
        elif one.rank == "asked" or repertoire.ready_s is None:
            assert two.start >= one.end - SLOT
    over = round(length_s * RATE)
    for each in done:
        assert each.start < each.stroke < each.end
        assert each.end <= over or each.rank == "asked"
    planner.at(over + 3 * RATE)
    assert planner.playing is None


@pytest.mark.parametrize("action", ["cartwheel", "heart"])
def test_what_nobody_can_do_is_not_done(action: str) -> None:
    only = {"wave": 2 * RATE}
    assert Planner(DRAWN).act(action, 0, only) is None
    assert Planner(DRAWN).speak(Place(1, 0, 0, None, only), [Stroke(0, action)]) is None
