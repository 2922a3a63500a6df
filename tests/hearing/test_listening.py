"""What a client does with its microphone: every commit gets its answer, whatever was in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from runtime.hearing.ears import Ears
from runtime.hearing.heard import Broken, Failed, Heard, Mended, Noise, Sound, VoiceBegan, VoiceEnded
from runtime.listening import REST_S, Listening
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.asr import FakeAsr
from visavis.fakes.vad import LoudVad, sounding

RATE = 16_000
CHUNK = 512


class Visitor:
    """A client at 16 kHz, and everything that its ears told."""

    def __init__(self, *said: str) -> None:
        self.told: list[Sound] = []
        clock = LoopClock()
        self.listening = Listening(partial(self._ears, FakeAsr(*said), clock), self.told.append, clock)
        self.made: list[Ears] = []

    def _ears(self, asr: FakeAsr, clock: LoopClock, tell: Callable[[Sound], None], rate: int, mode: str) -> Ears:
        self.made.append(Ears(asr, tell, clock=clock, input_rate=rate, vad=LoudVad(), mode=mode))  # type: ignore[arg-type]
        return self.made[-1]

    async def sends(self, seconds: float, probability: float = 1.0, rate: int = RATE) -> None:
        sound = sounding(seconds, probability)
        for at in range(0, len(sound), CHUNK):
            await asyncio.sleep(CHUNK / RATE)
            self.listening.push(sound[at : at + CHUNK], rate)

    def outcomes(self) -> list[type[Sound]]:
        return [type(told) for told in self.told if isinstance(told, Heard | Noise | Failed | Broken | Mended)]


def listen(visitor: Callable[[], Visitor], script: Callable[[Visitor], Awaitable[None]]) -> Visitor:
    async def main() -> Visitor:
        made = visitor()
        running = asyncio.create_task(made.listening.run())
        await script(made)
        await asyncio.sleep(0.2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return made

    return run_virtual(main())


@pytest.mark.parametrize("seconds", [0.5, 25])
@pytest.mark.parametrize(("probability", "outcome"), [(1.0, Heard), (0.0, Noise)])
def test_after_a_commit_has_its_answer_nothing_is_being_transcribed(
    seconds: float, probability: float, outcome: type[Sound]
) -> None:
    async def talk(visitor: Visitor) -> None:
        visitor.listening.hands_free(False)
        visitor.listening.press()
        await visitor.sends(seconds, probability)
        assert visitor.listening.release()
        assert visitor.listening.transcribing

    visitor = listen(lambda: Visitor("where is the exit"), talk)
    assert visitor.outcomes()[0] is outcome
    assert not visitor.listening.transcribing


def test_a_commit_without_sound_is_refused() -> None:
    async def talk(visitor: Visitor) -> None:
        assert not visitor.listening.release()
        visitor.listening.press()
        assert not visitor.listening.release()

    assert listen(Visitor, talk).told == []


def test_another_rate_makes_other_ears_and_ends_what_was_being_heard() -> None:
    async def talk(visitor: Visitor) -> None:
        await visitor.sends(0.64)
        await visitor.sends(0.64, rate=24_000)
        assert len(visitor.made) == 2

    visitor = listen(lambda: Visitor("hello", "hello"), talk)
    kinds = [type(told) for told in visitor.told if isinstance(told, VoiceBegan | VoiceEnded | Noise)]
    assert kinds[:3] == [VoiceBegan, VoiceEnded, Noise]


def test_what_is_forgotten_is_never_told_as_words() -> None:
    async def talk(visitor: Visitor) -> None:
        await visitor.sends(0.64)
        visitor.listening.forget()
        await visitor.sends(0.64, 0.0)

    assert Heard not in listen(lambda: Visitor("a secret"), talk).outcomes()


def test_ears_that_break_are_told_of_and_made_again_after_a_rest() -> None:
    async def talk(visitor: Visitor) -> None:
        await visitor.sends(0.1)
        visitor.made[0]._tell = lambda sound: 1 / 0  # type: ignore[assignment,return-value]
        await visitor.sends(0.64)
        assert visitor.outcomes() == [Noise, Broken]
        await asyncio.sleep(REST_S)
        await visitor.sends(0.64)
        await visitor.sends(1.6, 0.0)

    visitor = listen(lambda: Visitor("lost", "hello"), talk)
    assert visitor.outcomes() == [Noise, Broken, Mended, Heard]
    assert len(visitor.made) == 2
