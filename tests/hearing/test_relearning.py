"""A recogniser is taught what was edited, and nothing that is being said is lost by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence

import numpy as np
import pytest

from runtime.hearing.remote import RemoteAsr
from runtime.relearning import Relearning
from visavis.engines import Message, Pool
from visavis.errors import EngineError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import Pcm

SERVICE = f"{__name__}:Parrot"


class Parrot:
    """Hears the first phrase that it knows."""

    capacity = 4

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = phrases

    def open(self, stream: int, message: Message) -> Message:
        return {}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None: ...

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        emit({"text": self._phrases[0], "final": True})

    def cancel(self, stream: int) -> None: ...


class Counted:
    """A pool that tells when it is closed."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self.open, self.closed = pool, pool.open, False

    async def close(self) -> None:
        self.closed = True
        await self._pool.close()


class Starts:
    """Starts a parrot for phrases; `pools` are all of them."""

    def __init__(self) -> None:
        self.pools: list[Counted] = []

    async def __call__(self, phrases: Sequence[str]) -> Counted:
        if "impossible" in phrases:
            raise EngineError("parrot", "it cannot say that")
        pool = Counted(await InlineLauncher().pool(SERVICE, options={"phrases": list(phrases)}))
        self.pools.append(pool)
        return pool


class Speaker:
    """Somebody who speaks until `finish`."""

    def __init__(self) -> None:
        self._over = asyncio.Event()
        self.finish = self._over.set

    async def sound(self) -> AsyncIterator[Pcm]:
        yield np.zeros(160, np.int16)
        await self._over.wait()


async def final(asr: RemoteAsr, speaker: Speaker) -> str:
    return [transcript.text async for transcript in asr.transcribe(speaker.sound())][-1]


async def said(asr: RemoteAsr) -> str:
    speaker = Speaker()
    speaker.finish()
    return await final(asr, speaker)


async def test_who_speaks_while_it_learns_is_heard_to_the_end_by_what_was_known() -> None:
    start, speaker = Starts(), Speaker()
    asr = RemoteAsr(await start(["old"]), start)
    speaking = asyncio.create_task(final(asr, speaker))
    await asyncio.sleep(0)
    learning = asyncio.create_task(asr.learn(["new"]))
    while len(start.pools) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await said(asr) == "new"
    assert not start.pools[0].closed
    speaker.finish()
    assert await speaking == "old"
    await learning
    assert start.pools[0].closed
    await asr.close()
    assert start.pools[1].closed


async def test_what_cannot_be_learnt_leaves_it_as_it_was(caplog: pytest.LogCaptureFixture) -> None:
    start = Starts()
    asr = RemoteAsr(await start(["old"]), start)
    relearning = Relearning("museum", asr, lambda: ("impossible",), ("old",))
    with caplog.at_level(logging.WARNING):
        relearning.edited()
        while not caplog.records:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert await said(asr) == "old"
    assert "it cannot say that" in caplog.text
    await relearning.close()
    await asr.close()


async def test_many_edits_are_learnt_as_one_and_the_newest_wins() -> None:
    start, now = Starts(), ["old"]
    asr = RemoteAsr(await start(["old"]), start)
    relearning = Relearning("museum", asr, lambda: tuple(now), ("old",))
    for edit in ("first", "second", "third"):
        now[:] = [edit]
        relearning.edited()
    while await said(asr) != "third":  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    assert len(start.pools) == 2
    relearning.edited()
    await relearning.close()
    assert len(start.pools) == 2, "nothing was edited"
    await asr.close()


async def test_an_edit_while_it_looks_for_edits_is_learnt_too() -> None:
    start, now, reads = Starts(), ["first"], []
    asr = RemoteAsr(await start(["old"]), start)
    loop = asyncio.get_running_loop()

    def known() -> tuple[str, ...]:
        reads.append(found := tuple(now))
        if len(reads) == 1:
            now[:] = ["second"]
            loop.call_soon_threadsafe(relearning.edited)
        return found

    relearning = Relearning("museum", asr, known, ("first",))
    relearning.edited()
    while await said(asr) != "second":  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await relearning.close()
    await asr.close()


async def test_who_cannot_learn_is_left_alone() -> None:
    start = Starts()
    asr = RemoteAsr(await start(["old"]))
    await asr.learn(["new"])
    assert await said(asr) == "old"
    await asr.close()
