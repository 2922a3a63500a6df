"""A package's footage is played by the frame: idle there and back, actions from end to end, whatever came before."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatars.package import BUILT_IN, load
from avatars.packages.consent import approve
from avatars.packages.manifest import Body
from avatars.renderers.recorded import RecordedRenderer
from avatars.renderers.recorded.playing import lengths, shown
from avatars.renderers.recorded.reading import Reader
from avatars.renderers.rig import RigRenderer
from runtime.cli import main
from runtime.face import Face
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.contracts.renderer import (
    check_actions,
    check_any_moment,
    check_fills_the_buffer,
    check_label,
    check_transparency,
    difference,
    picture,
)
from visavis.engines import Look, Renderer, engine
from visavis.errors import EngineError, SetupError
from visavis.words import SLOT, Moment

Pack = Callable[..., Path]
FRAMES, WIDTH, HEIGHT = 100, 180, 320
LOOK = Look(WIDTH, HEIGHT)
BODY = Body.model_validate(
    {
        "video": {"file": "b.mp4", "sha256": "a" * 64, "frames": 200},
        "actions": [{"name": "idle", "start": 0, "end": 49}, {"name": "wave", "start": 60, "end": 89}],
    }
)


def film(pictures: Iterable[np.ndarray], *, group: int = 12, rate: int = 25) -> bytes:
    """Pictures as an H.264 video; RGB ones, or grey ones."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream: Any = None
        for each in pictures:
            if stream is None:
                stream = out.add_stream("libx264", rate=rate, options={"crf": "10", "preset": "ultrafast"})
                stream.height, stream.width = each.shape[:2]
                stream.pix_fmt, stream.gop_size = "yuv420p", group
            out.mux(stream.encode(av.VideoFrame.from_ndarray(each, format="rgb24" if each.ndim == 3 else "gray")))
        out.mux(stream.encode(None))
    return file.getvalue()


def numbered(frames: int = FRAMES) -> list[np.ndarray]:
    """Pictures that say their number: its tens at the left, its ones at the right."""
    tens, ones = np.divmod(np.arange(frames), 10)
    levels = np.stack([tens, ones], axis=1).astype(np.uint8) * 20 + 20
    return [np.broadcast_to(each.repeat(32), (64, 64)).copy() for each in levels]


def number_of(picture: np.ndarray) -> int:
    return round((picture[:, :32].mean() - 20) / 20) * 10 + round((picture[:, 32:].mean() - 20) / 20)


@pytest.fixture(scope="session")
def drawn() -> tuple[bytes, bytes]:
    """A drawn person who stands for 60 frames and then waves, and where she is."""
    look = Look(WIDTH, HEIGHT, alpha=True, label="")
    rig = RigRenderer(BUILT_IN / "presenter", look)
    out = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    colours, alphas = [], []
    for n in range(FRAMES):
        acting = (("wave", (n - 60) * SLOT),) if 60 <= n < 90 else ()
        rig.draw(Moment(n * SLOT, actions=acting), out)
        colours.append(np.ascontiguousarray(out[..., 2::-1]))
        alphas.append(out[..., 3].copy())
    return film(colours), film(alphas)


@pytest.fixture
def person(pack: Pack, drawn: tuple[bytes, bytes]) -> Path:
    """A package of that person, approved."""
    folder = pack(files={"body.mp4": drawn[0], "alpha.mp4": drawn[1]})
    approve(folder, load(folder).manifest, "Jo Park")
    return folder


# ── which frame ──
def test_idle_goes_there_and_back_by_the_session_clock() -> None:
    frames = [shown(BODY, Moment(n * SLOT)).frame for n in (0, 1, 49, 50, 97, 98, 99, 98 * 1000)]
    assert frames == [0, 1, 49, 48, 1, 0, 1, 0]


def test_an_action_is_shown_from_its_first_to_its_last_frame() -> None:
    frames = [shown(BODY, Moment(7 * SLOT, actions=(("wave", n * SLOT),))).frame for n in range(31)]
    assert frames == [*range(60, 90), 7]
    assert lengths(BODY) == {"idle": 50 * SLOT, "wave": 30 * SLOT}


def test_the_ends_of_an_action_blend_with_what_is_at_rest() -> None:
    shares = [shown(BODY, Moment(0, actions=(("wave", n * SLOT),))).share for n in range(30)]
    assert shares[:6] == sorted(shares[:6], reverse=True)
    assert shares == shares[::-1]
    assert [n for n, share in enumerate(shares) if not share] == list(range(6, 24))
    assert 0.9 < shares[0] < 1


@given(st.integers(0, 10**9), st.lists(st.tuples(st.sampled_from(["wave", "idle", "ok"]), st.integers(-5000, 60_000))))
def test_every_moment_shows_frames_that_there_are(pts: int, actions: list[tuple[str, int]]) -> None:
    found = shown(BODY, Moment(pts, actions=tuple(actions)))
    assert 0 <= found.frame < 200
    assert 0 <= found.other < 50
    assert 0 <= found.share < 1


# ── frames by number ──
@pytest.mark.parametrize("group", [1, 12, 50])
def test_any_frame_can_be_had_in_any_order(tmp_path: Path, group: int) -> None:
    (tmp_path / "b.mp4").write_bytes(film(numbered(), group=group))
    reader = Reader(tmp_path / "b.mp4", FRAMES, (64, 64), grey=True)
    order = [0, 1, 2, 99, 98, 97, 50, 49, 51, 0, *np.random.default_rng(3).integers(0, FRAMES, 40)]
    assert [number_of(reader.frame(int(n))) for n in order] == order


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (film(numbered(60)), "it has 60 frames and the manifest says 100"),
        (film(numbered(), group=80), "more than 50 frames from one key frame"),
        (film(numbered(), rate=30), "has not 25 frames a second"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(400), "cannot be read"),
        (film(numbered())[:-2000], "cannot be read"),
    ],
)
def test_a_video_that_cannot_be_played_says_why(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "b.mp4").write_bytes(data)
    with pytest.raises(EngineError, match=f"b.mp4 cannot be played: .*{said}"):
        Reader(tmp_path / "b.mp4", FRAMES, (64, 64))


# ── pictures ──
@pytest.mark.parametrize(
    "check", [check_actions, check_any_moment, check_fills_the_buffer, check_label, check_transparency]
)
def test_it_keeps_what_the_contract_asks_of_a_body(person: Path, check: Callable[..., None]) -> None:
    def make(look: Look) -> Renderer:
        return RecordedRenderer(person, look)

    check(make, LOOK)


def test_it_is_found_by_its_name() -> None:
    assert engine("renderer", "recorded") is RecordedRenderer


def test_a_cut_out_person_stands_before_any_colour(person: Path) -> None:
    red = picture(RecordedRenderer(person, Look(WIDTH, HEIGHT, label="", background="#ff0000")), Moment(0), LOOK)
    assert tuple(red[2, 2]) == (0, 0, 255, 255)
    rig = picture(
        RigRenderer(BUILT_IN / "presenter", Look(WIDTH, HEIGHT, label="", background="#ff0000")), Moment(0), LOOK
    )
    assert float(difference(red, rig).mean()) < 6


@pytest.mark.parametrize("size", [(360, 640), (640, 360), (96, 96)])
def test_it_fits_any_picture(person: Path, size: tuple[int, int]) -> None:
    check_fills_the_buffer(lambda each: RecordedRenderer(person, each), Look(*size))


def test_one_with_its_background_fills_the_picture_and_has_no_other(pack: Pack, drawn: tuple[bytes, bytes]) -> None:
    folder = pack(files={"body.mp4": drawn[0]})
    approve(folder, load(folder).manifest, "Jo Park")
    wide = Look(320, 180, label="")
    assert picture(RecordedRenderer(folder, wide), Moment(0), wide)[..., 3].min() == 255
    with pytest.raises(EngineError, match="was recorded with its background"):
        RecordedRenderer(folder, Look(WIDTH, HEIGHT, alpha=True))


def test_nobody_is_shown_without_approved_consent(pack: Pack, drawn: tuple[bytes, bytes]) -> None:
    with pytest.raises(SetupError, match="nobody here has approved"):
        RecordedRenderer(pack(files={"body.mp4": drawn[0]}), LOOK)


async def test_it_is_drawn_by_a_worker_for_a_session(person: Path) -> None:
    launcher = LocalLauncher(LoopClock())
    pool = await launcher.pool("runtime.workers.face:FaceService", options={"capacity": 1})
    face = await Face.open(pool, person, LOOK, renderer="recorded")
    packets = [await face.picture(Moment(n * SLOT, actions=(("wave", n * SLOT),))) for n in range(4)]
    assert dict(face.actions) == {"idle": 50 * SLOT, "wave": 30 * SLOT}
    assert packets[0].key
    assert all(len(each.data) > 50 for each in packets)
    await face.close()
    await launcher.close()


# ── the command ──
def told(capsys: pytest.CaptureFixture[str], *arguments: object, may: tuple[int, ...] = (0,)) -> Any:
    """What `visavis avatar …` prints as JSON."""
    with pytest.raises(SystemExit) as ended:
        main(["avatar", *map(str, arguments), "--json"])
    assert ended.value.code in may, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


def test_the_cuts_of_an_avatar_are_told(person: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start, end = told(capsys, "cuts", "mei", "--config", person.parents[1], may=(0, 1))
    assert (start["action"], start["end"], start["written"], start["fits"]) == ("wave", "start", 60, True)
    assert (end["end"], end["written"]) == ("end", 89)
    assert end["distance_written"] > 10, "the hand is still up where the action is written to end"
    assert end["frame"] > 95
    assert end["distance"] < 5


def test_an_avatar_goes_from_one_house_to_another(
    person: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    out = told(capsys, "export", "mei", "--out", tmp_path / "mei.zip", "--config", person.parents[1])
    assert out["bytes"] == (tmp_path / "mei.zip").stat().st_size
    taken = told(capsys, "import", tmp_path / "mei.zip", "--config", other)
    assert (taken["kind"], taken["consent"]) == ("motion-editable", "Mei Chen for Acme Robots, not approved")
    told(capsys, "approve", "mei", "--by", "Ana Ruiz", "--config", other)
    rows = {row["name"]: row["consent"] for row in told(capsys, "list", "--config", other)}
    assert rows["mei"] == "Mei Chen for Acme Robots, approved by Ana Ruiz"
    assert rows["presenter"] == "none needed"
    told(capsys, "revoke", "mei", "--config", other)
    assert "mei" not in {row["name"] for row in told(capsys, "list", "--config", other)}
