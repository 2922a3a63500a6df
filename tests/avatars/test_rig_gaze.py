"""Where the presenter looks, and how it breathes, as a moment tells."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from avatars.package import BUILT_IN
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.data import load
from runtime.breath import Breath
from runtime.workers.moments import pack_moment, unpack_moment
from visavis.words import RATE, SLOT, Gaze, Moment

RIG = load(BUILT_IN / "presenter")
MINUTE = [slot * 10 * SLOT for slot in range(150)]


def away(gaze: Gaze, channel: str) -> float:
    """How far a channel is from where it is with a look at the visitor, over a minute."""
    actor = Actor(RIG)
    at = actor.channels.index[channel]
    looks = [abs(actor.target(Moment(t, gaze=gaze))[at] - actor.target(Moment(t))[at]) for t in MINUTE]
    return float(np.mean(looks))


def test_eyes_and_head_turn_from_the_visitor_a_little_or_far() -> None:
    assert away("visitor", "gaze_x") == 0
    assert 0.3 < away("aside", "gaze_x") < 0.6 < away("away", "gaze_x") < 0.95
    assert 0 < away("aside", "yaw") < away("away", "yaw")


def test_a_look_is_to_either_side() -> None:
    actor = Actor(RIG)
    at = actor.channels.index["yaw"]
    turned = [actor.target(Moment(t, gaze="away"))[at] - actor.target(Moment(t))[at] for t in MINUTE]
    assert min(turned) < -0.3
    assert max(turned) > 0.3


def test_the_eyes_are_there_before_the_head() -> None:
    actor = Actor(RIG)
    eyes, head = actor.channels.index["gaze_y"], actor.channels.index["yaw"]
    actor.play(Moment(0))
    moments = [Moment(slot * SLOT, gaze="away") for slot in range(1, 12)]
    left = [np.abs(actor.play(moment)[0] - actor.target(moment)) for moment in moments]
    assert left[2][eyes] == pytest.approx(0, abs=1e-9)
    assert left[2][head] > 0.05
    assert left[-1][head] == pytest.approx(0, abs=1e-9)


def test_a_thinking_face_keeps_its_own_look() -> None:
    actor = Actor(RIG)
    for t in MINUTE[:20]:
        thinking = actor.target(Moment(t, mood="thinking"))
        assert np.array_equal(actor.target(Moment(t, mood="thinking", gaze="aside")), thinking)


@pytest.mark.parametrize(("breath", "chest"), [(0.0, 0.0), (0.25, 0.5), (0.5, 1.0), (0.999, 0.0)])
def test_the_chest_rises_with_the_breath_that_a_moment_tells(breath: float, chest: float) -> None:
    actor = Actor(RIG)
    rest = actor.rest[actor.channels.index["breath"]]
    pose = actor.target(Moment(5 * SLOT, breath=breath))
    assert pose[actor.channels.index["breath"]] - rest == pytest.approx(chest, abs=0.01)


def test_a_moment_crosses_to_a_worker_whole() -> None:
    for moment in (Moment(0), Moment(SLOT, gaze="away", breath=0.25, actions=(("nod", 960),))):
        assert unpack_moment(pack_moment(moment)) == moment


def breaths(arousal: float, *, alone: bool) -> int:
    """How many breaths a minute has."""
    breath = Breath()
    seen = [breath.at(pts, arousal, alone=alone) for pts in range(0, 60 * RATE, SLOT)]
    return sum(b < a for a, b in itertools.pairwise(seen))


def test_it_breathes_slowly_when_alone_and_faster_when_moved() -> None:
    assert breaths(0.3, alone=True) < breaths(0.3, alone=False) < breaths(0.9, alone=False)
    assert 10 <= breaths(0.0, alone=True) <= 12
    assert breaths(1.0, alone=False) <= 20


def test_a_change_of_pace_is_no_jump_of_the_breath() -> None:
    breath = Breath()
    seen = [breath.at(slot * SLOT, slot % 7 / 7, alone=slot % 50 < 25) for slot in range(2_000)]
    steps = [(b - a) % 1.0 for a, b in itertools.pairwise(seen)]
    assert max(steps) < 0.03
