"""Avatars are found by name; what is wrong with one is said with file and line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from avatars.package import available, find
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.data import load
from visavis.errors import ConfigError, SetupError
from visavis.words import ACTIONS

MANIFEST = """name: guide
title: The guide
renderer: rig
licence: CC0-1.0
synthetic: drawn
"""


def folder(configs: Path, name: str, manifest: str = MANIFEST) -> Path:
    own = configs / "avatars" / name
    own.mkdir(parents=True)
    (own / "manifest.yaml").write_text(manifest, encoding="utf-8")
    return own


def test_the_built_in_presenter_has_every_action(tmp_path: Path) -> None:
    presenter = find("presenter", tmp_path)
    assert presenter.renderer == "rig"
    assert set(presenter.actions) == set(ACTIONS)
    assert presenter.manifest.synthetic == "drawn"


def test_own_avatars_follow_the_built_in_ones(tmp_path: Path) -> None:
    own = folder(tmp_path, "guide")
    names = [each.name for each in available(tmp_path)]
    assert names[-1] == "guide"
    assert {"presenter", "hostess"} <= set(names)
    assert find("guide", tmp_path).folder == own


def test_an_own_avatar_replaces_a_built_in_one(tmp_path: Path) -> None:
    own = folder(tmp_path, "presenter", MANIFEST.replace("guide", "presenter", 1))
    assert find("presenter", tmp_path).folder == own
    assert [each.name for each in available(tmp_path)].count("presenter") == 1


@pytest.mark.parametrize("name", ["presentr", "../presenter", "", "renderers"])
def test_an_unknown_name_is_refused_with_those_that_exist(tmp_path: Path, name: str) -> None:
    with pytest.raises(SetupError, match=r"no avatar named .*presenter"):
        find(name, tmp_path)


def test_a_broken_manifest_is_named_with_its_line(tmp_path: Path) -> None:
    own = folder(tmp_path, "guide", MANIFEST.replace("synthetic: drawn", "synthetic: real"))
    with pytest.raises(ConfigError) as caught:
        find("guide", tmp_path)
    assert str(caught.value).startswith(f"{own / 'manifest.yaml'}:5: synthetic: ")


def test_a_folder_is_named_as_its_avatar(tmp_path: Path) -> None:
    folder(tmp_path, "other")
    with pytest.raises(ConfigError, match="1: name: 'guide' lies in a folder named 'other'"):
        find("other", tmp_path)


def test_an_avatar_says_where_the_strokes_of_its_actions_lie(tmp_path: Path) -> None:
    presenter = find("presenter", tmp_path)
    assert set(presenter.gestures.stroke) == set(ACTIONS) - {"idle"}
    folder(tmp_path, "guide", MANIFEST + "gestures: {stroke: {wave: 0.4}, apart: 3}\n")
    guide = find("guide", tmp_path)
    assert (guide.gestures.stroke, guide.gestures.apart, guide.gestures.again) == ({"wave": 0.4}, 3, None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("stroke: {wafe: 0.4}", "did you mean 'wave'"),
        ("stroke: {wave: -1}", "gestures.stroke.wave"),
        ("longest: 30", "gestures.longest"),
        ("often: true", "gestures.often"),
    ],
)
def test_a_gesture_that_cannot_be_is_refused_with_its_line(tmp_path: Path, wrong: str, said: str) -> None:
    own = folder(tmp_path, "guide", f"{MANIFEST}gestures:\n  {wrong}\n")
    with pytest.raises(ConfigError) as caught:
        find("guide", tmp_path)
    assert str(caught.value).startswith(f"{own / 'manifest.yaml'}:7: ")
    assert said in str(caught.value)


@pytest.mark.parametrize("name", ["presenter", "hostess"])
def test_a_drawn_avatar_is_near_its_farthest_from_rest_at_a_stroke(name: str, tmp_path: Path) -> None:
    avatar = find(name, tmp_path)
    tracks = Actor(load(avatar.folder)).tracks
    for action, at in avatar.gestures.stroke.items():
        if action == "palm_sweep":
            continue  # its stroke is the way, not a place
        track = tracks[action]
        far = max(float(np.abs(pose).sum()) for pose in track.poses)
        reached = track.at(at)
        assert reached is not None
        assert np.abs(reached).sum() >= 0.8 * far, action
