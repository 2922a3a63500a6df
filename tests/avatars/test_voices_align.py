"""Words and mouth shapes for voices that give sound alone: their sound laid beside espeak-ng's speech."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.align import Aligner
from avatars.voices.align_path import Path as Way
from avatars.voices.align_sound import HOP, Spectra, steady
from avatars.voices.espeak import EspeakTts
from visavis.contracts.tts import check_tts, read
from visavis.engines import Capabilities, Context, Style
from visavis.errors import EngineError
from visavis.fakes.launcher import InlineLauncher
from visavis.words import RATE, Pcm, SpeechChunk, TimedWord

ENGLISH = "My mother may remember the number, but Peter will not."
SHORT = "Peter remembers the number."
Change = Callable[[Pcm], list[Pcm]]


def context(language: str = "en") -> Context:
    return Context(language, InlineLauncher(), Path())


def in_chunks(pcm: Pcm, size: int = 2400) -> list[Pcm]:
    return [pcm[at : at + size] for at in range(0, len(pcm), size)]


class Borrowed:
    """A voice that gives sound alone: another voice of espeak-ng, slower and deeper, whose true times are known."""

    capabilities = Capabilities(("en", "zh"), word_times=True)
    version = "borrowed"

    def __init__(self, espeak: EspeakTts, aligner: Aligner, *, live: bool, change: Change = in_chunks) -> None:
        self.espeak, self.aligner, self.live, self.change = espeak, aligner, live, change
        self.given = 0
        self.whole: Pcm = np.zeros(0, np.int16)

    async def sound(self, text: str) -> AsyncIterator[Pcm]:
        self.whole = np.concatenate([chunk.pcm for chunk in await read(self.espeak, text)])
        for part in self.change(self.whole):
            self.given += 1
            yield part

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        async for chunk in self.aligner.speak(text, self.sound, live=self.live):
            yield chunk

    async def close(self) -> None:
        await self.aligner.close()


@asynccontextmanager
async def borrowed(
    live: bool = True, change: Change = in_chunks, language: str = "en", voice: str = "en-gb+m3", rate: int = 130
) -> AsyncIterator[Borrowed]:
    espeak = await EspeakTts.open(context(language), voice=voice, rate=rate)
    aligner = await Aligner.open(context(language), "borrowed")
    yield Borrowed(espeak, aligner, live=live, change=change)
    await espeak.close()
    await aligner.close()


def words_of(speech: list[SpeechChunk]) -> list[TimedWord]:
    return [word for chunk in speech for word in chunk.words]


def sound_of(speech: list[SpeechChunk]) -> Pcm:
    return np.concatenate([chunk.pcm for chunk in speech])


# ── the contract ──
@pytest.mark.parametrize("live", [True, False])
async def test_a_voice_of_sound_alone_keeps_the_contract(live: bool) -> None:
    async with borrowed(live) as voice:
        await check_tts(voice, "Welcome; we are open today.", "en")


async def test_so_does_a_chinese_one() -> None:
    async with borrowed(language="zh", voice="cmn+m3", rate=130) as voice:
        await check_tts(voice, "您好，欢迎光临茶馆！", "zh")


# ── the times ──
@pytest.mark.parametrize("live", [True, False])
async def test_words_and_shapes_are_where_the_voice_has_them(live: bool) -> None:
    async with borrowed(live) as voice:
        true = await read(voice.espeak, ENGLISH)
        found = await read(voice, ENGLISH)
    assert [word.text for word in words_of(found)] == [word.text for word in words_of(true)]
    away = [abs(a.start - b.start) for a, b in zip(words_of(found), words_of(true), strict=True)]
    assert np.median(away) <= 0.03 * RATE
    shapes = {side: [v for chunk in speech for v in chunk.visemes] for side, speech in (("a", found), ("b", true))}
    near = [min(abs(b.start - a.start) for b in shapes["b"] if b.viseme == a.viseme) for a in shapes["a"]]
    assert np.median(near) <= 0.03 * RATE


@pytest.mark.parametrize("live", [True, False])
async def test_a_pause_that_the_text_does_not_ask_for_moves_no_word_behind_it(live: bool) -> None:
    pause = 9_600

    def hesitate(pcm: Pcm) -> list[Pcm]:
        return in_chunks(np.insert(pcm, cut, np.zeros(pause, np.int16)))

    async with borrowed(live, hesitate) as voice:
        true = words_of(await read(voice.espeak, ENGLISH))
        cut = true[3].start
        found = words_of(await read(voice, ENGLISH))
    away = [abs(a.start - b.start - pause * (b.start > cut)) for a, b in zip(found, true, strict=True)]
    assert np.median(away) <= 0.04 * RATE
    assert max(away[5:]) <= 0.15 * RATE


async def test_no_sound_is_lost_and_none_is_added_but_silence() -> None:
    async with borrowed() as voice:
        found, true = sound_of(await read(voice, ENGLISH)), voice.whole
    loud = np.flatnonzero(np.abs(true) > 200)
    assert np.array_equal(found[loud[0] : loud[-1]], true[loud[0] : loud[-1]])
    assert abs(len(found) - len(true)) < RATE // 10


async def test_a_stream_is_passed_on_from_its_first_chunk() -> None:
    async with borrowed() as voice:
        speech = voice.speak(ENGLISH, Style())
        first = await anext(speech)
        assert voice.given == 1
        assert len(first.pcm) > 2000
        assert first.visemes
        await speech.aclose()


async def test_silence_around_the_speech_is_cut() -> None:
    quiet = np.zeros(RATE // 2, np.int16)
    async with borrowed(change=lambda pcm: in_chunks(np.concatenate([quiet, pcm, quiet, quiet]))) as voice:
        found = sound_of(await read(voice, ENGLISH))
    assert abs(len(found) - len(voice.whole)) < RATE // 10


async def test_a_voice_that_answers_whole_is_asked_for_its_first_clause_first() -> None:
    text = "Welcome to the big museum of this town, " + "where there is a lot to see for everybody in every room. "
    async with borrowed(live=False) as voice:
        asked: list[str] = []
        sound = voice.sound

        def listen(piece: str) -> AsyncIterator[Pcm]:
            asked.append(piece)
            return sound(piece)

        voice.sound = listen  # type: ignore[method-assign, assignment]
        words = words_of(await read(voice, text))
    assert asked == ["Welcome to the big museum of this town, ", text[40:]]
    assert [text[word.at : word.at + len(word.text)] for word in words] == [word.text for word in words]
    assert len(words) == len(text.split())


# ── what is no speech of the text ──
def noise(pcm: Pcm) -> list[Pcm]:
    return in_chunks(np.random.default_rng(1).normal(0, 3000, len(pcm)).astype(np.int16))


def tone(pcm: Pcm) -> list[Pcm]:
    return in_chunks((8000 * np.sin(np.arange(len(pcm)) * 0.05)).astype(np.int16))


def concert_pitch(pcm: Pcm) -> list[Pcm]:
    return in_chunks((30_000 * np.sin(np.arange(len(pcm)) * 2 * np.pi * 440 / RATE)).astype(np.int16))


def hum(pcm: Pcm) -> list[Pcm]:
    at = np.arange(len(pcm)) * 2 * np.pi * 50 / RATE
    return in_chunks(sum(6_000 / each * np.sin(at * each) for each in range(1, 20)).astype(np.int16))  # type: ignore[union-attr]


def silence(pcm: Pcm) -> list[Pcm]:
    return in_chunks(np.zeros_like(pcm))


def endless_silence(pcm: Pcm) -> list[Pcm]:
    return in_chunks(np.zeros(4 * RATE, np.int16))


def nothing(pcm: Pcm) -> list[Pcm]:
    return []


def over_and_over(pcm: Pcm) -> list[Pcm]:
    return in_chunks(np.tile(pcm, 9), RATE)


def cut_off(pcm: Pcm) -> list[Pcm]:
    return in_chunks(pcm[: len(pcm) // 4])


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (noise, "noise"),
        (tone, "noise"),
        (concert_pitch, "noise"),
        (hum, "noise"),
        (silence, "nothing but silence c"),
        (endless_silence, "nothing but silence c"),
        (nothing, "nothing but silence c"),
        (over_and_over, "far longer"),
        (cut_off, "ends before the text does"),
    ],
)
async def test_what_is_no_speech_of_the_text_is_one_clear_error(change: Change, problem: str, live: bool) -> None:
    async with borrowed(live, change) as voice:
        with pytest.raises(EngineError, match=problem):
            await read(voice, SHORT)
        voice.change = in_chunks
        assert len(words_of(await read(voice, SHORT))) == 4


async def test_what_broke_off_says_how_far_it_came() -> None:
    async with borrowed(change=cut_off) as voice:
        heard: list[SpeechChunk] = []

        async def listen() -> None:
            async for chunk in voice.speak(ENGLISH, Style()):
                heard.append(chunk)

        with pytest.raises(EngineError, match="ends before"):
            await listen()
    assert [word.text for word in words_of(heard)][:2] == ["My", "mother"]
    assert len(words_of(heard)) < 6


async def test_a_language_without_a_front_end_is_named() -> None:
    aligner = await Aligner.open(context("tlh"), "mine")

    async def sound(text: str) -> AsyncIterator[Pcm]:
        yield np.ones(2400, np.int16)

    with pytest.raises(EngineError, match=r"mine: no times can be given: .*tlh"):
        _ = [chunk async for chunk in aligner.speak("nuqneH", sound, live=True)]


# ── the parts ──
def test_spectra_do_not_depend_on_how_the_sound_was_cut() -> None:
    pcm = np.random.default_rng(2).normal(0, 2000, 9001).astype(np.int16)
    whole, parts = Spectra(), Spectra()
    at_once = np.concatenate([whole.push(pcm), whole.flush()])
    in_parts = np.concatenate([*(parts.push(each) for each in in_chunks(pcm, 77)), parts.flush()])
    assert at_once.shape == (len(pcm) // HOP + 1, 26)
    assert np.allclose(at_once, in_parts)
    assert steady(at_once)


def test_a_path_finds_a_sound_in_itself_at_another_pace() -> None:
    reference = np.repeat(np.random.default_rng(3).normal(0, 3, (40, 26)), 4, axis=0)
    slower = np.repeat(reference, 2, axis=0)
    path = Way(reference, 0.5)
    path.push(slower)
    rows = path.rows(0, len(reference) - 1)
    assert np.abs(rows - np.arange(len(slower)) / 2).max() <= 4
