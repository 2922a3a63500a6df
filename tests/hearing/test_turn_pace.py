"""A visitor's own pace: long pauses and cut-offs are given room, and forgotten again."""

from __future__ import annotations

import pytest

from runtime.hearing.turn_end import Silence
from runtime.hearing.turn_end.pace import Pace, PaceEnd, goes_on


def wait(pace: Pace, **known: object) -> float:
    """After how much silence, in steps of 50 ms, the visitor's pace holds the turn no longer."""
    end = PaceEnd(pace, quickest_s=0.3, score=0.85)
    return next(step / 20 for step in range(100) if end.opinion(Silence(step / 20, "well", **known)) is None)  # type: ignore[arg-type]


def test_nothing_is_held_of_a_visitor_who_is_not_known() -> None:
    assert wait(Pace()) == 0.0


def test_a_visitor_who_pauses_is_given_somewhat_more_than_his_pauses() -> None:
    pace = Pace()
    pace.paused(0.4)
    pace.paused(0.8)
    pace.ended()
    assert wait(pace) == pytest.approx(1.05)


def test_a_known_question_does_not_wait_for_pauses() -> None:
    pace = Pace()
    pace.paused(0.8)
    pace.ended()
    assert wait(pace, known=True) == wait(pace, match=0.9) == 0.0


def test_every_cut_off_lengthens_the_wait_even_of_known_questions() -> None:
    pace, waits = Pace(), []
    for _ in range(6):
        pace.cut_off(0.5)
        waits.append(wait(pace, known=True))
    assert waits[:3] == [pytest.approx(0.6), pytest.approx(0.9), pytest.approx(1.2)]
    assert waits == sorted(waits)
    assert max(waits) <= pace.most_s


def test_turns_that_go_well_take_it_back() -> None:
    pace = Pace()
    pace.cut_off(0.9)
    pace.cut_off(0.9)
    waits = []
    for _ in range(12):
        pace.ended()
        waits.append(wait(pace))
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] < 0.2
    assert wait(pace, known=True) == 0.0


def test_another_visitor_begins_afresh() -> None:
    pace = Pace()
    pace.cut_off(1.0)
    pace.forget()
    assert wait(pace) == 0.0


def test_what_begins_soon_after_a_turn_has_passed_goes_on_with_it() -> None:
    assert goes_on(10.0, 10.9)
    assert goes_on(10.0, 9.95)
    assert not goes_on(10.0, 11.1)
