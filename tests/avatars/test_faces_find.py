"""Faces found by the real networks: in the drawn presenters and, where there are any, in pictures of people."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatars.faces import Face, FaceFinder, Picture, lips, open_net, pose
from avatars.faces.__main__ import main
from avatars.package import BUILT_IN
from avatars.renderers.rig import RigRenderer
from visavis.contracts.renderer import picture
from visavis.engines import Look
from visavis.errors import SetupError
from visavis.weights import FACE_MESH, OF_FACES, Weight, locate
from visavis.words import SLOT, Moment, Viseme

LOOK = Look(270, 480)
MIRRORED = [*pose.AHEAD, (61, 291), (78, 308), (17, 17), (152, 152)]


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    try:
        return FaceFinder.open()
    except SetupError as error:
        pytest.skip(str(error))


def drawn(who: str, viseme: Viseme, slot: int = 20) -> Picture:
    moment = Moment(slot * SLOT, 1, "speaking", visemes=((-2400, viseme),))
    return np.ascontiguousarray(picture(RigRenderer(BUILT_IN / who, LOOK), moment, LOOK)[..., 2::-1])


def only(finder: FaceFinder, rgb: Picture) -> Face:
    (face,) = finder.find(rgb)
    return face


def apart(one: np.ndarray, other: np.ndarray, face: Face) -> float:
    """The mean distance of points as a share of the face's width."""
    return float(np.linalg.norm(one - other, axis=1).mean() / face.width)


@pytest.mark.parametrize("who", ["presenter", "hostess"])
def test_a_drawn_face_is_found_and_its_lips_open_and_shut(finder: FaceFinder, who: str) -> None:
    shut, opened = only(finder, drawn(who, Viseme.PP)), only(finder, drawn(who, Viseme.AA))
    assert shut.gap < lips.CLOSED < 0.1 < opened.gap
    assert max(abs(shut.yaw), abs(shut.pitch), abs(shut.roll)) < 12
    assert shut.score > 0.9


def test_a_picture_without_a_face_has_none(finder: FaceFinder) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 200, 3)).astype(np.uint8)
    assert finder.find(noise) == []
    assert finder.find(np.zeros((1, 1, 3), np.uint8)) == []
    assert finder.find(np.full((40, 4000, 3), 90, np.uint8)) == []


def test_two_people_are_two_faces_the_larger_first(finder: FaceFinder) -> None:
    one, other = drawn("presenter", Viseme.PP), drawn("hostess", Viseme.PP)
    small = cv2.resize(other, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    both = np.full((480, 270 + small.shape[1], 3), 120, np.uint8)
    both[:, :270], both[: small.shape[0], 270:] = one, small
    first, second = finder.find(both)
    assert first.box[2] < 270 < second.box[0]


def test_a_face_of_forty_pixels_in_a_large_picture_is_found(finder: FaceFinder) -> None:
    small = cv2.resize(drawn("presenter", Viseme.PP), None, fx=0.43, fy=0.43, interpolation=cv2.INTER_AREA)
    scene = np.full((1080, 1920, 3), 120, np.uint8)
    scene[500 : 500 + small.shape[0], 1400 : 1400 + small.shape[1]] = small
    face = only(finder, scene)
    assert 34 < face.width < 46
    assert 1400 < face.box[0] < face.box[2] < 1520


def check_equivariance(finder: FaceFinder, rgb: Picture) -> None:
    """Points move with the picture: mirrored, turned, scaled, shifted."""
    face, (high, wide) = only(finder, rgb), rgb.shape[:2]
    left, right = (np.array(side) for side in zip(*MIRRORED, strict=True))
    mirrored = only(finder, np.ascontiguousarray(rgb[:, ::-1]))
    assert apart((wide, 0) + mirrored.points[left] * (-1, 1), face.points[right], face) < 0.03
    assert (-mirrored.yaw, mirrored.pitch, -mirrored.roll) == pytest.approx((face.yaw, face.pitch, face.roll), abs=4)

    for degrees in (-30, 20):
        middle = (face.points[1] - 0.5).astype(float).tolist()
        matrix = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
        turned = only(finder, cv2.warpAffine(rgb, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE))
        expected = (face.points - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5
        assert apart(turned.points, expected, face) < 0.02
        assert turned.roll - face.roll == pytest.approx(degrees, abs=2)
        assert (turned.yaw, turned.pitch) == pytest.approx((face.yaw, face.pitch), abs=3)

    half = only(finder, cv2.resize(rgb, (wide // 2, high // 2), interpolation=cv2.INTER_AREA))
    assert apart(half.points * (wide / (wide // 2), high / (high // 2)), face.points, face) < 0.015
    assert half.gap == pytest.approx(face.gap, abs=0.04)

    framed = only(finder, cv2.copyMakeBorder(rgb, 40, 0, 70, 0, cv2.BORDER_REPLICATE))
    assert apart(framed.points - (70, 40), face.points, face) < 0.015


@pytest.mark.parametrize("viseme", [Viseme.PP, Viseme.AA])
def test_points_move_with_a_drawn_picture(finder: FaceFinder, viseme: Viseme) -> None:
    check_equivariance(finder, drawn("hostess", viseme))


@pytest.mark.parametrize("name", ["s9.jpg", "s10.jpg"])
def test_points_move_with_a_portrait(finder: FaceFinder, testdata: Callable[[str], Path], name: str) -> None:
    bgr = cv2.imread(str(testdata(f"portraits/{name}")))
    assert bgr is not None
    check_equivariance(finder, np.ascontiguousarray(bgr[..., ::-1]))


def test_an_animal_is_no_person(finder: FaceFinder, testdata: Callable[[str], Path]) -> None:
    bgr = cv2.imread(str(testdata("portraits/s38.jpg")))
    assert bgr is not None
    assert finder.find(np.ascontiguousarray(bgr[..., ::-1])) == []


def test_eyes_lips_and_chin_lie_below_each_other(finder: FaceFinder) -> None:
    face = only(finder, drawn("presenter", Viseme.AA))
    eyes, mouth = face.points[[*lips.LEFT_EYE, *lips.RIGHT_EYE]], face.points[list(lips.OUTER_LIPS)]
    assert eyes[:, 1].max() < face.points[1, 1] < mouth[:, 1].min() < face.points[152, 1]
    assert face.points[list(lips.LEFT_EYE), 0].max() < face.points[1, 0] < face.points[list(lips.RIGHT_EYE), 0].min()
    opening = cv2.contourArea(face.points[list(lips.INNER_LIPS)])
    assert 0.1 < opening / cv2.contourArea(face.points[list(lips.OUTER_LIPS)]) < 0.9


def test_a_face_is_followed_without_the_detectors(finder: FaceFinder) -> None:
    first = only(finder, drawn("presenter", Viseme.PP, 20))
    later = drawn("presenter", Viseme.AA, 24)
    followed = finder.follow(later, first.points)
    assert followed is not None
    assert apart(followed.points, only(finder, later).points, followed) < 0.02
    assert finder.follow(np.full_like(later, 128), first.points) is None


def test_threads_may_share_a_finder_and_pictures_may_be_views(finder: FaceFinder) -> None:
    pictures = [drawn(who, Viseme.AA) for who in ("presenter", "hostess")]
    alone = [only(finder, rgb).points for rgb in pictures]
    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(lambda at: only(finder, pictures[at % 2]).points, range(12)))
    assert all((points == alone[at % 2]).all() for at, points in enumerate(together))
    view = np.ascontiguousarray(pictures[0][..., ::-1])[..., ::-1]
    view.flags.writeable = False
    assert (only(finder, view).points == alone[0]).all()


def test_each_network_for_faces_runs_and_gives_finite_numbers() -> None:
    sizes = dict(zip(OF_FACES, (128, 192, 192, 256, 192, 224), strict=True))
    for weight, size in sizes.items():
        try:
            net = open_net(weight)
        except SetupError as error:
            pytest.skip(str(error))
        assert all(np.isfinite(value).all() for value in net(np.zeros((size, size, 3), np.float32)).values())


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(SetupError, match=r"pip install 'visavis\[faces\]'"):
        FaceFinder.open()


def test_without_the_wheel_of_the_networks_one_line_says_how_to_get_it() -> None:
    gone = Weight(FACE_MESH.name, "no-such-wheel", FACE_MESH.file, FACE_MESH.sha256, FACE_MESH.remedy)
    with pytest.raises(SetupError, match=r"pip install --no-deps mediapipe==0\.10\.21"):
        locate(gone)


def test_a_line_says_what_is_found_in_a_file(
    finder: FaceFinder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    still, text = tmp_path / "still.png", tmp_path / "text.mp4"
    cv2.imwrite(str(still), drawn("presenter", Viseme.AA)[..., ::-1])
    text.write_text("no video")
    assert main(["--draw", str(tmp_path / "out"), str(still), str(text)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("still.png: 1 frames")
    assert "without a face 0, with a second one 0" in first
    assert second == "text.mp4: no picture can be read"
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["still.png"]


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (0, 10, 3)])
def test_what_is_no_picture_is_refused(finder: FaceFinder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="height x width x 3"):
        finder.find(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        finder.find(np.zeros((10, 10, 3), np.float64))


def test_no_thing_a_face_measures_is_unbounded(finder: FaceFinder) -> None:
    face = only(finder, drawn("presenter", Viseme.O))
    mesh = np.column_stack([face.points, face.depth])
    left, right = lips.eyes_open(pose.frontal(mesh, pose.rotation(mesh)))
    assert 0.05 < left < 1
    assert 0.05 < right < 1
    assert all(map(math.isfinite, (*face.box, face.yaw, face.pitch, face.roll, face.gap)))
