"""What every voice must do: `await check_tts(tts, "Hello there, world.", "en")` in a test of your own.

An AssertionError says what the contract asks for. The voice must be open, and idle.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import numpy as np

from visavis.engines import Style, Tts
from visavis.words import RATE, SpeechChunk, Viseme

OTHER = {"en": "Seven quick foxes jump over nine lazy dogs.", "zh": "七只狐狸跳过九条懒狗。"}
"""A second text for each language, spoken beside the first."""
EMPTY = ("", "   \n\t", "...", "。！", "\x00\x07\u202e", "\ud800")
"""Texts with nothing to say."""
AHEAD = RATE
"""How far the visemes and words of a chunk may run past its end."""


async def check_tts(tts: Tts, text: str, language: str) -> None:
    """Run every check on `tts` with `text`, which holds at least three words of `language`."""
    assert tts.version, "version is empty: it must change whenever the sound would"
    assert tts.capabilities.speaks(language), f"capabilities.languages does not hold {language!r}"
    speech = await read(tts, text)
    check_speech(speech, text, word_times=tts.capabilities.word_times)
    await check_nothing_to_say(tts)
    await check_closing_early(tts, text)
    await check_two_at_once(tts, text, OTHER.get(language.split("-")[0], OTHER["en"]))


async def read(tts: Tts, text: str) -> list[SpeechChunk]:
    """The whole speech of `text` in a neutral style."""
    return [chunk async for chunk in tts.speak(text, Style())]


def check_speech(speech: Sequence[SpeechChunk], text: str, *, word_times: bool) -> None:
    """The sound, the mouth shapes and the words of one whole sentence."""
    assert sum(len(chunk.pcm) for chunk in speech) > RATE // 10, "less than 100 ms was spoken"
    sent = 0
    for chunk in speech:
        assert chunk.pcm.dtype == np.int16, f"pcm is {chunk.pcm.dtype}, not int16"
        assert chunk.pcm.ndim == 1, f"pcm has the shape {chunk.pcm.shape}, not one dimension"
        starts = [v.start for v in chunk.visemes] + [w.start for w in chunk.words]
        assert all(start >= sent for start in starts), "a viseme or word comes after the sound that it belongs to"
        sent += len(chunk.pcm)
        assert all(start <= sent + AHEAD for start in starts), "a viseme or word comes over a second early"
    _check_visemes(speech, sent)
    if word_times:
        _check_words(speech, sent, text)


def _check_visemes(speech: Sequence[SpeechChunk], total: int) -> None:
    visemes = [v for chunk in speech for v in chunk.visemes]
    starts = [v.start for v in visemes]
    assert visemes, "there is no viseme"
    assert starts[0] <= RATE // 20, "the first viseme comes later than 50 ms"
    assert starts == sorted(starts), "the visemes are not sorted"
    assert starts[-1] <= total, "a viseme lies behind the end of the sound"
    assert visemes[-1].viseme is Viseme.SIL, "the last viseme is not silence"
    assert len({v.viseme for v in visemes}) > 2, "the mouth does not move"


def _check_words(speech: Sequence[SpeechChunk], total: int, text: str) -> None:
    words = [w for chunk in speech for w in chunk.words]
    starts = [w.start for w in words]
    assert len(words) >= 3, f"only {len(words)} words are timed"
    assert starts == sorted(starts), "the words are not sorted"
    assert all(0 <= w.start <= w.end <= total for w in words), "a word lies outside the sound, or ends before it starts"
    for word in words:
        there = text[word.at : word.at + len(word.text)]
        assert word.text, "a word has no text"
        assert there == word.text, f"`at` of {word.text!r} points at {there!r}"


async def check_nothing_to_say(tts: Tts) -> None:
    """A text without a word gives no sound or silence, and leaves the voice well."""
    for text in EMPTY:
        speech = await read(tts, text)
        assert sum(len(chunk.pcm) for chunk in speech) < 3 * RATE, f"{text!r} is spoken for over 3 s"


async def check_closing_early(tts: Tts, text: str) -> None:
    """Closing the iterator after the first chunk, or before it, harms nothing that follows."""
    expected = sum(len(chunk.pcm) for chunk in await read(tts, text))
    for chunks in (0, 1):
        for _ in range(3):
            speech = tts.speak(text, Style())
            for _ in range(chunks):
                await anext(speech)
            await _close(speech)
    got = sum(len(chunk.pcm) for chunk in await read(tts, text))
    assert abs(got - expected) < 0.2 * expected, "after closing early the same text has another length"


async def check_two_at_once(tts: Tts, first: str, second: str) -> None:
    """Two sentences that are spoken at once keep apart."""
    alone = [await read(tts, text) for text in (first, second)]
    both = await asyncio.gather(read(tts, first), read(tts, second))
    for text, apart, beside in zip((first, second), alone, both, strict=True):
        check_speech(beside, text, word_times=tts.capabilities.word_times)
        lengths = [sum(len(chunk.pcm) for chunk in speech) for speech in (apart, beside)]
        assert abs(lengths[0] - lengths[1]) < 0.2 * lengths[0], "beside another one a sentence has another length"


async def _close(speech: AsyncIterator[SpeechChunk]) -> None:
    close = getattr(speech, "aclose", None)
    assert close is not None, "speak() must return an iterator with aclose(), as an async generator has"
    await close()
