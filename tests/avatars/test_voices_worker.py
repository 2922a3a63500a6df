"""The built-in voice in a process of its own, as the product runs it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from avatars.voices.espeak import EspeakTts
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.contracts.tts import check_speech, check_tts, read
from visavis.engines import Context, Style
from visavis.errors import EngineError

TEXT = "Welcome to the museum; it is good to see you."


@pytest.fixture
async def launcher() -> AsyncIterator[LocalLauncher]:
    launcher = LocalLauncher(LoopClock())
    yield launcher
    await launcher.close()


@pytest.mark.parametrize(("language", "text"), [("en", TEXT), ("zh", "您好，Peter 先生，欢迎光临！")])
async def test_it_keeps_the_contract(launcher: LocalLauncher, language: str, text: str) -> None:
    await check_tts(await EspeakTts.open(Context(language, launcher, Path())), text, language)


async def test_a_long_text_that_nobody_hears_out_delays_no_other(launcher: LocalLauncher) -> None:
    tts = await EspeakTts.open(Context("en", launcher, Path()))
    long = [tts.speak("We open at nine. " * 500, Style()) for _ in range(4)]
    for speech in long:
        await anext(speech)
    check_speech(await read(tts, TEXT), TEXT, word_times=True)
    for speech in long:
        await speech.aclose()  # type: ignore[attr-defined]


async def test_a_worker_that_dies_fails_its_speech_and_is_started_again(launcher: LocalLauncher) -> None:
    tts = await EspeakTts.open(Context("en", launcher, Path()))
    speech = tts.speak("We open at nine. " * 500, Style())
    await anext(speech)
    pool = tts._pool
    (pid,) = pool.pids  # type: ignore[attr-defined]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineError) as caught:
        async for _ in speech:
            pass
    assert caught.value.retryable
    for _ in range(1_000):
        if pool.alive:  # type: ignore[attr-defined]
            break
        await asyncio.sleep(0.01)
    check_speech(await read(tts, TEXT), TEXT, word_times=True)
