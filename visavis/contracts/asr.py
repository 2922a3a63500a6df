"""What every recogniser must do: `await check_asr(asr, pcm, expected)`."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import AsyncIterator

import numpy as np

from visavis.engines import Asr, Transcript
from visavis.words import Pcm

_PIECE_S = 0.032


async def check_asr(asr: Asr, pcm: Pcm, expected: str, *, alike: float = 1.0) -> None:
    """Check an opened engine with one recording at its own rate, and close it. Raises AssertionError.

    `expected` is what is said in it; at least the share `alike` of its words, marks and case apart, must be heard.
    """
    await _hears(asr, pcm, expected, alike)
    await _hears_nothing(asr)
    await _can_be_left(asr, pcm)
    await _hears(asr, pcm, expected, alike)
    heard = await asyncio.gather(_final(asr, pcm), _final(asr, pcm))
    assert heard[0].text == heard[1].text, f"two at once heard {heard[0].text!r} and {heard[1].text!r}"
    await _bears_any_sound(asr)
    await asr.close()
    await asr.close()


async def _hears(asr: Asr, pcm: Pcm, expected: str, alike: float) -> None:
    transcripts = [transcript async for transcript in asr.transcribe(_pieces(asr, pcm))]
    finals = [transcript for transcript in transcripts if transcript.final]
    assert len(finals) == 1, f"one final transcript is due, {len(finals)} came"
    assert transcripts[-1].final, "nothing may follow the final transcript"
    _well_formed(finals[0], len(pcm) / asr.capabilities.sample_rate)
    wanted, got = _words(expected), _words(finals[0].text)
    share = sum(word in got for word in wanted) / max(1, len(wanted))
    assert share >= alike, f"heard {finals[0].text!r}, {share:.0%} of {expected!r}"


async def _hears_nothing(asr: Asr) -> None:
    """No sound at all still ends in a final transcript."""
    final = await _final(asr, np.zeros(0, np.int16))
    assert final.final


async def _bears_any_sound(asr: Asr) -> None:
    """Silence, a click, sound that is clipped throughout, an offset, noise: one final transcript each."""
    hz = asr.capabilities.sample_rate
    rng = np.random.default_rng(0)
    square = np.where(np.arange(hz // 2) // 40 % 2, 32_767, -32_768)
    sounds = {
        "silence": np.zeros(hz // 2),
        "a single sample": np.full(1, 12_000),
        "clipped sound": square,
        "an offset": np.full(hz // 2, 20_000),
        "noise": rng.normal(0, 3_000, hz // 2),
    }
    for what, sound in sounds.items():
        try:
            final = await _final(asr, sound.astype(np.int16))
        except Exception as error:
            raise AssertionError(f"{what} broke it: {error!r}") from error
        assert final.final, f"{what} has no final transcript"
        _well_formed(final, len(sound) / hz)


def _well_formed(final: Transcript, seconds: float) -> None:
    assert math.isfinite(final.confidence), "a confidence is a number"
    assert 0.0 <= final.confidence <= 1.0, "a confidence lies between 0 and 1"
    assert final.text == final.text.strip(), "a transcript has no space around it"
    for text, score in final.alternatives:
        assert text, "an alternative without text"
        assert math.isfinite(score), "an alternative's score is a number"
    starts = [word.start for word in final.words]
    assert starts == sorted(starts), "the words' times go on"
    for word in final.words:
        assert word.text.strip(), "a word without text"
        assert 0.0 <= word.start <= word.end, f"{word} ends before it begins"
        assert word.start <= seconds + 1.0, f"{word} begins after the sound of {seconds:.1f} s"


async def _can_be_left(asr: Asr, pcm: Pcm) -> None:
    """Who closes the iterator early leaves nothing running."""
    before = asyncio.all_tasks()
    replies = asr.transcribe(_endless(asr, pcm))
    reading = asyncio.ensure_future(anext(replies))
    await asyncio.wait([reading], timeout=0.5)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    await replies.aclose()  # type: ignore[attr-defined]
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    assert not left, f"tasks left behind: {left}"


async def _final(asr: Asr, pcm: Pcm) -> Transcript:
    transcripts = [transcript async for transcript in asr.transcribe(_pieces(asr, pcm))]
    assert transcripts, "an utterance without a transcript"
    return transcripts[-1]


async def _pieces(asr: Asr, pcm: Pcm) -> AsyncIterator[Pcm]:
    size = round(asr.capabilities.sample_rate * _PIECE_S)
    for at in range(0, len(pcm), size):
        yield pcm[at : at + size]


async def _endless(asr: Asr, pcm: Pcm) -> AsyncIterator[Pcm]:
    async for piece in _pieces(asr, pcm):
        yield piece
    await asyncio.Event().wait()


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())
