"""Keying: a drawn hostess in red before a screen that is noisy, uneven, shadowed and shines back on her."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatars.keying.checks import measured
from avatars.keying.chroma import ChromaKeyer
from avatars.keying.methods import after_lips, keyer
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Keyed, over
from avatars.keying.spill import spill_share
from runtime.bench.keying import BLUE, MATTE, PURE, SIZE, STUDIO, hostess, overlap, shot
from visavis.errors import EngineError


@pytest.mark.parametrize("colour", [STUDIO, MATTE, PURE])
def test_the_documented_defaults_key_a_pure_a_studio_and_a_matte_green(colour: tuple[int, int, int]) -> None:
    keyed = ChromaKeyer(Parameters()).key(shot(colour))
    assert overlap(keyed) > 0.98
    assert np.abs(keyed.alpha.astype(int) - hostess()[1]).mean() < 3


def test_a_blue_screen_is_keyed_by_its_method() -> None:
    assert overlap(keyer("blue", Parameters()).key(shot(BLUE))) > 0.98


def test_a_shadow_on_the_screen_is_no_person() -> None:
    assert overlap(ChromaKeyer(Parameters()).key(shot(shadow=0.5))) > 0.98


def test_no_green_is_left_before_another_background() -> None:
    """Where the edge is, the picture before red is what it would be had she been filmed there."""
    rgb, alpha = hostess()
    red = np.full_like(rgb, (255, 0, 0))
    keyed = ChromaKeyer(Parameters()).key(shot(spill=0))
    edge = cv2.dilate(((alpha > 0) & (alpha < 255)).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    wanted = over(Keyed(rgb, alpha), red)
    mine = over(keyed, red)
    assert spill_share(mine, edge) <= spill_share(wanted, edge) + 0.01
    assert np.abs(mine[edge].astype(int) - wanted[edge]).mean() < 16


def test_what_is_well_inside_and_has_no_tint_keeps_its_values() -> None:
    picture = shot(spill=0, noise=0)
    keyed = ChromaKeyer(Parameters(removal=1)).key(picture)
    inside = cv2.erode((keyed.alpha == 255).astype(np.uint8), np.ones((15, 15), np.uint8)) > 0
    plain = inside & (picture[..., 1] <= np.maximum(picture[..., 0], picture[..., 2]))
    assert plain.sum() > 10_000
    assert (keyed.rgb[plain] == picture[plain]).all()


def test_yellow_keeps_its_colour_at_balance_1_and_is_shifted_at_100() -> None:
    picture = shot(noise=0)
    picture[300:340, 90:130] = (240, 215, 40)
    kept = ChromaKeyer(Parameters(removal=1)).key(picture)
    moved = ChromaKeyer(Parameters(removal=100)).key(picture)
    assert tuple(kept.rgb[320, 110]) == (240, 215, 40)
    assert moved.rgb[320, 110, 1] < 190
    assert kept.alpha[320, 110] == 255


def test_spill_is_taken_from_the_body_by_its_share() -> None:
    picture = shot(spill=0.35, noise=0)
    left = []
    for share in (0.0, 0.5, 1.0):
        keyed = ChromaKeyer(Parameters(spill=share)).key(picture)
        inside = cv2.erode((keyed.alpha == 255).astype(np.uint8), np.ones((21, 21), np.uint8)) > 0
        left.append(float(keyed.rgb[inside][:, 1].mean()))
    assert left[0] > left[1] + 1 > left[2] + 2


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(42, 255), min_size=2, max_size=2, unique=True), st.sampled_from([0, 3, 7]))
def test_the_person_grows_with_the_high_threshold_everywhere(high: list[int], blur: int) -> None:
    low, more = sorted(high)
    picture = shot()[::2, ::2]
    small = ChromaKeyer(Parameters(high=low, blur=blur)).key(picture).alpha
    large = ChromaKeyer(Parameters(high=more, blur=blur)).key(picture).alpha
    assert (large >= small).all()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 159), min_size=2, max_size=2, unique=True))
def test_the_person_grows_with_the_low_threshold_everywhere(low: list[int]) -> None:
    less, more = sorted(low)
    picture = shot()[::2, ::2]
    small = ChromaKeyer(Parameters(low=less)).key(picture).alpha
    assert (ChromaKeyer(Parameters(low=more)).key(picture).alpha >= small).all()


def test_the_same_picture_gives_the_same_result_and_is_not_touched() -> None:
    picture = shot()
    before = picture.copy()
    work = ChromaKeyer(Parameters())
    first, _, again = work.key(picture), work.key(shot(MATTE)), work.key(picture)
    assert (first.rgba == again.rgba).all()
    assert (picture == before).all()


def test_a_black_line_at_the_border_is_background_like_what_lies_behind_it() -> None:
    picture = shot()
    picture[0], picture[:, -1] = 0, 0
    keyed = ChromaKeyer(Parameters()).key(picture)
    assert keyed.alpha[0].max() == 0
    assert keyed.alpha[: SIZE[0] // 3, -1].max() == 0


def test_outside_the_box_is_background_and_the_edge_can_be_moved() -> None:
    picture = shot()
    whole = ChromaKeyer(Parameters()).key(picture).alpha
    boxed = ChromaKeyer(Parameters(box=(0.0, 0.5, 1.0, 1.0))).key(picture).alpha
    assert boxed[: SIZE[0] // 2].max() == 0
    assert overlap(Keyed(picture, np.vstack([whole[: SIZE[0] // 2], boxed[SIZE[0] // 2 :]]))) > 0.98
    eroded = ChromaKeyer(Parameters(erode=2)).key(picture).alpha
    feathered = ChromaKeyer(Parameters(feather=7)).key(picture).alpha
    assert (eroded <= whole).all()
    assert eroded.sum() < whole.sum()
    assert (feathered <= whole).all()
    assert ((feathered > 0) & (feathered < 255)).sum() > 1.5 * ((whole > 0) & (whole < 255)).sum()


def test_the_sample_is_found_in_the_border_or_refused() -> None:
    auto = Parameters(sample="auto")
    assert overlap(ChromaKeyer(auto).key(shot(MATTE))) > 0.98
    assert overlap(ChromaKeyer(auto).key(shot(BLUE))) > 0.98
    with pytest.raises(EngineError, match="neither green nor blue"):
        ChromaKeyer(auto).key(shot((120, 120, 120)))


@pytest.mark.parametrize("shape", [(16, 16, 3), (17, 301, 3), (300, 19, 3)])
def test_odd_sizes_and_pictures_without_a_screen_are_all_person(shape: tuple[int, int, int]) -> None:
    grey = np.full(shape, 128, np.uint8)
    keyed = ChromaKeyer(Parameters()).key(grey)
    assert (keyed.alpha == 255).all()
    assert (keyed.rgb == grey).all()
    green = np.full(shape, STUDIO, np.uint8)
    assert (ChromaKeyer(Parameters()).key(green).alpha == 0).all()


def test_a_recording_that_was_keyed_elsewhere_keeps_its_alpha() -> None:
    picture = np.dstack(hostess())
    assert (keyer("alpha", Parameters()).key(picture).rgba == picture).all()
    assert (keyer("none", Parameters()).key(picture).alpha == 255).all()
    assert after_lips("green-after-lips")
    assert not after_lips("green")


# ── what an inspection asks ──
def test_a_good_screen_measures_well() -> None:
    facts = measured(shot(light=0.1, spill=0))
    assert facts is not None
    assert facts.evenness > 0.7
    assert not facts.second_green
    assert facts.shadow < 0.01
    assert not any(facts.border.values())
    assert facts.body_spill < 0.02


def test_each_defect_of_a_screen_is_measured() -> None:
    uneven = measured(shot(light=0.45))
    assert uneven is not None
    assert uneven.evenness < 0.6
    shadowed = measured(shot(light=0.05, shadow=0.55))
    assert shadowed is not None
    assert shadowed.shadow > 0.02
    tinted, clean = measured(shot(spill=0.3)), measured(shot(spill=0))
    assert tinted is not None
    assert clean is not None
    assert tinted.body_spill > clean.body_spill + 0.05
    two = shot(light=0)
    two[:150, :60] = (90, 175, 40)
    second = measured(two)
    assert second is not None
    assert second.second_green
    lined = shot()
    lined[:, :1] = 0
    lined[:5] = 0
    found = measured(lined)
    assert found is not None
    assert found.border == {"top": 5, "bottom": 0, "left": 1, "right": 0}
    assert measured(np.full((64, 64, 3), 100, np.uint8)) is None
