"""Pictures: what is redrawn in part looks like what is drawn whole."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from avatars.package import BUILT_IN
from avatars.renderers.rig import RigRenderer
from visavis.contracts.renderer import Pixels, difference, picture
from visavis.engines import Look
from visavis.words import SLOT, Emotion, Moment, Viseme

FOLDER = BUILT_IN / "presenter"
LOOK = Look(270, 480)
SHAPES = (Viseme.AA, Viseme.PP, Viseme.I, Viseme.U, Viseme.DD, Viseme.E, Viseme.FF, Viseme.O)


def moment(slot: int) -> Moment:
    """Twelve seconds: idle, talking, gesturing, sorry with a shake of the head, idle again."""
    pts = slot * SLOT
    said = tuple((k * 2400 - pts % 2400 - 7200, SHAPES[(pts // 2400 + k) % len(SHAPES)]) for k in range(7))
    if slot < 50:
        return Moment(pts)
    if slot < 120:
        return Moment(pts, 1, "speaking", visemes=said)
    if slot < 180:
        return Moment(pts, 1, "speaking", visemes=said, actions=(("wave", (slot - 120) * SLOT),))
    if slot < 230:
        return Moment(pts, 1, "listening", Emotion.SORRY, 1.0, said, (("shake", (slot - 180) * SLOT),))
    return Moment(pts)


def test_a_session_looks_like_pictures_drawn_whole() -> None:
    kept, whole = RigRenderer(FOLDER, LOOK), RigRenderer(FOLDER, LOOK)
    out = np.zeros((LOOK.height, LOOK.width, 4), np.uint8)
    for slot in range(300):
        kept.draw(moment(slot), out)
        again = picture(whole, moment(slot), LOOK)
        apart = difference(out, again)
        assert apart.mean() < 1.2, f"slot {slot}: {apart.mean():.2f}"
        assert (apart > 90).mean() < 0.004, f"slot {slot}: {(apart > 90).sum()} pixels"


def test_a_new_buffer_in_the_middle_is_filled() -> None:
    renderer = RigRenderer(FOLDER, LOOK)
    out = np.zeros((LOOK.height, LOOK.width, 4), np.uint8)
    for slot in range(60, 70):
        renderer.draw(moment(slot), out)
    fresh = picture(renderer, moment(70), LOOK, ground=200)
    assert fresh[..., 3].min() == 255
    assert difference(fresh, out_of(moment(70))).mean() < 1.2


def out_of(shown: Moment) -> Pixels:
    return picture(RigRenderer(FOLDER, LOOK), shown, LOOK)


def test_idle_pictures_are_drawn_every_other_slot() -> None:
    renderer = RigRenderer(FOLDER, LOOK)
    out = np.zeros((LOOK.height, LOOK.width, 4), np.uint8)
    seen = []
    for slot in range(100):
        renderer.draw(Moment(slot * SLOT), out)
        seen.append(out.copy())
    changed = sum(not np.array_equal(a, b) for a, b in pairwise(seen))
    assert 40 <= changed <= 75


@pytest.mark.parametrize("label", ["AI", "AI 生成", "synthetic presenter, drawn by a machine, not a person"])
def test_every_label_fits(label: str) -> None:
    look = Look(270, 480, label=label)
    bare = Look(270, 480, label="")
    changed = difference(
        picture(RigRenderer(FOLDER, look), Moment(0), look), picture(RigRenderer(FOLDER, bare), Moment(0), bare)
    )
    columns = np.flatnonzero(changed.max(axis=0) > 30)
    assert columns[0] >= 4
    assert columns[-1] <= 266
