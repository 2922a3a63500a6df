"""Keying without a screen: a person before a room is cut out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from avatars.keying.parameters import Parameters
from avatars.keying.picture import Pixels
from avatars.keying.portrait import PortraitKeyer, guided


def portrait(path: Path) -> Pixels:
    """At most 640 pixels high."""
    picture = cv2.imread(str(path))[..., ::-1]
    height = 640
    return np.asarray(cv2.resize(picture, (round(picture.shape[1] * height / picture.shape[0]), height)), np.uint8)


def test_a_mask_follows_the_edges_of_the_picture() -> None:
    picture = np.zeros((80, 80, 3), np.float32)
    picture[:, 40:] = 1
    mask = np.zeros((80, 80), np.float32)
    mask[:, 43:] = 1
    found = guided(picture, cv2.blur(mask, (9, 9)))
    assert found[40, 39] < 0.25
    assert found[40, 41] > 0.6


def test_a_person_is_cut_out_of_a_room(testdata: Callable[[str], Path]) -> None:
    picture = portrait(testdata("portraits/s10.jpg"))
    work = PortraitKeyer(Parameters())
    keyed = work.key(picture)
    height, width = keyed.alpha.shape
    assert keyed.alpha[height // 3 : 2 * height // 3, 2 * width // 5 : 3 * width // 5].mean() > 240
    assert keyed.alpha[: height // 20, : width // 20].max() < 30
    assert (work.key(picture).rgba == keyed.rgba).all()
    assert (keyed.rgb[keyed.alpha == 255] == picture[keyed.alpha == 255]).all()


def test_the_box_and_the_edge_count_here_too(testdata: Callable[[str], Path]) -> None:
    picture = portrait(testdata("portraits/s10.jpg"))
    whole = PortraitKeyer(Parameters()).key(picture).alpha
    boxed = PortraitKeyer(Parameters(box=(0.5, 0, 1, 1))).key(picture).alpha
    assert boxed[:, : whole.shape[1] // 2].max() == 0
    assert (PortraitKeyer(Parameters(erode=3)).key(picture).alpha.sum()) < whole.sum()
