"""Mouths: neighbours blend, closures close, and a turn that ends leaves a closed mouth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from avatars.package import BUILT_IN
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.data import load
from avatars.renderers.rig.speech import FIELDS, blend, table
from visavis.words import SLOT, Moment, Viseme

RIG = load(BUILT_IN / "presenter")
LIPS = table(RIG.face.visemes)


def at(ms: float, *shapes: tuple[int, Viseme]) -> dict[str, float]:
    """The mouth of a slot whose middle lies at `ms` of the speech."""
    moved = tuple((round((start - ms) * 24) + SLOT // 2, shape) for start, shape in shapes)
    return dict(zip(FIELDS, blend(moved, LIPS).tolist(), strict=True))


def test_no_speech_and_silence_are_one_closed_mouth() -> None:
    assert np.array_equal(blend((), LIPS), LIPS[Viseme.SIL][0])
    assert at(0, (-300, Viseme.SIL), (300, Viseme.SIL)) == pytest.approx(
        dict(zip(FIELDS, LIPS[Viseme.SIL][0], strict=True))
    )


def test_a_long_vowel_reaches_its_own_shape() -> None:
    assert at(200, (0, Viseme.AA), (400, Viseme.SIL))["open"] == pytest.approx(LIPS[Viseme.AA][0][0])


@pytest.mark.parametrize("length", [40, 60, 90, 150])
def test_a_closure_is_complete_in_some_picture_wherever_the_slots_fall(length: int) -> None:
    said = ((0, Viseme.AA), (200, Viseme.PP), (200 + length, Viseme.AA))
    for phase in range(0, 40, 4):
        opened = [at(phase + 40 * slot, *said)["open"] for slot in range(10)]
        assert min(opened) < 0.02
        assert max(opened) > 0.5


def test_lips_round_before_a_rounded_vowel_begins() -> None:
    said = ((0, Viseme.SS), (200, Viseme.U), (400, Viseme.SIL))
    assert 0.1 < at(180, *said)["round"] < at(220, *said)["round"]


def test_rounding_passes_through_a_closure() -> None:
    between = at(100, (-100, Viseme.U), (70, Viseme.PP), (130, Viseme.U), (330, Viseme.SIL))
    assert between["open"] < 0.01
    assert between["round"] > 0.2


def test_teeth_rest_on_the_lip_for_f() -> None:
    assert at(100, (0, Viseme.AA), (60, Viseme.FF), (140, Viseme.AA))["bite"] > 0.9


def test_nothing_jumps_between_pictures_of_vowels() -> None:
    said = tuple(
        (150 * k, shape) for k, shape in enumerate((Viseme.E, Viseme.O, Viseme.I, Viseme.U, Viseme.DD, Viseme.E))
    )
    opened = [at(40 * slot, *said)["open"] for slot in range(20)]
    assert max(abs(a - b) for a, b in itertools.pairwise(opened)) < 0.4


def test_the_mouth_closes_softly_when_the_speech_is_taken_away() -> None:
    actor = Actor(RIG)
    wide = ((-6000, Viseme.AA), (7200, Viseme.AA))
    for slot in range(3):
        actor.play(Moment(slot * SLOT, visemes=wide))
    opened = [float(actor.play(Moment(slot * SLOT))[1][0]) for slot in range(3, 12)]
    assert 0.1 < opened[0] < 0.9
    assert opened == sorted(opened, reverse=True)
    assert opened[-1] < 0.01


def test_after_a_jump_the_mouth_is_closed_at_once() -> None:
    actor = Actor(RIG)
    actor.play(Moment(0, visemes=((-6000, Viseme.AA), (7200, Viseme.AA))))
    assert float(actor.play(Moment(100 * SLOT))[1][0]) == 0.0
