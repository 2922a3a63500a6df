"""Sentences full of /p b m/, spoken by a session into a reel of pictures and sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import numpy as np

from behaviors.tree import Behavior
from runtime.bench.answering import Answering
from runtime.bench.closures import Meant, meant_closures
from runtime.events import Event, TurnEnded
from runtime.face import Face
from runtime.session import Session
from visavis.clock import LoopClock
from visavis.engines import Tts
from visavis.errors import EngineError
from visavis.words import SLOT, Emotion, Frame, Packet, Pcm, Reply, Sentence, Utterance

TEXTS: dict[str, tuple[str, ...]] = {
    "en": (
        "My mother may remember a number of small bamboo umbrellas.",
        "Please stop by the blue map before you go up to the upper gallery.",
        "A baby elephant, a bumblebee and a hippo are above the cabinet.",
        "The museum shop is open, but the summer cafe is being improved.",
        "Nobody may bring a big bag or an open bottle of apple juice.",
        "Maybe you remember the lamp that the keeper put beside the harbour.",
        "Somebody will be happy to help you at the main museum desk.",
        "Bring the paper moon home, and compare it with a copy of the map.",
        "Tomorrow a member of our team may open the whole botany room.",
        "He hopes to keep a couple of rubber boots about the abbey tower.",
    ),
    "zh": (
        "妈妈买了八杯白茶，每杯都很便宜。",
        "请您慢慢品一品我们的新茶，别忙。",
        "明白了，我帮您把茶杯摆在那边。",
        "外面的门票不贵，里面的棉布包也很美。",
        "这本书里没有描写那匹白马的毛病。",
    ),
}
EMOTIONS = (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.CALM, Emotion.SORRY, Emotion.SURPRISED)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What came out of the stage: one picture and `SLOT` samples for each of `pts`."""

    pts: tuple[int, ...]
    packets: tuple[Packet, ...]
    pcm: Pcm
    meant: tuple[Meant, ...]


class Parrot(Answering):
    """A brain that says the utterance's lines, each with an emotion."""

    async def answer(self, utterance: Utterance) -> Reply:
        return Reply("faq", "direct", _sentences(utterance.text.splitlines()), language=utterance.language)


async def _sentences(lines: Sequence[str]) -> AsyncIterator[Sentence]:
    for n, line in enumerate(lines):
        yield Sentence(line, EMOTIONS[n % len(EMOTIONS)])


class Reel:
    """An unpaced outlet that keeps every frame."""

    paced = False

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.ended = asyncio.Event()
        self.problem: str | None = None

    def send(self, frame: Frame) -> bool:
        self.frames.append(frame)
        return True

    def tell(self, event: Event) -> None:
        if isinstance(event, TurnEnded):
            self.problem = event.problem
            self.ended.set()

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def clear(self, turn: int, fade_ms: int) -> None: ...

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...


async def speak(face: Face, tts: Tts, texts: Sequence[str], language: str) -> Spoken:
    """One answer of `texts` by a session, as a client gets it. Raises EngineError."""
    clock, reel = LoopClock(), Reel()
    session = Session(clock, reel, Parrot(), tts, lambda body: Behavior(body, 1, name="widget"))
    session.see(face)
    living = asyncio.create_task(session.run())
    try:
        session.stage.idle(10)
        await session.stage.spent()
        now = clock.now()
        session.say(Utterance("\n".join(texts), language, "text", now, now))
        ended = asyncio.create_task(reel.ended.wait())
        await asyncio.wait({ended, living}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if living.done():
            living.result()
        session.stage.idle(15)
        await session.stage.spent()
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await session.close()
        await face.close()
    if reel.problem or any(frame.packet is None for frame in reel.frames):
        raise EngineError("lips bench", reel.problem or "a slot had no picture", "try again on a quieter machine")
    return _spoken(reel.frames)


def _spoken(frames: Sequence[Frame]) -> Spoken:
    shapes = [shape for frame in frames for shape in frame.visemes]
    return Spoken(
        tuple(frame.pts for frame in frames),
        tuple(frame.packet for frame in frames if frame.packet is not None),
        np.concatenate([frame.pcm for frame in frames]),
        tuple(meant_closures(shapes, frames[-1].pts + SLOT)),
    )
