"""Acting: hands stay in the picture, actions come back to rest, and nothing jumps."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.package import BUILT_IN, available
from avatars.renderers.rig import RigRenderer, motion
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.data import load
from visavis.engines import Look
from visavis.words import ACTIONS, RATE, SLOT, Emotion, Moment

FOLDERS = [each.folder for each in available(BUILT_IN / "nowhere") if each.renderer == "rig"]
RIG = load(BUILT_IN / "presenter")
RENDERER = RigRenderer(BUILT_IN / "presenter", Look())
GESTURES = [name for name in ACTIONS if name != "idle"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_has_every_action_and_none_is_long(folder: Path) -> None:
    lengths = RigRenderer(folder, Look()).actions
    assert set(lengths) == set(ACTIONS)
    assert all(1.0 <= length / RATE <= 3.0 for length in lengths.values())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(GESTURES), st.floats(0, 1), st.integers(0, 10_000), st.sampled_from(list(Emotion)))
def test_hands_stay_in_the_picture(action: str, part: float, slot: int, emotion: Emotion) -> None:
    since = round(part * RENDERER.actions[action])
    RENDERER.hand_boxes(Moment((slot + 1) * SLOT))  # a jump back: nothing fades over from the last example
    moment = Moment(slot * SLOT, mood="speaking", emotion=emotion, actions=((action, since),))
    check_hands(RENDERER, moment)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GESTURES), st.sampled_from(GESTURES), st.integers(3, 30))
def test_hands_stay_in_the_picture_while_one_action_gives_way_to_another(first: str, then: str, slots: int) -> None:
    for slot in range(slots + 30):
        actions = ((first, slot * SLOT),) if slot < slots else ((then, (slot - slots) * SLOT),)
        check_hands(RENDERER, Moment(slot * SLOT, mood="speaking", actions=actions))


def check_hands(renderer: RigRenderer, moment: Moment) -> None:
    for side, (left, top, right, bottom) in renderer.hand_boxes(moment).items():
        where = f"the {side} hand lies at {left:.0f} to {right:.0f}, {top:.0f} to {bottom:.0f} in {moment.actions}"
        assert left >= 2, where
        assert right <= 538, where
        assert top >= 60, where
        assert bottom <= 958, where


def test_of_two_actions_for_one_arm_the_later_has_it() -> None:
    actor = Actor(RIG)
    both = Moment(0, actions=(("wave", 24_000), ("thumbs_up", 20_000), ("nod", 10_000)))
    alone = Moment(0, actions=(("thumbs_up", 20_000),))
    arms = actor.channels.arms
    assert np.array_equal(actor.target(both)[arms], actor.target(alone)[arms])
    assert not np.array_equal(actor.target(both), actor.target(alone))


@pytest.mark.parametrize("action", GESTURES)
def test_an_action_moves_without_jumps_and_ends_at_rest(action: str) -> None:
    actor = Actor(RIG)
    arms = actor.channels.arms
    shapes = [name for name in actor.channels.names[arms] if ".shape." in name or name.endswith("flip")]
    angles = [actor.channels.index[name] for name in actor.channels.names[arms] if name not in shapes]
    poses = [
        actor.play(Moment(slot * SLOT, actions=((action, slot * SLOT),)))[0]
        for slot in range(RENDERER.actions[action] // SLOT + 3)
    ]
    steps = np.abs(np.diff(np.array(poses)[:, angles], axis=0))
    assert steps.max() < 30, "an arm turns faster than a person's"
    assert np.allclose(poses[-1][arms], actor.rest[arms])


def test_an_action_cut_short_eases_back_within_a_third_of_a_second() -> None:
    actor = Actor(RIG)
    at = actor.channels.index["right.fore"]
    for slot in range(20):
        actor.play(Moment(slot * SLOT, actions=(("wave", slot * SLOT),)))
    raised = abs(float(actor.target(Moment(19 * SLOT, actions=(("wave", 19 * SLOT),)))[at]) - float(actor.rest[at]))
    back = [abs(float(actor.play(Moment(slot * SLOT))[0][at]) - float(actor.rest[at])) for slot in range(20, 30)]
    assert back[0] > 0.8 * raised
    assert back == sorted(back, reverse=True)
    assert back[-1] == pytest.approx(0, abs=1e-6)


def test_another_emotion_comes_gradually_but_a_cold_start_shows_it_at_once() -> None:
    actor, cold = Actor(RIG), Actor(RIG)
    at = actor.channels.index["smile"]
    actor.play(Moment(0))
    smiles = [float(actor.play(Moment(slot * SLOT, emotion=Emotion.HAPPY))[0][at]) for slot in range(1, 12)]
    happy = float(cold.play(Moment(11 * SLOT, emotion=Emotion.HAPPY))[0][at])
    assert smiles == sorted(smiles)
    assert smiles[0] < happy - 0.2
    assert smiles[-1] == pytest.approx(happy)


def test_eyes_blink_every_few_seconds_and_shut_wholly() -> None:
    lids = [motion.blink(slot / 25) for slot in range(25 * 60)]
    begun = sum(a == 0.0 < b for a, b in itertools.pairwise(lids))
    assert 12 <= begun <= 30
    assert max(lids) > 0.95
    assert sum(lid > 0 for lid in lids) < 0.15 * len(lids)


def test_idle_life_is_a_function_of_time_alone() -> None:
    forward, backward = Actor(RIG), Actor(RIG)
    pts = [slot * 40 * SLOT for slot in range(20)]
    seen = {at: forward.play(Moment(at))[0] for at in pts}
    for at in reversed(pts):
        assert np.array_equal(backward.play(Moment(at))[0], seen[at])


def test_the_presenter_looks_at_who_speaks_and_away_to_think() -> None:
    actor = Actor(RIG)
    at = actor.channels.index["gaze_y"]
    times = [slot * 10 * SLOT for slot in range(40)]
    listening = np.mean([abs(actor.target(Moment(t, mood="listening"))[at]) for t in times])
    thinking = np.mean([actor.target(Moment(t, mood="thinking"))[at] for t in times])
    assert listening < 0.15
    assert thinking < -0.5
