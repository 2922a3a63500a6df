"""The queue between a session and its socket, in virtual time: exact counts, exact times."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from runtime.events import MoodChanged, SentenceStarted, TurnOpened
from runtime.outlets.scribe import Scribe
from runtime.outlets.socket import BACKLOG, PATIENCE_S, PICTURES, SocketOutlet, TooSlow
from visavis.clock import LoopClock, run_virtual
from visavis.words import Frame, Packet, Sentence

SLOT = 960
SILENCE = np.zeros(SLOT, np.int16)


class Wire:
    """A socket that can be blocked."""

    def __init__(self) -> None:
        self.taken: list[str | bytes] = []
        self.times: list[float] = []
        self.open = asyncio.Event()
        self.open.set()

    async def write(self, data: str | bytes) -> None:
        await self.open.wait()
        self.taken.append(data)
        self.times.append(LoopClock().now())

    def pictures(self) -> list[bytes]:
        return [data for data in self.taken if isinstance(data, bytes)]

    def kinds(self) -> list[str]:
        return [json.loads(data)["type"] for data in self.taken if isinstance(data, str)]


class Scene:
    def __init__(self, *, avatar: bool = True) -> None:
        self.wire, self.scribe = Wire(), Scribe()
        self.scribe.wishes.avatar = avatar
        self.outlet = SocketOutlet(LoopClock(), self.scribe, self.wire.write)

    def frame(self, number: int, *, turn: int = 0, key: bool = False, offset: int = 0) -> bool:
        packet = Packet(b"%d" % number, key, "h264")
        return self.outlet.send(Frame(number * SLOT, turn, SILENCE, packet, offset))

    def speak(self, turn: int, offset: int) -> None:
        self.outlet.send(Frame(0, turn, SILENCE, None, offset))


def virtually(play: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await play()

    run_virtual(main())


def test_all_of_it_goes_in_order() -> None:
    async def play() -> None:
        scene = Scene()
        running = asyncio.create_task(scene.outlet.run())
        scene.outlet.tell(TurnOpened(1, "reply"))
        assert all(scene.frame(n, turn=1, key=not n) for n in range(3))
        await asyncio.sleep(1)
        assert [data[20:] for data in scene.wire.pictures()] == [b"0", b"1", b"2"]
        assert scene.wire.kinds()[4:] == ["response.output_audio.delta"] * 3
        assert set(scene.wire.times) == {0.0}
        running.cancel()

    virtually(play)


def test_a_blocked_client_loses_pictures_up_to_the_next_key_frame_and_nothing_else() -> None:
    async def play() -> None:
        scene = Scene()
        running = asyncio.create_task(scene.outlet.run())
        scene.outlet.tell(TurnOpened(1, "reply"))
        await asyncio.sleep(0)
        scene.wire.open.clear()
        before = len(scene.wire.taken)
        took = [scene.frame(n, turn=1, key=not n) for n in range(PICTURES + 1)]
        assert took == [True] * PICTURES + [False]
        assert scene.outlet.dropped == PICTURES + 1
        assert [scene.frame(n, turn=1) for n in (20, 21)] == [False, False]
        assert scene.outlet.dropped == PICTURES + 3
        assert scene.frame(22, turn=1, key=True)
        assert scene.frame(23, turn=1)
        scene.outlet.tell(SentenceStarted(1, Sentence("Yes.")))
        scene.wire.open.set()
        await asyncio.sleep(0.1)
        assert [data[20:] for data in scene.wire.pictures()] == [b"22", b"23"]
        kinds = [json.loads(data)["type"] for data in scene.wire.taken[before:] if isinstance(data, str)]
        assert kinds.count("response.output_audio.delta") == PICTURES + 5
        assert kinds[-1] == "response.output_audio_transcript.delta"
        running.cancel()

    virtually(play)


def test_a_clear_drops_sound_and_pictures_and_keeps_the_words() -> None:
    async def play() -> None:
        scene = Scene()
        scene.outlet.tell(TurnOpened(1, "reply"))
        scene.outlet.tell(SentenceStarted(1, Sentence("Yes.")))
        for n in range(3):
            scene.frame(n, turn=1, key=not n)
        scene.outlet.clear(1, 120)
        assert not scene.frame(3)
        assert scene.frame(4, key=True)
        running = asyncio.create_task(scene.outlet.run())
        await asyncio.sleep(0)
        assert scene.wire.kinds()[-2:] == ["response.output_audio_transcript.delta", "avatar.clear"]
        assert "response.output_audio.delta" not in scene.wire.kinds()
        assert [data[20:] for data in scene.wire.pictures()] == [b"4"]
        running.cancel()

    virtually(play)


def test_a_clear_without_waiting_pictures_needs_no_key_frame() -> None:
    async def play() -> None:
        scene = Scene()
        running = asyncio.create_task(scene.outlet.run())
        scene.frame(0, key=True)
        await asyncio.sleep(0)
        scene.outlet.clear(1, 120)
        assert scene.frame(1)
        running.cancel()

    virtually(play)


def test_who_takes_nothing_is_given_up_after_ten_seconds() -> None:
    async def play() -> None:
        scene = Scene()
        scene.wire.open.clear()
        running = asyncio.create_task(scene.outlet.run())
        await asyncio.sleep(5)
        scene.outlet.tell(MoodChanged("listening"))
        with pytest.raises(TooSlow):
            await running
        assert LoopClock().now() == 5 + PATIENCE_S

    virtually(play)


def test_who_takes_too_little_is_given_up_when_it_is_ten_seconds_behind() -> None:
    async def play() -> None:
        scene = Scene()
        scene.outlet.tell(TurnOpened(1, "reply"))

        async def slowly(data: str | bytes) -> None:
            await asyncio.sleep(1)

        outlet = SocketOutlet(LoopClock(), scene.scribe, slowly)
        running = asyncio.create_task(outlet.run())
        for offset in range(100):
            outlet.send(Frame(offset * SLOT, 1, SILENCE, None, offset * SLOT))
            if running.done():
                break
            await asyncio.sleep(0.25)
        with pytest.raises(TooSlow):
            await running
        assert LoopClock().now() == pytest.approx(13.5, abs=0.5)

    virtually(play)


def test_a_client_that_does_not_take_is_not_read() -> None:
    async def play() -> None:
        scene = Scene()
        scene.wire.open.clear()
        running = asyncio.create_task(scene.outlet.run())
        scene.outlet.say([{"type": "x"}] * (BACKLOG + 2))
        waiting = asyncio.create_task(scene.outlet.room())
        await asyncio.sleep(1)
        assert not waiting.done()
        scene.wire.open.set()
        await waiting
        assert LoopClock().now() == 1
        running.cancel()

    virtually(play)


def test_the_last_word_follows_what_was_said_and_no_media() -> None:
    async def play() -> None:
        scene = Scene()
        scene.outlet.tell(TurnOpened(1, "reply"))
        scene.frame(0, turn=1, key=True)
        await scene.outlet.flush({"type": "error"})
        assert scene.wire.kinds()[-1] == "error"
        assert not scene.wire.pictures()
        assert "response.output_audio.delta" not in scene.wire.kinds()

    virtually(play)


# ── what was heard ──
def test_a_plain_client_heard_what_was_sent_until_it_says_otherwise() -> None:
    async def play() -> None:
        scene = Scene(avatar=False)
        for n in range(4):
            scene.speak(1, n * SLOT)
        assert scene.outlet.played(1) == 4 * SLOT
        scene.outlet.note_played(1, 2 * SLOT)
        assert scene.outlet.played(1) == 2 * SLOT

    virtually(play)


def test_an_avatar_s_client_heard_what_it_reports() -> None:
    async def play() -> None:
        scene = Scene()
        for n in range(4):
            scene.speak(1, n * SLOT)
        assert scene.outlet.played(1) is None
        scene.outlet.note_played(1, 3 * SLOT)
        assert scene.outlet.played(1) == 3 * SLOT
        scene.outlet.note_played(9, SLOT)
        assert scene.outlet.played(9) is None

    virtually(play)


def test_what_was_repeated_after_a_hold_is_not_heard_twice() -> None:
    """The client counts every sample that it plays; the server knows which of them it sent again."""

    async def play() -> None:
        scene = Scene()
        for n in range(10):
            scene.speak(1, n * SLOT)
        scene.outlet.note_played(1, 8 * SLOT)
        for n in range(5, 12):
            scene.speak(1, n * SLOT)
        scene.outlet.note_played(1, (8 + 4) * SLOT)
        assert scene.outlet.played(1) == 9 * SLOT
        for n in range(6, 20):
            scene.speak(1, n * SLOT)
        scene.outlet.note_played(1, (8 + 4 + 10) * SLOT)
        assert scene.outlet.played(1) == 16 * SLOT

    virtually(play)


def test_old_turns_are_forgotten() -> None:
    async def play() -> None:
        scene = Scene(avatar=False)
        for turn in range(1, 100):
            scene.speak(turn, 0)
        assert scene.outlet.played(99) == SLOT
        assert scene.outlet.played(1) == 0

    virtually(play)
