"""Whatever a recogniser does and whatever is heard: one utterance fails or is nothing, and the ears go on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_ears import Room, hear, silence

from runtime.hearing.ears import FINAL_S
from runtime.hearing.heard import Failed, Heard, Noise, VoiceBegan, VoiceEnded
from visavis.engines import Capabilities, Transcript
from visavis.fakes.vad import sounding
from visavis.words import Pcm

Gives = Callable[[AsyncIterator[Pcm]], Any]


class Odd:
    """A recogniser that does something else the first time, and hears `fine` afterwards."""

    capabilities = Capabilities(sample_rate=16_000)

    def __init__(self, first: Gives) -> None:
        self._first: Gives | None = first
        self.open_now = 0

    def transcribe(self, audio: AsyncIterator[Pcm]) -> Any:
        first, self._first = self._first, None
        return self._fine(audio) if first is None else first(audio)

    async def _fine(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        async for _ in audio:
            pass
        yield Transcript("fine again", True)

    async def close(self) -> None: ...


def giving(*replies: Any) -> Gives:
    async def give(audio: AsyncIterator[Pcm]) -> AsyncIterator[Any]:
        async for _ in audio:
            pass
        for reply in replies:
            yield reply

    return give


async def forever(audio: AsyncIterator[Pcm]) -> AsyncIterator[Any]:
    while True:
        yield Transcript("on and on", False)


async def never(audio: AsyncIterator[Pcm]) -> AsyncIterator[Any]:
    await asyncio.Event().wait()
    yield Transcript("", True)


async def breaks(audio: AsyncIterator[Pcm]) -> AsyncIterator[Any]:
    raise ZeroDivisionError
    yield


FAULTS: dict[str, Gives] = {
    "nothing": giving(),
    "none": giving(None),
    "a text alone": giving("hello"),
    "no text": giving(Transcript(None, True)),  # type: ignore[arg-type]
    "a partial without text": giving(Transcript(7, False), Transcript("x", True)),  # type: ignore[arg-type]
    "a book": giving(Transcript("word " * 10_000, True)),
    "partials alone": giving(Transcript("a", False)),
    "no iterator": lambda audio: None,
    "endless partials": forever,
    "silence": never,
    "an exception": breaks,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_one_utterance(fault: str) -> None:
    def room() -> Room:
        made = Room()
        made.asr = made.ears._asr = Odd(FAULTS[fault])  # type: ignore[assignment]
        return made

    async def script(room: Room) -> None:
        await room.play(sounding(0.96), silence(FINAL_S + 1.5))
        assert [type(each) for each in room.told if isinstance(each, Heard | Noise | Failed)] == [Failed]
        await room.play(sounding(0.96), silence(0.96))

    told = hear(room, script)
    assert len(told.all(VoiceBegan)) == len(told.all(VoiceEnded)) == 2
    assert [heard.utterance.text for heard in told.all(Heard)] == ["fine again"]


@pytest.mark.parametrize("confidence", [float("nan"), float("inf"), -1.0, 7.0, None, "high"])
def test_a_confidence_that_is_none_is_not_believed(confidence: Any) -> None:
    def room() -> Room:
        made = Room()
        made.asr = made.ears._asr = Odd(giving(Transcript("hello there", True, confidence)))  # type: ignore[assignment]
        return made

    told = hear(room, lambda room: room.play(sounding(0.96), silence(0.96)))
    assert told.all(Heard) == []
    assert [noise.why for noise in told.all(Noise)] == ["no words"]


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_the_recogniser_gets_its_own_rate_whatever_comes_in(rate: int) -> None:
    told = hear(
        lambda: Room("hello there", input_rate=rate),
        lambda room: room.play(silence(0.64), sounding(0.96), silence(1.28), rate=rate),
    )
    assert [heard.utterance.text for heard in told.all(Heard)] == ["hello there"]
    (sound,) = told.asr.heard
    loud = np.abs(np.concatenate(sound).astype(np.int32)) > 100
    assert np.count_nonzero(loud) == pytest.approx(0.96 * 16_000, rel=0.05)


def test_clipped_sound_reaches_the_recogniser_without_turning_over() -> None:
    clipped = np.where(np.arange(16_000) % 60 < 48, 32_767, -32_768).astype(np.int16)
    told = hear(
        lambda: Room("hello there", input_rate=48_000), lambda room: room.play(clipped, silence(1.28), rate=48_000)
    )
    assert [heard.utterance.text for heard in told.all(Heard)] == ["hello there"]
    sound = np.concatenate(told.asr.heard[0]).astype(float)[: len(clipped)]
    assert np.corrcoef(sound[500:15_000], clipped[500:15_000])[0, 1] > 0.9
