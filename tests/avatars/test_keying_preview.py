"""Keying tried on files: pictures, clips, alpha out and in again, and files that are no recordings."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from avatars.keying.backdrop import checker
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Pixels
from avatars.keying.preview import Order, preview
from avatars.keying.reading import pictures
from avatars.keying.writing import Film
from visavis.errors import EngineError

GREEN, HERS = (40, 175, 70), (200, 90, 80)


def scene(at: int = 0) -> Pixels:
    """A red block, that moves to the right, before green."""
    picture = np.full((96, 128, 3), GREEN, np.uint8)
    picture[30:96, 20 + at : 60 + at] = HERS
    return picture


def clip(path: Path, pictures: int = 12) -> Path:
    with Film(path, path.suffix) as film:
        for at in range(pictures):
            film.add(scene(at))
    return path


def tried(file: Path, out: Path, **more: object) -> dict[str, object]:
    order = {"method": "green", "parameters": Parameters(), "background": "", **more}
    return preview(Order(file=file, out=out, **order))  # type: ignore[arg-type]


def test_a_still_of_a_picture_keeps_its_transparency(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "in.png"), scene()[..., ::-1])
    result = tried(tmp_path / "in.png", tmp_path / "out.png")
    shown = next(pictures(tmp_path / "out.png"))
    assert result["pictures"] == 1
    assert shown.shape == (96, 128, 4)
    assert shown[10, 10, 3] == 0
    assert tuple(shown[80, 40]) == (*HERS, 255)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.png", "out.png"]


def test_a_clip_keeps_its_alpha_through_webm_and_back(tmp_path: Path) -> None:
    source, told = clip(tmp_path / "in.mp4"), list[tuple[int, int]]()
    order = Order(source, "green", Parameters(), "", tmp_path / "out.webm", 0.0, 0.32)
    assert preview(order, lambda done, total: told.append((done, total)))["pictures"] == 8
    assert told == [(at, 8) for at in range(1, 9)]
    shown = list(pictures(tmp_path / "out.webm"))
    assert len(shown) == 8
    assert shown[0].shape[2] == 4
    assert shown[7][10, 10, 3] < 10
    assert shown[7][80, 45, 3] > 245
    tried(tmp_path / "out.webm", tmp_path / "again.png", method="alpha", background="checker", start_s=0.28)
    again = next(pictures(tmp_path / "again.png"))
    ground = checker(96, 128)
    assert np.abs(again[10, :15].astype(int) - ground[10, :15]).max() < 12
    assert np.abs(again[80, 45].astype(int) - HERS).max() < 25


def test_backgrounds_are_colours_pictures_and_videos(tmp_path: Path) -> None:
    source = clip(tmp_path / "in.mp4", 6)
    cv2.imwrite(str(tmp_path / "sky.png"), np.full((50, 300, 3), (250, 180, 90), np.uint8))
    with Film(tmp_path / "sea.mp4", ".mp4") as film:
        for level in (60, 180):
            film.add(np.full((64, 64, 3), level, np.uint8))
    tried(source, tmp_path / "sky.mp4", background=str(tmp_path / "sky.png"))
    assert np.abs(next(pictures(tmp_path / "sky.mp4"))[10, 100].astype(int) - (90, 180, 250)).max() < 12
    assert tried(source, tmp_path / "sea.webm", background=str(tmp_path / "sea.mp4"))["pictures"] == 6
    levels = [int(each[10, 100, 0]) for each in pictures(tmp_path / "sea.webm")]
    assert all(abs(level - (60, 180)[at % 2]) < 15 for at, level in enumerate(levels))


def test_any_frame_rate_becomes_25_pictures_a_second(tmp_path: Path) -> None:
    path = tmp_path / "fast.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=50, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for at in range(20):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(scene(at), format="rgb24")))
        container.mux(stream.encode(None))
    shown = list(pictures(path))
    assert len(shown) == 10
    edges = [int(np.argmax(each[80, :, 0] > 120)) for each in shown]
    assert all(abs(edge - 20 - 2 * at) <= 1 for at, edge in enumerate(edges))
    assert abs(int(np.argmax(next(pictures(path, 0.2))[80, :, 0] > 120)) - 30) <= 1


def test_a_recording_that_a_telephone_has_turned_is_upright(tmp_path: Path) -> None:
    """The header of a track says: turn me a quarter clockwise."""
    data = bytearray(clip(tmp_path / "in.mp4", 2).read_bytes())
    matrix = data.index(b"tkhd") + 4 + 40
    assert struct.unpack(">9i", data[matrix : matrix + 36])[:5] == (65536, 0, 0, 0, 65536)
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    (tmp_path / "turned.mp4").write_bytes(data)
    found, wanted = next(pictures(tmp_path / "turned.mp4")), np.rot90(scene(), -1)
    assert found.shape == wanted.shape
    assert np.abs(found.astype(int) - wanted).mean() < 6


def test_a_border_that_is_no_screen_is_told_once(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((64, 64, 3), 120, np.uint8))
    with pytest.raises(EngineError) as caught:
        tried(tmp_path / "grey.png", tmp_path / "out.png", parameters=Parameters(sample="auto"))
    assert str(caught.value).startswith("keying: grey.png: the border of the picture is neither green nor blue")
    assert str(caught.value).endswith("give SamplePointBgr, or choose the method portrait")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.mp4", b"", "no MP4, MOV, WebM"),
        ("a.mp4", b"#EXTM3U\nfile:///etc/hosts\n", "no MP4, MOV, WebM"),
        ("a.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 400, "export it again"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "it is damaged"),
    ],
)
def test_what_is_no_recording_is_told_and_leaves_nothing(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(EngineError, match=told):
        tried(tmp_path / name, tmp_path / "out.png")
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_recording_that_does_not_suit_the_method_is_told(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((64, 64, 3), 120, np.uint8))
    with pytest.raises(EngineError, match="there is no green screen in it"):
        tried(tmp_path / "grey.png", tmp_path / "out.png")
    with pytest.raises(EngineError, match="no transparent pixel"):
        tried(tmp_path / "grey.png", tmp_path / "out.png", method="alpha")
    with pytest.raises(EngineError, match="no picture at 9 s"):
        tried(clip(tmp_path / "in.mp4", 3), tmp_path / "out.png", start_s=9.0)
    assert not (tmp_path / "out.png").exists()


def test_a_recording_that_is_cut_off_gives_what_it_has_or_an_error(tmp_path: Path) -> None:
    data = clip(tmp_path / "in.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) // 2])
    with pytest.raises(EngineError, match="cut"):
        tried(tmp_path / "cut.mp4", tmp_path / "out.png")


def test_a_real_matte_screen_is_removed(testdata: Callable[[str], Path], tmp_path: Path) -> None:
    result = tried(testdata("green/driving_d0.mp4"), tmp_path / "out.png", start_s=1.0)
    shown = next(pictures(tmp_path / "out.png"))
    assert 0.4 < float(str(result["person"])) < 0.55
    assert shown[:40, :, 3].max() == 0
    assert shown[150:420, 200:320, 3].min() == 255
    rim = (shown[..., 3] > 0) & (shown[..., 3] < 255)
    tint = shown[..., 1].astype(int) - np.maximum(shown[..., 0], shown[..., 2])
    assert (tint[rim] > 10).mean() < 0.02
