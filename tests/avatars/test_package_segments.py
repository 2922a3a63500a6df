"""Actions lie where they are written, to the frame, and idle footage never ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from avatars.packages import pingpong
from avatars.packages.segments import LAST, Segment, checked, clock, frame_of, seconds

FRAMES = st.integers(0, LAST)


@pytest.mark.parametrize("written", [260, "10+10", "10.4 s", "10.40s", " 10.4 s "])
def test_a_frame_is_written_as_number_or_as_time(written: object) -> None:
    assert frame_of(written) == 260


@given(FRAMES)
def test_every_frame_comes_back_from_seconds_and_from_second_and_frame(frame: int) -> None:
    assert frame_of(seconds(frame)) == frame_of(clock(frame)) == frame


def test_frame_260_is_ten_seconds_and_ten_frames() -> None:
    assert (seconds(260), clock(260)) == ("10.4 s", "10+10")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("10.41 s", "write 10.4 s or 10.44 s"),
        ("10+30", "write 11+5"),
        ("ten", "is no frame"),
        (True, "is no frame"),
        (1.5, "is no frame"),
        ("1e3 s", "is no frame"),
    ],
)
def test_what_is_no_frame_is_refused_with_what_to_write(written: object, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("+", r"\+")):
        frame_of(written)


@pytest.mark.parametrize(
    ("name", "frames", "fits"),
    [("idle", 180 * 25, True), ("idle", 180 * 25 + 1, False), ("wave", 250, True), ("wave", 251, False)],
)
def test_an_action_is_as_long_as_it_may_be(name: str, frames: int, fits: bool) -> None:
    def made() -> Segment:
        return Segment(name=name, start=100, end=100 + frames - 1)

    if fits:
        assert made().frames == frames
    else:
        with pytest.raises(ValidationError, match="more than"):
            made()


@pytest.mark.parametrize(
    "wrong",
    [{"end": 10}, {"end": "0.1 s"}, {"stroke": 99}, {"name": "wafe"}, {"start": -1}, {"colour": 3}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_action_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Segment.model_validate({"name": "wave", "start": 10, "end": 60} | wrong)


def test_the_first_action_is_idle_and_each_is_there_once() -> None:
    idle, wave = Segment(name="idle", start=0, end=99), Segment(name="wave", start=100, end=170)
    checked([idle, wave])
    with pytest.raises(ValueError, match="put idle first"):
        checked([wave, idle])
    with pytest.raises(ValueError, match="wave is there already"):
        checked([idle, wave, wave])


@given(st.integers(0, 5000), st.integers(1, 5000), st.integers(-(10**6), 10**6))
def test_ping_pong_moves_by_one_frame_and_shows_no_end_twice(start: int, span: int, step: int) -> None:
    here, there = (pingpong.index(each, start, start + span) for each in (step, step + 1))
    assert abs(here - there) == 1
    assert start <= here <= start + span
    assert pingpong.index(step + 2 * span, start, start + span) == here


def test_ping_pong_goes_there_and_back() -> None:
    assert [pingpong.index(n, 5, 8) for n in range(8)] == [5, 6, 7, 8, 7, 6, 5, 6]
    assert pingpong.index(7, 5, 5) == 5


def test_a_stretch_begins_with_the_first_motion_and_lasts_five_minutes() -> None:
    noise = np.random.default_rng(1)
    pictures = noise.normal(120, 2, (60, 64, 48)).clip(0, 255).astype(np.uint8)
    pictures[20] += 10  # a flicker is no motion
    for n in range(40, 60):
        pictures[n, 8:24, n - 30 : n - 20] = 250
    assert pingpong.stretch(pingpong.changes(pictures)) == (40, 59)
    still = np.zeros(100, np.float32)
    assert pingpong.stretch(still) == (0, 99)
    moving = np.full(10_000, 9, np.float32)
    assert pingpong.stretch(moving) == (0, 7499)
