"""A rig is data: what is wrong in it is said with file, line and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from avatars.package import BUILT_IN
from avatars.renderers.rig.data import load
from avatars.renderers.rig.paths import segments
from visavis.errors import ConfigError


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUILT_IN / "presenter", tmp_path / "presenter"))


def test_a_rig_that_extends_another_takes_what_it_lacks() -> None:
    presenter, hostess = load(BUILT_IN / "presenter"), load(BUILT_IN / "hostess")
    assert hostess.hands == presenter.hands
    assert hostess.face.visemes == presenter.face.visemes
    assert hostess.rig.palette["jacket"] != presenter.rig.palette["jacket"]
    assert hostess.rig.head["face"] == presenter.rig.head["face"]
    assert hostess.rig.head["bun"] != presenter.rig.head["bun"]


def test_an_own_rig_may_extend_a_built_in_one(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rig.yaml").write_text('extends: presenter\npalette:\n  jacket: "#112233"\n')
    assert load(tmp_path / "mine").rig.palette["jacket"] == "#112233"


def test_a_wrong_figure_is_named_with_its_line(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    face = folder / "face.yaml"
    lines = face.read_text().splitlines()
    wrong = next(at for at, line in enumerate(lines) if line.startswith("  PP:"))
    lines[wrong] = "  PP: {press: tight}"
    face.write_text("\n".join(lines))
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert str(caught.value).startswith(f"{face}:{wrong + 1}: visemes.PP.press: ")


@pytest.mark.parametrize("base", ["../presenter", "[1]", "rig"])
def test_only_an_avatar_can_be_extended(tmp_path: Path, base: str) -> None:
    (tmp_path / "rig").mkdir()
    (tmp_path / "rig" / "rig.yaml").write_text(f"extends: {base}\n")
    with pytest.raises(ConfigError, match="extends"):
        load(tmp_path / "rig")


@pytest.mark.parametrize("d", ["M 0 0 L 1 1 Z 5 5", "M 0 0 A 1 1 0 0 0 5 5", "5 5 L 1 1", "M 0 0 L 1", "M 0 0 H"])
def test_path_data_that_cannot_be_drawn_is_refused(d: str) -> None:
    with pytest.raises(ValueError, match="path"):
        segments(d)


def test_path_data_becomes_absolute() -> None:
    assert segments("m 10 10 h 5 v 5 l -5 0 z") == [
        ("M", [10, 10]),
        ("L", [15, 10]),
        ("L", [15, 15]),
        ("L", [10, 15]),
        ("Z", []),
    ]
