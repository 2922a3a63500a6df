"""The fake voice keeps the contract, and the contract finds what is wrong."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace

import numpy as np
import pytest

from visavis.clock import LoopClock, run_virtual
from visavis.contracts.tts import check_tts, read
from visavis.engines import Style
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts
from visavis.words import SpeechChunk, TimedViseme, TimedWord, Viseme


@pytest.mark.parametrize(("text", "language"), [("Hello there, good world.", "en"), ("你好，Peter 先生！", "zh")])
def test_the_fake_keeps_the_contract(text: str, language: str) -> None:
    run_virtual(check_tts(FakeTts(first_delay_s=0.3, chunk_delay_s=0.1), text, language))


def test_its_times_are_known_beforehand() -> None:
    (chunk,) = FakeTts(per_character=100).whole("ma b")
    assert len(chunk.pcm) == 500
    assert [(v.start, v.viseme.value) for v in chunk.visemes] == [
        (0, "PP"), (100, "aa"), (200, "sil"), (300, "PP"), (400, "sil"),
    ]  # fmt: skip
    assert chunk.words == (TimedWord(0, 200, "ma", 0), TimedWord(300, 400, "b", 3))
    assert not chunk.pcm[200:300].any()


def test_its_delays_are_exact() -> None:
    async def main() -> None:
        clock, times = LoopClock(), []
        async for _ in FakeTts(first_delay_s=0.3, chunk_delay_s=0.1).speak("twelve chars", Style()):
            times.append(clock.now())
        assert times == pytest.approx([0.3, 0.4, 0.5, 0.6])

    run_virtual(main())


def test_it_fails_as_scripted() -> None:
    async def main() -> None:
        fake = FakeTts(fail_after=1)
        speech = fake.speak("hello world", Style())
        await anext(speech)
        with pytest.raises(EngineError, match="chunk 1 fails"):
            await anext(speech)
        assert fake.active == 0

    run_virtual(main())


class Spoiled(FakeTts):
    """A voice whose every chunk is spoiled in one way."""

    def __init__(self, spoil: Callable[[SpeechChunk], SpeechChunk]) -> None:
        super().__init__()
        self._spoil = spoil

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        for chunk in await read(FakeTts(), text):
            yield self._spoil(chunk)


def later(chunk: SpeechChunk) -> SpeechChunk:
    return replace(chunk, words=tuple(replace(word, at=word.at + 1) for word in chunk.words))


def open_mouth(chunk: SpeechChunk) -> SpeechChunk:
    return replace(chunk, visemes=tuple(TimedViseme(v.start, Viseme.AA) for v in chunk.visemes))


def restarted(chunk: SpeechChunk) -> SpeechChunk:
    return replace(chunk, visemes=(TimedViseme(0, Viseme.PP),))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda c: replace(c, pcm=c.pcm.astype(np.float32)), "not int16"),
        (lambda c: replace(c, pcm=c.pcm[:, None]), "not one dimension"),
        (lambda c: replace(c, visemes=()), "no viseme"),
        (lambda c: replace(c, words=()), "only 0 words"),
        (later, "points at"),
        (open_mouth, "not silence"),
        (restarted, "comes after the sound"),
    ],
)
def test_the_contract_says_what_is_wrong(spoil: Callable[[SpeechChunk], SpeechChunk], complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        run_virtual(check_tts(Spoiled(spoil), "Hello there, good world.", "en"))
