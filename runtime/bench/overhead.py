"""The runtime's own cost a turn: whole turns with engines that take no time, by the wall clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from behaviors.tree import Behavior
from runtime.bench.answering import Answering
from runtime.bench.probe import Probe
from runtime.bench.report import Row, percentile
from runtime.session import Session
from visavis.clock import LoopClock
from visavis.fakes.face import FakeFace
from visavis.fakes.tts import FakeTts
from visavis.words import Reply, Sentence, Utterance


class _Ready(Answering):
    """A brain that has the answer at once."""

    async def answer(self, utterance: Utterance) -> Reply:
        async def sentences() -> AsyncIterator[Sentence]:
            yield Sentence("Here is the answer to that.")

        return Reply("faq", "direct", sentences())


async def overhead(turns: int) -> list[Row]:
    """Text in to frame handed over, with fakes for mind, voice and face."""
    clock = LoopClock()
    probe = Probe(clock)
    session = Session(clock, probe, _Ready(), FakeTts(), lambda body: Behavior(body, 0))
    session.see(FakeFace(clock, delay_s=0.0))
    living = asyncio.create_task(session.run())
    taken = []
    for _ in range(turns):
        await asyncio.sleep(0.06)
        probe.reset()
        began = time.perf_counter()
        session.say(Utterance("?", "en", "text", clock.now(), clock.now()))
        await probe.first.wait()
        taken.append((time.perf_counter() - began) * 1000)
        session.stop()
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    return [Row("the runtime's own cost a turn, p99", percentile(taken, 99), "ms", 5.0, note=f"{turns} turns")]
