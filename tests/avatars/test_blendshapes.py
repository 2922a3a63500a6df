"""Curves for 3D heads: what a client sees of speech, feelings and gestures, as ARKit's 52 numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.blendshapes import NAMES, Curves, Expression
from avatars.blendshapes.lips import blend
from avatars.blendshapes.names import AT, places
from avatars.blendshapes.table import HERE, Shapes, Weights, table
from visavis.config import build, read
from visavis.words import RATE, SLOT, Emotion, Moment, Viseme

BEFORE, AFTER = 6000, 7200
Line = Sequence[tuple[int, Viseme]]


def moment(pts: int, line: Line = (), **more: object) -> Moment:
    """The slot at `pts` of a line of visemes, as the stage shows it: what lies about the slot, and what holds there."""
    first = max([at for at, (start, _) in enumerate(line) if start <= pts - BEFORE], default=0)
    known = tuple((start - pts, name) for start, name in line[first:] if start <= pts + SLOT + AFTER)
    return Moment(pts, mood="speaking" if line else "idle", visemes=known, **more)  # type: ignore[arg-type]


def played(line: Line, slots: int, **more: object) -> list[Expression]:
    curves = Curves()
    return [curves.at(moment(at * SLOT, line, **more)) for at in range(slots)]


def gap(weights: Weights) -> float:
    """How far the lips are apart, in the measure of jawOpen."""
    lips = sum(float(weights[places(name)].mean()) for name in ("mouthLowerDown", "mouthUpperUp", "mouthFunnel"))
    return float(weights[AT["jawOpen"]] - weights[AT["mouthClose"]]) + 0.3 * lips


def value(face: Expression, name: str) -> float:
    return float(face.weights[places(name)].mean())


def spoken(*names: str, each: float = 0.1) -> list[tuple[int, Viseme]]:
    return [(round(at * each * RATE), Viseme(name)) for at, name in enumerate(names)]


def test_there_are_the_52_shapes_of_arkit_once_each() -> None:
    assert len(NAMES) == len(set(NAMES)) == 52
    assert all(name.replace("Left", "Right") in NAMES for name in NAMES)


def test_every_viseme_has_its_mouth() -> None:
    known = table()
    assert known.shape.shape == known.hold.shape == (15, 52)
    assert known.shape.min() >= 0.0
    assert known.shape.max() <= 1.0
    mouths = {tuple(row) for row in known.shape.tolist()}
    assert len(mouths) == 15


@given(
    st.lists(st.tuples(st.sampled_from(list(Viseme)), st.integers(500, 6000)), min_size=1, max_size=12),
    st.sampled_from(list(Emotion)),
)
@settings(max_examples=40, deadline=None)
def test_values_are_whole_whatever_is_said(said: list[tuple[Viseme, int]], emotion: Emotion) -> None:
    starts = np.cumsum([0, *(length for _, length in said)])
    line = [(int(start), name) for start, (name, _) in zip(starts, said, strict=False)]
    faces = played([(0, Viseme.SIL), *[(start + SLOT, name) for start, name in line]], 30, emotion=emotion)
    values = np.array([face.weights for face in faces])
    assert values.min() >= 0.0
    assert values.max() <= 1.0
    assert np.isfinite([face.head for face in faces]).all()


@given(
    st.lists(st.tuples(st.sampled_from(list(Viseme)), st.integers(500, 6000)), min_size=1, max_size=12),
    st.integers(-SLOT, RATE),
)
@settings(max_examples=40, deadline=None)
def test_the_mouth_never_jumps(said: list[tuple[Viseme, int]], since: int) -> None:
    starts = np.cumsum([0, *(length for _, length in said)])
    line = [(int(start), name) for start, (name, _) in zip(starts, said, strict=False)]
    times = range(since, since + 2 * SLOT, RATE // 1000)
    mouths = np.array([blend([(start - at, name) for start, name in line], table())[0] for at in times])
    assert np.abs(np.diff(mouths, axis=0)).max() < 0.03


@given(
    st.sampled_from([v for v in Viseme if v is not Viseme.PP]),
    st.sampled_from([v for v in Viseme if v is not Viseme.PP]),
    st.integers(SLOT, 2 * RATE // 10),
    st.integers(0, SLOT - 1),
    st.sampled_from(list(Emotion)),
)
@settings(max_examples=80, deadline=None)
def test_lips_meet_at_every_p_b_and_m(before: Viseme, after: Viseme, length: int, phase: int, emotion: Emotion) -> None:
    closes = 4 * SLOT + phase
    line = [(phase, before), (closes, Viseme.PP), (closes + length, after), (closes + length + RATE // 5, Viseme.SIL)]
    faces = played(line, 16, emotion=emotion)
    during = [
        gap(face.weights) for at, face in enumerate(faces) if closes - SLOT <= at * SLOT <= closes + length + SLOT
    ]
    assert min(during) < 0.02


def test_rounding_reaches_into_a_closure_but_does_not_open_it() -> None:
    closed = {}
    for vowel in ("U", "I"):
        faces = played(spoken("sil", vowel, "PP", vowel, "sil"), 12)
        closed[vowel] = min(faces[4:8], key=lambda face: gap(face.weights))
        assert gap(closed[vowel].weights) < 0.02
    assert value(closed["U"], "mouthPucker") > 0.2
    assert value(closed["I"], "mouthPucker") < 0.05


def test_the_jaw_is_widest_in_the_middle_of_its_vowel() -> None:
    line = [(0, Viseme.SIL), (6 * SLOT, Viseme.AA), (10 * SLOT, Viseme.SIL)]
    jaw = [value(face, "jawOpen") for face in played(line, 16)]
    lags = range(-3, 4)
    box = [1.0 if 6 * SLOT <= at * SLOT < 10 * SLOT else 0.0 for at in range(16)]
    fits = {lag: float(np.dot(np.roll(box, lag), jaw)) for lag in lags}
    assert max(fits, key=lambda lag: fits[lag]) == 0
    assert jaw[8] == max(jaw) == pytest.approx(0.6, abs=0.02)
    assert max(jaw[:4]) < 0.02
    assert max(jaw[13:]) < 0.02


def test_a_mouth_that_is_cut_short_falls_shut_and_does_not_snap() -> None:
    curves = Curves()
    line = spoken("aa", "aa", "aa")
    open_ = [value(curves.at(moment(at * SLOT, line)), "jawOpen") for at in range(4)][-1]
    shutting = [value(curves.at(moment(at * SLOT)), "jawOpen") for at in range(4, 14)]
    assert open_ > 0.5
    assert shutting[0] > 0.3
    assert all(a > b for a, b in pairwise([open_, *shutting]))
    assert shutting[-1] < 0.02


@pytest.mark.parametrize(
    ("emotion", "more", "less"),
    [
        (Emotion.HAPPY, "mouthSmile", "mouthFrown"),
        (Emotion.SAD, "mouthFrown", "mouthSmile"),
        (Emotion.SORRY, "browInnerUp", "mouthSmile"),
        (Emotion.SURPRISED, "eyeWide", "mouthFrown"),
    ],
)
def test_the_face_shows_what_is_felt(emotion: Emotion, more: str, less: str) -> None:
    face, plain = Curves().at(moment(0, emotion=emotion)), Curves().at(moment(0))
    mild = Curves().at(moment(0, emotion=emotion, intensity=0.4))
    assert value(face, more) > 0.2
    assert value(face, more) > value(mild, more) >= value(plain, more)
    assert value(face, less) < value(plain, less) + 1e-6


def test_an_idle_face_blinks_and_looks_about_with_its_lips_closed() -> None:
    faces = played((), 25 * 12)
    lids = np.array([value(face, "eyeBlink") for face in faces])
    assert 2 <= int((np.diff((lids > 0.5).astype(int)) == 1).sum()) <= 8
    assert max(gap(face.weights) for face in faces) < 0.02
    assert max(value(face, "eyeLookOutLeft") for face in faces) > 0.1
    for left, right in (("eyeLookOutLeft", "eyeLookInRight"), ("eyeLookInLeft", "eyeLookOutRight")):
        assert all(value(face, left) == value(face, right) for face in faces)


def test_a_nod_turns_the_head_down_and_a_shake_to_both_sides() -> None:
    def turned(action: str) -> np.ndarray:
        curves = Curves()
        return np.array([curves.at(moment(at * SLOT, actions=((action, at * SLOT),))).head for at in range(38)])

    nod, shake = turned("nod"), turned("shake")
    assert nod[:, 1].max() > 8
    assert shake[:, 0].max() > 12
    assert shake[:, 0].min() < -12
    assert np.ptp(shake[:, 0]) > 2 * np.ptp(nod[:, 0])


def test_the_table_is_published() -> None:
    page = (Path(__file__).parents[2] / "docs" / "cues.md").read_text("utf-8")
    shapes = build(Shapes, read(HERE)).visemes
    for name, shape in shapes.items():
        weights = ", ".join(f"{each} {value:g}" for each, value in shape.to.items()) or "all at rest"
        assert f"| `{name}` | {weights} |" in page
