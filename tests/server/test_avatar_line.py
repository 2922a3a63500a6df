"""What an avatar's own client gets: pictures on one line with the sound, and what is said of them."""

from __future__ import annotations

import asyncio
import base64

import av
import numpy as np
import pytest
from place import HOURS, Server
from visitor import Picture, Visitor, visit

SLOT = 960


def decoded(pictures: list[Picture], codec: str) -> list[np.ndarray]:
    """The pictures as a client sees them, BGR."""
    context = av.CodecContext.create(codec, "r")
    frames = [frame for picture in pictures for frame in context.decode(av.Packet(picture.data))]
    frames += context.decode(None)
    return [frame.to_ndarray(format="bgr24") for frame in frames]


def sound(visitor: Visitor, turn: int) -> list[tuple[int, bytes]]:
    """(pts, PCM) of the turn's deltas."""
    deltas = [e for e in visitor.all("response.output_audio.delta") if e["turn"] == turn]
    return [(event["pts"], base64.b64decode(event["delta"])) for event in deltas]


async def test_nothing_of_ours_is_sent_before_it_is_asked_for(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.answer("When do you open?")
        assert not visitor.pictures
        assert not [kind for kind in visitor.kinds() if kind.startswith("avatar.")]
        assert not [e for e in visitor.all("response.output_audio.delta") if {"pts", "turn"} & e.keys()]
        assert "avatar" not in visitor.events[0]["session"]
        await visitor.send("avatar.presence", present=True)
        assert (await visitor.refusal())["code"] == "avatar_not_enabled"
        assert not visitor.all("avatar.state")


@pytest.mark.parametrize("beside", [False, True])
async def test_the_avatar_is_granted_and_described(server: Server, beside: bool) -> None:
    async with visit(server) as visitor:
        wishes = {"avatar": {"video": "none", "input_rate": 16000}}
        await visitor.send("session.update", **(wishes if beside else {"session": wishes}))
        granted = (await visitor.until("session.updated"))["session"]["avatar"]
        expected = {"video": "none", "alpha": False, "visemes": True, "input_rate": 16000}
        assert {key: granted[key] for key in expected} == expected
        dialog = granted["dialog"]
        assert (dialog["name"], dialog["language"], dialog["asr"]) == ("silent", "en", False)
        assert dialog["deaf_because"]
        assert {"id": "opening-hours", "text": "What are your opening hours?"} in dialog["buttons"]
        assert (await visitor.until("avatar.state"))["state"] == "idle"
        await visitor.send("session.update", session={"output_modalities": ["audio"]})
        assert (await visitor.until("session.updated"))["session"]["avatar"] == granted


@pytest.mark.parametrize(
    ("video", "alpha", "codec", "size"),
    [("h264", False, "h264", (960, 540)), ("vp8", False, "vp8", (960, 540)), ("h264", True, "h264", (1920, 540))],
)
async def test_pictures_can_be_decoded_from_the_first_on(
    server: Server, video: str, alpha: bool, codec: str, size: tuple[int, int]
) -> None:
    async with visit(server) as visitor:
        await visitor.show(video=video, alpha=alpha)
        pictures = await visitor.until_pictures(15)
    flags = 2 * (video == "vp8") + 4 * alpha
    assert [picture.version for picture in pictures] == [1] * 15
    assert pictures[0].flags == flags | 1
    assert {picture.flags & ~1 for picture in pictures} == {flags}
    if codec == "h264":
        assert all(picture.data[:4] in (b"\0\0\0\1", b"\0\0\1\x67", b"\0\0\1\x41") for picture in pictures)
    images = decoded(pictures, codec)
    assert len(images) == 15
    assert {image.shape[:2] for image in images} == {size}
    assert images[0].std() > 10
    if alpha:
        below = images[0][960:]
        assert below.min() < 16
        assert below.max() > 240


async def test_an_answer_comes_on_one_line(server: Server) -> None:
    before = asyncio.get_running_loop().time()
    async with visit(server) as visitor:
        await visitor.show(video="h264")
        await visitor.until_pictures(5)
        done = await visitor.answer("When do you open?")
        await visitor.until_pictures(len(visitor.pictures) + 5)
    spoken = sound(visitor, 1)
    drawn = [picture for picture in visitor.pictures if picture.turn == 1]
    every = [picture.pts for picture in visitor.pictures]
    assert all(pts % SLOT == 0 for pts in every)
    assert every == sorted(set(every))
    assert {picture.turn for picture in visitor.pictures} == {0, 1}
    assert [pts for pts, _ in spoken] == [picture.pts for picture in drawn]
    assert {len(pcm) for _, pcm in spoken} == {2 * SLOT}
    loudest = max(np.abs(np.frombuffer(pcm, np.int16)).max() for _, pcm in spoken)
    assert loudest > 3_000
    assert done["output"][0]["content"][0]["transcript"] == HOURS
    ahead = [p.pts / 24_000 - (p.at - before) for p in visitor.pictures]
    assert max(ahead) < 0.2


async def test_what_is_said_of_an_answer(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="h264")
        await visitor.until_pictures(3)
        done = await visitor.answer("What are your opening hours?")
        item = done["output"][0]["id"]
    spoken = sound(visitor, 1)
    first, last = spoken[0][0], spoken[-1][0] + SLOT
    states = [event["state"] for event in visitor.all("avatar.state")]
    assert states[:3] == ["idle", "thinking", "speaking"]
    words = [word for event in visitor.all("avatar.words") for word in event["words"]]
    assert {event["item_id"] for event in visitor.all("avatar.words")} == {item}
    assert [text.strip(",.") for _, _, text in words] == HOURS.replace(",", "").replace(".", "").split()
    assert all(first <= start < end <= last for start, end, _ in words)
    assert [start for start, _, _ in words] == sorted(start for start, _, _ in words)
    visemes = [viseme for event in visitor.all("avatar.visemes") for viseme in event["visemes"]]
    assert all(first <= start < last for start, _ in visemes)
    assert {"PP", "sil"} <= {name for _, name in visemes}
    (card,) = visitor.all("avatar.card")
    assert (card["turn"], card["title"], card["link"]) == (1, "Opening hours", "https://museum.example/hours")
    assert card["image"] == "/media/silent/hours.svg"
    (action,) = visitor.all("avatar.action")
    assert (action["turn"], action["action"]) == (1, "nod")
    assert first <= action["pts_stroke"] < last
    (latency,) = visitor.all("avatar.latency")
    assert sum(latency["stages"].values()) == pytest.approx(latency["first_av_ms"], abs=0.01)
    stages = ["endpoint", "transcript", "answer", "voice", "face", "outlet"]
    assert set(latency["stages"]) == {f"{stage}_ms" for stage in stages}
    assert latency["filler_ms"] is None
    assert "avatar.clear" not in visitor.kinds()


async def test_who_comes_is_greeted_once(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="none")
        await visitor.send("avatar.presence", present=True)
        await visitor.send("avatar.presence", present=True)
        done = (await visitor.until("response.done"))["response"]
        assert done["output"][0]["content"][0]["transcript"] == "Welcome to the museum!"
        assert len(visitor.all("response.created")) == 1


async def test_an_answer_that_is_cut_off_is_cleared(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="h264")
        await visitor.ask("Tell me everything about the museum.")
        for _ in range(20):
            await visitor.until("response.output_audio.delta")
        await visitor.send("response.cancel")
        clear = await visitor.until("avatar.clear")
        done = (await visitor.until("response.done"))["response"]
        assert (clear["turn"], done["status"]) == (1, "cancelled")
        assert 0 < clear["fade_ms"] <= 200
        count = len(visitor.all("response.output_audio.delta"))
        assert (await visitor.answer("When do you open?"))["status"] == "completed"
    assert {e["turn"] for e in visitor.all("response.output_audio.delta")[count:]} == {2}
    cleared = visitor.events.index(clear)
    later = [e for e in visitor.events[cleared:] if e["type"] == "response.output_audio.delta"]
    assert all(event["turn"] == 2 for event in later)


async def test_visemes_can_be_left_out(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="none", visemes=False)
        await visitor.answer("When do you open?")
    assert not visitor.all("avatar.visemes")
    assert visitor.all("avatar.words")
    assert not visitor.pictures


async def test_another_kind_of_picture_can_be_had(server: Server) -> None:
    async with visit(server) as visitor:
        await visitor.show(video="h264")
        await visitor.until_pictures(3)
        await visitor.show(video="vp8")
        await visitor.until_pictures(len(visitor.pictures) + 8)
        kinds = [picture.flags & 2 for picture in visitor.pictures]
        change = kinds.index(2)
        assert kinds == sorted(kinds)
        assert visitor.pictures[change].key
        await visitor.show(video="vp8")
        await visitor.until_pictures(len(visitor.pictures) + 12)
        assert sum(picture.key for picture in visitor.pictures[change + 1 :]) == 1
        await visitor.show(video="none")
        count = len(visitor.pictures)
        assert (await visitor.answer("When do you open?"))["status"] == "completed"
        assert len(visitor.pictures) == count


async def test_two_visitors_do_not_share_a_thing(server: Server) -> None:
    async with visit(server) as one, visit(server) as two:
        await asyncio.gather(one.show(video="h264"), two.show(video="h264"))
        answers = await asyncio.gather(one.answer("When do you open?"), two.answer("Tell me everything."))
    texts = [answer["output"][0]["content"][0]["transcript"] for answer in answers]
    assert texts[0] == HOURS
    assert texts[1] != HOURS
    for visitor in (one, two):
        assert len(visitor.all("response.done")) == 1
        assert {picture.turn for picture in visitor.pictures} == {0, 1}
