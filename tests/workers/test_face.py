"""Faces: moments through a worker process to coded pictures and back to what was drawn."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from avatars.package import BUILT_IN
from runtime.face import Face
from runtime.workers.encoder import Encoder
from runtime.workers.face import MOST, FaceService
from runtime.workers.moments import pack_moment, unpack_moment
from runtime.workers.pool import LocalLauncher, LocalPool
from visavis.clock import LoopClock
from visavis.engines import Look
from visavis.errors import AtCapacity, EngineError
from visavis.fakes.renderer import read_blocks
from visavis.words import SLOT, Codec, Emotion, Moment, Packet, Viseme

RENDERER = "visavis.fakes.renderer:FakeRenderer"
SMALL = Look(width=256, height=128)


def said(n: int) -> Moment:
    """Slot `n`, with the mouth shape of that number."""
    return Moment(pts=n * SLOT, visemes=((-100, tuple(Viseme)[n % 15]),))


def decode(packets: list[Packet]) -> list[np.ndarray]:
    """The pictures' luma, as full-range grey; as many as there are packets, or the stream is broken."""
    decoder = av.CodecContext.create(packets[0].codec, "r")
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.data))]
    frames += decoder.decode(None)
    assert len(frames) == len(packets)
    return [frame.to_ndarray(format="gray") for frame in frames]


@pytest.fixture
async def pool() -> AsyncIterator[LocalPool]:
    launcher = LocalLauncher(LoopClock())
    yield await launcher.pool("runtime.workers.face:FaceService", workers=2, options={"capacity": 2})
    await launcher.close()


async def open_face(pool: LocalPool, look: Look = SMALL, codec: Codec = "h264") -> Face:
    return await Face.open(pool, Path(), look, codec, renderer=RENDERER)


def test_a_moment_survives_the_wire() -> None:
    moment = Moment(9600, 3, "speaking", Emotion.HAPPY, 0.5, ((-480, Viseme.AA), (960, Viseme.PP)), (("nod", 480),))
    assert unpack_moment(pack_moment(moment)) == moment
    assert unpack_moment(pack_moment(Moment(pts=0))) == Moment(pts=0)


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_every_moment_asked_for_comes_back_as_its_own_picture(pool: LocalPool, codec: Codec) -> None:
    face = await open_face(pool, codec=codec)
    assert (face.width, face.height, face.alpha, face.actions["nod"]) == (256, 128, False, 24000)
    packets = await asyncio.gather(*(face.picture(said(n)) for n in range(30)))
    blocks = [read_blocks(picture) for picture in decode(packets)]
    assert [(b.pts, b.viseme) for b in blocks] == [(n * SLOT, said(n).visemes[0][1]) for n in range(30)]
    assert blocks[10].openness == pytest.approx(1.0, abs=0.1)
    await face.close()


@pytest.mark.parametrize("codec", ["h264", "vp8"])
async def test_a_viewer_can_join_at_a_key_frame_that_was_asked_for(pool: LocalPool, codec: Codec) -> None:
    face = await open_face(pool, codec=codec)
    packets = [await face.picture(said(n), key=n == 7) for n in range(12)]
    assert [n for n, packet in enumerate(packets) if packet.key] == [0, 7]
    assert [read_blocks(picture).pts // SLOT for picture in decode(packets[7:])] == [7, 8, 9, 10, 11]
    if codec == "h264":
        assert packets[7].data[:5] == b"\0\0\0\1\x67"
    await face.close()


async def test_with_alpha_the_lower_half_shows_what_is_opaque(pool: LocalPool) -> None:
    face = await open_face(pool, Look(width=256, height=128, alpha=True))
    (picture,) = decode([await face.picture(said(5))])
    assert picture.shape == (256, 256)
    assert read_blocks(picture[:128]).pts == 5 * SLOT
    assert picture[130:, :120].mean() == pytest.approx(255, abs=3)
    assert picture[130:, 136:].mean() == pytest.approx(0, abs=3)
    await face.close()


async def test_faces_are_refused_when_full_and_given_back(pool: LocalPool) -> None:
    faces = [await open_face(pool) for _ in range(4)]
    with pytest.raises(AtCapacity):
        await open_face(pool)
    await faces[0].close()
    faces[0] = await open_face(pool)
    for face in faces:
        await face.close()
    assert pool.busy == 0


async def test_a_face_whose_worker_is_killed_fails_once_and_draws_again(pool: LocalPool) -> None:
    face, other = await open_face(pool), await open_face(pool)
    before = await face.picture(said(0))
    assert before.key
    os.kill(pool.pids[0], signal.SIGKILL)
    with pytest.raises(EngineError):
        await asyncio.gather(*(face.picture(said(n)) for n in range(20)))
    assert not (await asyncio.gather(*(other.picture(said(n)) for n in range(3))))[2].key
    again = await asyncio.gather(*(face.picture(said(n)) for n in range(8, 11)))
    assert [read_blocks(picture).pts // SLOT for picture in decode(again)] == [8, 9, 10]
    await face.close()
    with pytest.raises(EngineError, match="closed"):
        await face.picture(said(0))
    assert pool.busy == 1


async def test_a_picture_nobody_waits_for_does_not_shift_the_others(pool: LocalPool) -> None:
    face = await open_face(pool)
    tasks = [asyncio.create_task(face.picture(said(n), key=True)) for n in range(6)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    packets = await asyncio.gather(*tasks[:2], *tasks[3:])
    assert [read_blocks(picture).pts // SLOT for picture in decode(packets)] == [0, 1, 3, 4, 5]
    await face.close()


async def test_a_renderer_that_cannot_be_made_says_why(pool: LocalPool) -> None:
    with pytest.raises(EngineError, match="no renderer engine named 'nobody'"):
        await Face.open(pool, Path(), SMALL, renderer="nobody")
    with pytest.raises(EngineError, match="255x128 cannot be coded"):
        await open_face(pool, Look(width=255, height=128))


def test_the_service_measures_what_it_can_hold() -> None:
    warm = {"avatar": "", "renderer": RENDERER, "look": {"width": 64, "height": 64}}
    assert FaceService(capacity=3, warm=warm).capacity == 3
    assert 1 <= FaceService(warm=warm).capacity <= MOST
    assert 1 <= FaceService().capacity <= MOST


def test_a_still_picture_costs_next_to_no_bytes() -> None:
    encoder, picture = Encoder("h264", 128, 128), np.full((128, 128, 4), 90, np.uint8)
    sizes = [len(encoder.encode(picture)[0]) for _ in range(5)]
    assert sizes[0] > 20 > max(sizes[2:])


async def test_another_background_is_drawn_without_losing_the_line(pool: LocalPool, tmp_path: Path) -> None:
    look = Look(width=256, height=128, label="")
    face = await Face.open(pool, BUILT_IN / "presenter", look)
    await face.picture(said(0))
    await face.dress(replace(look, background="#000000"))
    with pytest.raises(EngineError, match=r"'none\.png' cannot be used: it cannot be read"):
        await face.dress(replace(look, background=str(tmp_path / "none.png")))
    with pytest.raises(EngineError, match="size"):
        await face.dress(replace(look, width=128))
    packets = [await face.picture(said(n), key=n == 1) for n in range(1, 4)]
    corners = [picture[5, 5] for picture in decode(packets)]
    assert max(corners) < 5, "the black that it was told"
    await face.close()


async def test_a_face_whose_background_is_gone_comes_back_without_it(pool: LocalPool, tmp_path: Path) -> None:
    look = Look(width=256, height=128, label="")
    behind = tmp_path / "behind.svg"
    behind.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>')
    face = await Face.open(pool, BUILT_IN / "presenter", look)
    await face.dress(replace(look, background=str(behind)))
    (black,) = decode([await face.picture(said(0))])
    assert black[5, 5] < 5
    behind.unlink()
    os.kill(pool.pids[0], signal.SIGKILL)
    with pytest.raises(EngineError):
        await asyncio.gather(*(face.picture(said(n)) for n in range(20)))
    (own,) = decode([await face.picture(said(9))])
    assert own[5, 5] > 100
    await face.close()
