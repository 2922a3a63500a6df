"""One person through frames: lost and found again, joined by others, by a finder that says what a script says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.faces import Face, Picture, Points, Span, Tracker, overlap
from avatars.faces.track import LASTING, LOOK_EVERY


def face(x: float, width: float = 100.0) -> Face:
    points = np.linspace((x, 50), (x + width, 50 + width), 468).astype(np.float32)
    return Face((x, 50, x + width, 50 + width), 0.9, points, np.zeros(468, np.float32), 0, 0, 0, 0)


class Script:
    """A finder; the first pixel of a frame is its number."""

    def __init__(self, frames: list[list[Face]]) -> None:
        self._frames, self.looks = frames, 0

    def find(self, rgb: Picture) -> list[Face]:
        self.looks += 1
        return sorted(self._frames[int(rgb[0, 0, 0])], key=lambda one: -one.area)

    def follow(self, rgb: Picture, points: Points) -> Face | None:
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        near = [one for one in self._frames[int(rgb[0, 0, 0])] if overlap(one.box, (left, top, right, bottom)) > 0.3]
        return max(near, key=lambda one: overlap(one.box, (left, top, right, bottom)), default=None)


def run(frames: list[list[Face]]) -> tuple[Tracker, Script, list[Face | None]]:
    script = Script(frames)
    tracker = Tracker(script, smooth=False)
    return tracker, script, [tracker.next(np.full((1, 1, 3), at, np.uint8)) for at in range(len(frames))]


def runs(there: list[bool]) -> list[Span]:
    """The stretches of True."""
    edges = np.flatnonzero(np.diff([0, *map(int, there), 0])).tolist()
    return [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


@given(st.lists(st.booleans(), max_size=80))
@settings(deadline=None)
def test_frames_without_the_face_are_the_gaps(there: list[bool]) -> None:
    tracker, _, seen = run([[face(10)] if here else [] for here in there])
    assert [one is not None for one in seen] == there
    assert tracker.gaps == runs([not here for here in there])
    assert tracker.seconds == []


@given(st.lists(st.booleans(), min_size=1, max_size=120))
@settings(deadline=None)
def test_a_second_person_is_one_who_stays(there: list[bool]) -> None:
    tracker, _, seen = run([[face(10), face(400, 60)] if here else [face(10)] for here in there])
    assert all(one and one.width == 100 for one in seen)
    stays = runs(there)
    for span in tracker.seconds:
        assert span.end - span.start >= LASTING
        assert any(stay.start <= span.start and span.end == stay.end for stay in stays)
    for stay in stays:
        if stay.end - stay.start >= LASTING + LOOK_EVERY - 1:
            assert any(span.end == stay.end and span.start - stay.start < LOOK_EVERY for span in tracker.seconds)
    assert (tracker.second is not None) == (
        there[-1] and bool(tracker.seconds) and tracker.seconds[-1].end == len(there)
    )


@given(st.lists(st.floats(200, 600), min_size=30, max_size=60), st.floats(5, 29))
@settings(deadline=None, max_examples=30)
def test_what_is_small_or_jumps_about_is_nobody(places: list[float], width: float) -> None:
    tracker, _, _ = run([[face(10), face(x, width)] for x in places])
    assert tracker.seconds == []
    jumping, _, _ = run([[face(10), face(200 + 150 * (at % 2), 90)] for at in range(40)])
    assert jumping.seconds == []


def test_the_whole_picture_is_searched_only_now_and_then() -> None:
    _, script, _ = run([[face(10)]] * 100)
    assert script.looks == 100 / LOOK_EVERY


def test_the_person_stays_the_same_when_a_larger_one_comes() -> None:
    frames = [[face(10 + at)] + ([face(400, 180)] if at > 10 else []) for at in range(40)]
    tracker, _, seen = run(frames)
    assert [one and one.box[0] for one in seen] == [10.0 + at for at in range(40)]
    assert tracker.seconds == [Span(15, 40)]
    assert tracker.second is not None
    assert tracker.second.width == 180


def test_who_comes_back_is_sought_everywhere_but_not_among_much_smaller_faces() -> None:
    tracker, _, seen = run([[face(10)]] * 4 + [[face(300, 20)]] * 3 + [[face(500), face(300, 20)]] * 3)
    assert seen[4:7] == [None] * 3
    assert [one and one.box[0] for one in seen[7:]] == [500.0] * 3
    assert tracker.gaps == [Span(4, 7)]


def test_points_are_smoothed_but_not_across_a_gap() -> None:
    frames = [[face(10)], [face(10.4)], [face(10)], [], [face(60)]]
    tracker = Tracker(Script(frames))
    seen = [tracker.next(np.full((1, 1, 3), at, np.uint8)) for at in range(5)]
    second, last = seen[1], seen[4]
    assert second is not None
    assert last is not None
    assert 10 < second.points[0, 0] < 10.4
    assert last.points[0, 0] == 60
