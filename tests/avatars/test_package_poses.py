"""Actions are cut where the pose is that of idle."""

from __future__ import annotations

import numpy as np
import pytest

from avatars.packages.poses import Poses, cuts, report
from avatars.packages.segments import Segment

REST = 30


def footage(places: list[int]) -> Poses:
    """A light bar on noise, `places` pixels from the left in each frame, with four points on it."""
    noise = np.random.default_rng(2)
    pictures = noise.normal(90, 2, (len(places), 96, 144))
    points = np.zeros((len(places), 4, 2), np.float32)
    for n, x in enumerate(places):
        pictures[n, 20:60, x : x + 24] = 220
        points[n] = [[x, 20], [x + 24, 20], [x, 60], [x + 24, 60]]
    return Poses(pictures.clip(0, 255).astype(np.uint8), points)


def waving() -> tuple[list[int], tuple[Segment, ...]]:
    """Fifty frames at rest, away from it and back from frame 60 to 100, written five frames too tight."""
    places = (
        [REST + n % 2 for n in range(60)] + [REST + round(60 * np.sin(np.pi * n / 40)) for n in range(41)] + [REST] * 19
    )
    return places, (Segment(name="idle", start=0, end=49), Segment(name="wave", start=65, end=95, stroke=80))


def test_cuts_move_to_where_the_pose_is_that_of_idle() -> None:
    places, actions = waving()
    start, end = cuts(footage(places), actions)["wave"]
    assert (start.written, end.written) == (65, 95)
    assert abs(places[start.frame] - REST) <= 1
    assert abs(places[end.frame] - REST) <= 1
    assert start.frame <= 60
    assert end.frame >= 100
    assert start.distance < 2 < start.distance_written
    assert start.fits
    assert end.fits


def test_a_cut_that_is_good_stays_where_it_was_written() -> None:
    places, (idle, wave) = waving()
    good = wave.model_copy(update={"start": 59, "end": 105})
    start, end = cuts(footage([REST] * 60 + places[60:]), (idle, good))["wave"]
    assert (start.frame, end.frame) == (59, 105)
    assert start.fade <= 2


def test_an_action_that_never_returns_is_told() -> None:
    places, actions = waving()
    rows = report(cuts(footage(places[:80] + [REST + 60] * 40), actions))
    assert [(row["end"], row["fits"]) for row in rows] == [("start", True), ("end", False)]
    assert rows[1]["fade"] == 6


def test_without_landmarks_the_pictures_decide() -> None:
    places, actions = waving()
    poses = footage(places)
    poses._points = None
    start, _ = cuts(poses, actions)["wave"]
    assert start.fits
    assert abs(places[start.frame] - REST) <= 1


def test_a_frame_without_a_face_is_compared_by_its_picture() -> None:
    places, actions = waving()
    poses = footage(places)
    assert poses._points is not None
    poses._points[70:90] = np.nan
    assert np.isfinite(poses.distances(10, np.arange(len(places)))).all()
    assert cuts(poses, actions)["wave"][0].fits


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="points"):
        Poses(np.zeros((5, 40, 40), np.uint8), np.zeros((4, 3, 2), np.float32))
