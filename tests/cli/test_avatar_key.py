"""`visavis avatar key`: what it writes and prints, and calls that cannot be meant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from desk import Done

Here = Callable[..., Done]


@pytest.fixture
def green(tmp_path: Path) -> Path:
    """A red square before a green screen."""
    picture = np.full((96, 96, 3), (70, 175, 40), np.uint8)
    picture[32:, 32:64] = (80, 90, 200)
    path = tmp_path / "green.png"
    cv2.imwrite(str(path), picture)
    return path


def test_the_parameters_that_were_used_are_printed_to_be_copied(here: Here, green: Path, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"greenParamsRefinethHBgr": 130, // lower\n"SpillByalpha": 1}')
    out = tmp_path / "out.png"
    done = here("avatar", "key", green, "--parameters", tmp_path / "p.json", "--out", out)
    assert done.status == 0
    told, _, copied = done.out.partition("\n")
    assert told.startswith("the person has 22.")
    (tmp_path / "again.json").write_text(copied)
    again = here("avatar", "key", green, "--parameters", tmp_path / "again.json", "--out", out, "--json")
    assert json.loads(again.out)["parameters"] == json.loads(copied)
    assert json.loads(copied)["greenParamsRefinethHBgr"] == 130
    assert cv2.imread(str(out), cv2.IMREAD_UNCHANGED)[5, 5, 3] == 0


def test_a_film_gets_the_sample_background_and_any_file_another(here: Here, green: Path, tmp_path: Path) -> None:
    assert here("avatar", "key", green, "--out", tmp_path / "out.mp4").status == 0
    frame = cv2.VideoCapture(str(tmp_path / "out.mp4")).read()[1]
    assert frame[5, 5, 2] > 230 > 40 > frame[5, 5, 1]
    assert here("avatar", "key", green, "--background", "#0000ff", "--out", tmp_path / "out.png").status == 0
    assert tuple(cv2.imread(str(tmp_path / "out.png"))[5, 5]) == (255, 0, 0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--out", "x.gif"], ".png or .mp4 or .webm"),
        (["--out", "x.png", "--clip", "1-2"], "--clip needs"),
        (["--out", "x.mp4", "--at", "1"], "--at needs"),
        (["--out", "x.mp4", "--clip", "3-2"], "END comes after START"),
        (["--out", "x.mp4", "--clip", "3"], "START-END"),
        (["--out", "x.png", "--at", "-1"], "--at"),
        (["--out", "x.png", "--background", "lime"], "no file 'lime'"),
        (["--out", "x.png", "--method", "red"], "--method"),
        ([], "--out"),
    ],
)
def test_calls_that_cannot_be_meant(here: Here, green: Path, options: list[str], said: str) -> None:
    done = here("avatar", "key", green, *options)
    assert done.status == 2
    assert said in done.told
    assert len(done.told.splitlines()) == 1


def test_failures_are_one_line(here: Here, green: Path, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{\n"BlurKs": 2}')
    wrong = here("avatar", "key", green, "--parameters", tmp_path / "p.json", "--out", tmp_path / "x.png")
    assert (wrong.status, len(wrong.told.splitlines())) == (1, 1)
    assert "BlurKs 2 is even; write 1 or 3" in wrong.told
    absent = here("avatar", "key", tmp_path / "none.mp4", "--out", tmp_path / "x.png")
    assert absent.status == 1
    assert "there is no such file" in absent.told
    assert not (tmp_path / "x.png").exists()
