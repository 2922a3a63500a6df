"""What lies between the networks and a face: anchors, boxes, turned squares, rotations, smoothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.faces import lips, overlap, pose
from avatars.faces.detector import FAR, NEAR, Detection, Detector, Layout, letterbox, merged
from avatars.faces.nets import Tensor
from avatars.faces.region import Region
from avatars.faces.smooth import OneEuro

SHARE = st.floats(0.2, 0.8)


def answers(layout: Layout, faces: dict[int, tuple[float, float]]) -> dict[str, Tensor]:
    """What a network says that sees a face of half its input at anchor `index`, so far from it in its own pixels."""
    count = len(layout.anchors())
    boxes, scores = np.zeros((count, 16), np.float32), np.full((count, 1), -9, np.float32)
    for index, away in faces.items():
        boxes[index] = [*away, layout.size / 2, layout.size / 2, *away * 6]
        scores[index] = 4
    return {layout.boxes: boxes, layout.scores: scores}


@pytest.mark.parametrize(("layout", "count"), [(NEAR, 896), (FAR, 2304)])
def test_there_is_an_anchor_for_each_answer_of_the_network(layout: Layout, count: int) -> None:
    anchors = layout.anchors()
    assert anchors.shape == (count, 2)
    assert anchors.min() > 0
    assert anchors.max() < 1
    assert anchors.mean(axis=0) == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("layout", [NEAR, FAR])
@given(pick=st.floats(0, 0.999), away=st.tuples(st.floats(-20, 20), st.floats(-20, 20)), wide=st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_box_lies_where_its_anchor_and_its_offset_say(
    layout: Layout, pick: float, away: tuple[float, float], wide: bool
) -> None:
    shape = (300, 600, 3) if wide else (600, 300, 3)
    index = int(pick * len(layout.anchors()))
    (found,) = Detector(lambda _: answers(layout, {index: away}), layout).find(np.zeros(shape, np.uint8))
    scale = layout.size / 600
    middle = (
        layout.anchors()[index] * layout.size
        + away
        - np.array([0, layout.size // 4] if wide else [layout.size // 4, 0])
    )
    left, top, right, bottom = found.box
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(tuple(middle / scale), abs=0.01)
    assert (right - left, bottom - top) == pytest.approx((300, 300))
    assert found.points == pytest.approx(np.tile(middle / scale, (6, 1)), abs=0.01)
    assert found.score == pytest.approx(1 / (1 + math.exp(-4)))


def test_answers_to_one_face_become_one_weighted_by_their_scores() -> None:
    points = np.zeros((6, 2), np.float32)
    sure, unsure = Detection((0, 0, 10, 10), 0.9, points), Detection((3, 0, 13, 10), 0.6, points + 3)
    other = Detection((50, 50, 60, 60), 0.7, points)
    first, second = merged([unsure, other, sure])
    assert first.box == pytest.approx((1.2, 0, 11.2, 10))
    assert first.score == 0.9
    assert first.points == pytest.approx(points + 1.2)
    assert second.box == pytest.approx(other.box)
    assert merged([]) == []


@given(st.lists(st.tuples(st.floats(0, 90), st.floats(0, 90), st.floats(1, 40), st.floats(0.5, 1)), max_size=12))
def test_merging_leaves_no_two_sure_boxes_unseen(rows: list[tuple[float, float, float, float]]) -> None:
    found = [Detection((x, y, x + s, y + s), score, np.zeros((6, 2), np.float32)) for x, y, s, score in rows]
    faces = merged(found)
    assert len(faces) <= len(found)
    assert bool(faces) == bool(found)
    assert [face.score for face in faces] == sorted((face.score for face in faces), reverse=True)
    assert max((face.score for face in faces), default=0) == max((row[3] for row in rows), default=0)


@given(st.integers(1, 400), st.integers(1, 400))
@settings(deadline=None)
def test_a_letterbox_shows_the_whole_picture_in_its_middle(high: int, wide: int) -> None:
    square, scale, left, top = letterbox(np.full((high, wide, 3), 200, np.uint8), 128)
    rows, columns = np.nonzero(square[..., 0])
    assert scale == 128 / max(high, wide)
    assert (columns.min(), rows.min()) == (left, top)
    assert len(rows) == (rows.max() - top + 1) * (columns.max() - left + 1)
    assert max(np.ptp(rows), np.ptp(columns)) == 127


@given(x=SHARE, y=SHARE, side=st.floats(0.1, 1.6), angle=st.floats(-math.pi, math.pi))
@settings(max_examples=60, deadline=None)
def test_what_a_square_shows_lies_where_its_points_go_back_to(x: float, y: float, side: float, angle: float) -> None:
    across, down = np.meshgrid(np.arange(256), np.arange(256))
    slopes = np.stack([across, down, np.zeros_like(across)], -1).astype(np.uint8)
    region, size = Region(x * 256, y * 256, side * 256, angle), 64
    shown = region.cut(slopes, size)
    places = np.stack([*np.meshgrid(np.arange(size) + 0.5, np.arange(size) + 0.5), np.ones((size, size))], -1)
    there = region.back(places.reshape(-1, 3).astype(np.float32), size)
    inside = ((there[:, :2] > 8) & (there[:, :2] < 248)).all(axis=1)
    assert np.abs(shown.reshape(-1, 3)[inside, :2] - (there[inside, :2] - 0.5)).max(initial=0) < 1.5
    assert there[:, 2] == pytest.approx(side * 256 / size)


def head(yaw: float, pitch: float, roll: float, scale: float = 100.0) -> tuple[np.ndarray, np.ndarray]:
    """A mesh whose steady points are those of the model, turned; and the rotation."""
    y, p, r = np.radians((yaw, pitch, roll))
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    turned = about_z @ about_y @ about_x
    mesh = np.zeros((468, 3))
    for (left, right), place in pose.AHEAD.items():
        mesh[left], mesh[right] = np.array(place) * (-1, 1, 1), place
    return (scale * mesh @ turned.T + (300, 200, 0)).astype(np.float32), turned


@given(st.floats(-80, 80), st.floats(-80, 80), st.floats(-175, 175), st.floats(5, 900))
def test_the_angles_of_a_turned_head_are_found(yaw: float, pitch: float, roll: float, scale: float) -> None:
    mesh, turned = head(yaw, pitch, roll, scale)
    found = pose.rotation(mesh)
    assert found == pytest.approx(turned, abs=1e-4)
    assert pose.angles(found) == pytest.approx((yaw, pitch, roll), abs=0.05)


def test_the_nose_tells_the_signs_of_the_angles() -> None:
    nose = np.array([0, 0, -1.0])
    assert (head(30, 0, 0)[1] @ nose)[0] > 0.4, "a positive yaw points it to the right"
    assert (head(0, 30, 0)[1] @ nose)[1] > 0.4, "a positive pitch points it down"
    assert (head(0, 0, 30)[1] @ np.array([1, 0, 0]))[1] > 0.4, "a positive roll leans clockwise"


@given(st.floats(-60, 60), st.floats(-40, 40), st.floats(-90, 90), st.floats(0, 0.3))
def test_the_gap_of_the_lips_is_the_same_from_all_sides(yaw: float, pitch: float, roll: float, gap: float) -> None:
    straight, _ = head(0, 0, 0)
    straight[13], straight[14] = (300, 220, -50), (300, 220 + 100 * gap, -50)
    _, turned = head(yaw, pitch, roll)
    mesh = (straight @ turned.T).astype(np.float32)
    assert lips.gap(pose.frontal(mesh, pose.rotation(mesh))) == pytest.approx(gap, abs=0.002)


def test_each_group_of_points_names_points_once() -> None:
    for group in (lips.LIPS, lips.OVAL, lips.LEFT_EYE, lips.RIGHT_EYE):
        assert len(set(group)) == len(group)
        assert 0 <= min(group) <= max(group) < 468


@given(st.tuples(*[st.floats(0, 100)] * 4), st.tuples(*[st.floats(0, 100)] * 4))
def test_an_overlap_is_a_share_and_the_same_from_both_sides(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    boxes = [(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in (one, other)]
    assert 0 <= overlap(*boxes) == overlap(*reversed(boxes)) <= 1
    assert overlap(boxes[0], boxes[0]) == pytest.approx(1)


def test_smoothing_calms_what_trembles_and_lets_quick_steps_through() -> None:
    tremble = np.random.default_rng(2).normal(100, 0.2, (200, 5, 3)).astype(np.float32)
    still = OneEuro(25)
    calmed = np.array([still.next(points, 200) for points in tremble])
    assert calmed[20:].std() < 0.6 * tremble.std()
    quick = OneEuro(25)
    for place in (0, 0, 0, 30):
        shown = quick.next(np.full((5, 3), place, np.float32), 200)
    assert shown == pytest.approx(np.full((5, 3), 30), abs=6)
    quick.reset()
    assert (quick.next(np.zeros((5, 3), np.float32), 200) == 0).all()
