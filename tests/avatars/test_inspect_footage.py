"""Files that strangers send: whole, turned, cut off, lying, far too large, or nothing that is a recording."""

from __future__ import annotations

import json
import struct
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from avatars.inspect.checklist import CHECKLIST, POINTS, printed
from avatars.inspect.faults import FootageError
from avatars.inspect.footage import Footage, Frame
from avatars.inspect.inspection import Inspection, inspected
from avatars.inspect.kinds import KINDS, NAMES
from avatars.inspect.page import page
from avatars.inspect.page_words import RULES, WORDS
from tests.avatars.recordings import ANY, DEFECTS, drawn, recorded


def read(path: Path) -> list[Frame]:
    with Footage.open(path, path.name) as footage:
        return list(footage.frames())


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("clip") / "clip.mp4", DEFECTS["a frozen picture"].spoil(drawn()))


@pytest.fixture(scope="module")
def inspection(clip: Path) -> Inspection:
    return inspected(clip, ANY, eyes=None, embed=None)


def test_frames_come_with_their_times(clip: Path) -> None:
    frames = read(clip)
    assert [each.time_s for each in frames] == pytest.approx([n * 0.04 for n in range(75)])
    assert frames[3].picture.shape == (480, 270, 3)
    assert np.abs(frames[3].picture.astype(int) - drawn()[3]).mean() < 6


def test_a_picture_is_turned_as_its_file_says(tmp_path: Path) -> None:
    wide = tmp_path / "wide.mp4"
    with av.open(str(wide), "w") as container:
        video = container.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 128, 64, "yuv420p"
        video.set_display_rotation(90)
        picture = np.zeros((64, 128, 3), np.uint8)
        picture[:, 64:] = 255  # right half white; turned by a quarter against the clock it lies above
        for _ in range(5):
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture)))
        container.mux(video.encode(None))
    with Footage.open(wide, "wide.mp4") as footage:
        shown = next(footage.frames()).picture
        assert (footage.facts.width, footage.facts.height) == (64, 128)
    assert shown.shape == (128, 64, 3)
    assert (shown[:40].mean() > 200, shown[-40:].mean() < 50) == (True, True)


def test_a_file_that_is_cut_off_is_told(clip: Path, tmp_path: Path) -> None:
    with (
        av.open(str(clip)) as source,
        av.open(str(tmp_path / "fast.mp4"), "w", options={"movflags": "faststart"}) as to,
    ):
        stream = to.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                to.mux(packet)
    whole = (tmp_path / "fast.mp4").read_bytes()
    (tmp_path / "half.mp4").write_bytes(whole[: len(whole) // 3])
    with pytest.raises(FootageError, match=r"half\.mp4: it is (cut off|damaged)"):
        read(tmp_path / "half.mp4")
    (tmp_path / "tail.mp4").write_bytes(clip.read_bytes()[:-2000])  # without the index at its end
    with pytest.raises(FootageError, match="it is damaged"):
        read(tmp_path / "tail.mp4")


@pytest.mark.parametrize("scale", [20, 0.1])
def test_a_file_that_lies_about_its_length_is_told(tmp_path: Path, scale: float) -> None:
    true = recorded(tmp_path / "clip.mkv", drawn())
    data, place = bytearray(true.read_bytes()), true.read_bytes().index(b"\x44\x89\x88") + 3
    (length,) = struct.unpack(">d", data[place : place + 8])
    data[place : place + 8] = struct.pack(">d", length * scale)
    (tmp_path / "lies.webm").write_bytes(data)
    with pytest.raises(FootageError, match=r"it is cut off|it says that it lasts"):
        read(tmp_path / "lies.webm")


def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path) -> None:
    for name, data, told in (
        ("empty.mp4", b"", "empty"), ("text.mp4", b"hello there, this is text", "no MP4"),
        ("list.mp4", b"#EXTM3U\nfile:///etc/hosts\n", "no MP4"),
        ("noise.mp4", b"\0\0\0\x18ftypisom" + b"\7" * 900, "damaged"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FootageError, match=told) as caught:
            read(tmp_path / name)
        assert "\n" not in str(caught.value)
    with pytest.raises(FootageError, match="cannot be read"):
        read(tmp_path / "absent.mp4")


def test_a_single_frame_and_a_picture_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FootageError, match="single frame"):
        read(recorded(tmp_path / "one.mp4", drawn()[:1]))
    with av.open(str(tmp_path / "8k.mp4"), "w") as container:
        video = container.add_stream("mjpeg", rate=25)
        video.width, video.height, video.pix_fmt = 7680, 4320, "yuvj420p"
        video.codec_context.time_base = Fraction(1, 25)
        container.mux(video.encode(av.VideoFrame(7680, 4320, "yuvj420p")))
        container.mux(video.encode(None))
    with pytest.raises(FootageError, match="7680 x 4320"):
        read(tmp_path / "8k.mp4")


def test_a_photograph_serves_for_a_portrait_alone(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "photo.jpg"), np.ascontiguousarray(drawn()[0][..., ::-1]))
    portrait = inspected(tmp_path / "photo.jpg", KINDS["portrait"], eyes=None, embed=None)
    assert "no_video" not in {each.rule for each in portrait.findings}
    standard = inspected(tmp_path / "photo.jpg", KINDS["standard"], eyes=None, embed=None)
    assert "no_video" in {each.rule for each in standard.findings}


def test_a_defect_is_found_through_the_file(inspection: Inspection) -> None:
    (frozen,) = (each for each in inspection.findings if each.rule == "frozen")
    assert (frozen.start_s, frozen.end_s) == pytest.approx((1.2, 2.0), abs=0.2)
    assert frozen.frame in range(30, 50)
    assert inspection.screen == "green"
    assert not inspection.passed
    assert json.loads(inspection.model_dump_json())["findings"][0]["advice"]["zh"]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_needs_nothing_else_and_escapes_what_it_shows(inspection: Inspection, language: str) -> None:
    html = page(inspection.model_copy(update={"file": "<script>x</script>.mp4"}), language)
    reader = _Page()
    reader.feed(html)
    assert "script" not in {tag for tag, _ in reader.tags}
    pictures = [about["src"] or "" for tag, about in reader.tags if tag == "img"]
    assert len(pictures) == len(inspection.findings)
    assert all(each.startswith("data:image/jpeg;base64,") for each in pictures)
    assert "http" not in html


def test_every_rule_has_a_name_and_every_kind_a_list() -> None:
    from avatars.inspect.advice import ADVICE
    from avatars.inspect.rules import green

    assert set(RULES) >= set(green.LIMITS)
    assert set(RULES) <= set(ADVICE)
    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for kind in NAMES:
        assert set(CHECKLIST[kind]) <= set(POINTS)
        assert printed(kind, "zh").count("[ ]") == len(CHECKLIST[kind])
