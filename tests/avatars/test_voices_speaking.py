"""When a voice fails, the next takes over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import numpy as np
import pytest

from avatars.voices.speaking import Speaking
from visavis.clock import LoopClock, run_virtual
from visavis.contracts.tts import check_speech, check_tts
from visavis.engines import Capabilities, Style
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts
from visavis.words import SpeechChunk

TEXT = "We open at nine every day"


async def spoken(voice: Speaking, text: str = TEXT) -> list[SpeechChunk]:
    return [chunk async for chunk in voice.speak(text, Style())]


def samples(speech: list[SpeechChunk]) -> int:
    return sum(len(chunk.pcm) for chunk in speech)


def words(speech: list[SpeechChunk]) -> list[str]:
    return [word.text for chunk in speech for word in chunk.words]


def test_the_first_voice_speaks_alone_when_it_can() -> None:
    async def main() -> None:
        first, second = FakeTts(), FakeTts()
        speech = await spoken(Speaking([first, second]))
        assert samples(speech) == samples(first.whole(TEXT))
        assert len(first.spoken) == 1
        assert second.spoken == []

    run_virtual(main())


def test_a_voice_that_fails_before_any_sound_is_replaced_at_once() -> None:
    async def main() -> None:
        first, second = FakeTts(fail_after=0), FakeTts()
        speech = await spoken(Speaking([first, second]))
        assert samples(speech) == samples(second.whole(TEXT))
        assert LoopClock().now() == 0.0

    run_virtual(main())


def test_a_voice_that_does_not_begin_is_left_after_two_seconds() -> None:
    async def main() -> None:
        first, second = FakeTts(stall_after=0), FakeTts()
        speech = await spoken(Speaking([first, second]))
        assert LoopClock().now() == 2.0
        assert samples(speech) == samples(second.whole(TEXT))
        assert first.active == 0

    run_virtual(main())


def test_a_slow_voice_within_its_limits_is_kept() -> None:
    async def main() -> None:
        first, second = FakeTts(first_delay_s=1.9, chunk_delay_s=1.9), FakeTts()
        speech = await spoken(Speaking([first, second]))
        assert samples(speech) == samples(first.whole(TEXT))
        assert second.spoken == []

    run_virtual(main())


@pytest.mark.parametrize("broken", [FakeTts(fail_after=2), FakeTts(stall_after=2)], ids=["fails", "stalls"])
def test_after_sound_the_next_voice_goes_on_from_the_unfinished_word(broken: FakeTts) -> None:
    """Two chunks are eight characters: "We open ", and "at" is next."""

    async def main() -> None:
        second = FakeTts()
        speech = await spoken(Speaking([broken, second]))
        assert second.spoken == [("at nine every day", Style())]
        assert words(speech) == ["We", "open", "at", "nine", "every", "day"]
        check_speech(speech, TEXT, word_times=True)
        assert LoopClock().now() == (2.0 if broken.stall_after else 0.0)

    run_virtual(main())


def test_a_word_that_was_cut_is_said_again() -> None:
    async def main() -> None:
        first, second = FakeTts(fail_after=1, chunk=6_000), FakeTts()
        speech = await spoken(Speaking([first, second]))
        assert second.spoken == [("open at nine every day", Style())]
        assert words(speech)[:4] == ["We", "open", "open", "at"]
        check_speech(speech, TEXT, word_times=True)

    run_virtual(main())


def test_when_all_fail_the_error_names_each() -> None:
    async def main() -> None:
        voice = Speaking([FakeTts(fail_after=0), FakeTts(stall_after=0)])
        with pytest.raises(EngineError, match=r"every voice failed: .*chunk 0 fails.*nothing was heard for 2 s"):
            await spoken(voice)

    run_virtual(main())


class Breaking:
    """A voice with a bug, and without word times."""

    capabilities = Capabilities()
    version = "breaking"

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        for _ in range(self.chunks):
            yield SpeechChunk(np.ones(2_400, np.int16))
        raise RuntimeError("a bug")

    async def close(self) -> None: ...


def test_a_bug_in_a_voice_counts_as_a_failure() -> None:
    async def main() -> None:
        second = FakeTts()
        assert words(await spoken(Speaking([Breaking(0), second])))[0] == "We"

    run_virtual(main())


def test_without_word_times_nothing_is_said_twice() -> None:
    async def main() -> None:
        second = FakeTts()
        with pytest.raises(EngineError, match="a bug"):
            await spoken(Speaking([Breaking(1), second]))
        assert second.spoken == []

    run_virtual(main())


@pytest.mark.parametrize(("heard", "begins_anew"), [(2, True), (1_199, True), (1_200, False)])
def test_after_hardly_any_sound_the_next_voice_begins_anew(heard: int, begins_anew: bool) -> None:
    class Dripping(FakeTts):
        async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
            yield SpeechChunk(np.zeros(heard, np.int16))
            raise EngineError("voice", "it broke off")

    async def main() -> None:
        second = FakeTts()
        voice = Speaking([Dripping(), second])
        if not begins_anew:
            with pytest.raises(EngineError, match="broke off"):
                await spoken(voice)
            return
        speech = await spoken(voice)
        assert words(speech) == TEXT.split()
        assert samples(speech) == heard + samples(second.whole(TEXT))

    run_virtual(main())


def test_a_voice_that_failed_comes_last_for_a_while() -> None:
    async def main() -> None:
        first, second = FakeTts(stall_after=0), FakeTts()
        voice = Speaking([first, second])
        await spoken(voice)
        first.stall_after = None
        await spoken(voice)
        assert len(first.spoken) == 1
        await asyncio.sleep(30)
        await spoken(voice)
        assert len(first.spoken) == 2
        assert len(second.spoken) == 2

    run_virtual(main())


def test_closing_early_stops_the_voice() -> None:
    async def main() -> None:
        first = FakeTts(chunk_delay_s=0.1)
        voice = Speaking([first])
        speech = voice.speak(TEXT, Style())
        await anext(speech)
        await speech.aclose()
        assert first.active == 0
        assert len(asyncio.all_tasks()) == 1

    run_virtual(main())


class Stubborn(FakeTts):
    """A voice that takes a second to stop."""

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        try:
            async for chunk in super().speak(text, style):
                yield chunk
        finally:
            await asyncio.sleep(1)


def test_a_turn_that_ends_while_a_voice_is_being_left_stays_ended() -> None:
    async def main() -> None:
        second = FakeTts()
        turn = asyncio.create_task(spoken(Speaking([Stubborn(stall_after=0), second])))
        await asyncio.sleep(2.5)
        turn.cancel()
        await asyncio.wait([turn])
        assert turn.cancelled()
        assert second.spoken == []

    run_virtual(main())


def test_a_listener_who_takes_its_time_is_no_failure() -> None:
    async def main() -> None:
        first, second = FakeTts(), FakeTts()
        async for _ in Speaking([first, second]).speak(TEXT, Style()):
            await asyncio.sleep(60)
        assert second.spoken == []

    run_virtual(main())


def test_it_is_a_voice_itself() -> None:
    run_virtual(check_tts(Speaking([FakeTts(fail_after=0), FakeTts()]), TEXT, "en"))


def test_it_needs_a_voice() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Speaking([])


def test_each_voice_may_have_limits_of_its_own() -> None:
    async def main() -> None:
        patient, hasty = FakeTts(stall_after=0), FakeTts(stall_after=2)
        voice = Speaking([patient, hasty, FakeTts()], limits=[(5.0, 1.0), (1.0, 0.5), (2.0, 2.0)])
        speech = await spoken(voice)
        assert LoopClock().now() == 5.5
        assert list(dict.fromkeys(words(speech))) == TEXT.split()

    run_virtual(main())
