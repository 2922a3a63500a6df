"""The built-in voice, its service run inside the test's own process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.espeak import EspeakTts
from avatars.voices.shaping import LEVEL_DBFS, voiced_dbfs
from visavis.contracts.tts import check_speech, check_tts, read
from visavis.engines import Context, Message, Style
from visavis.errors import SetupError
from visavis.fakes.launcher import InlineLauncher
from visavis.signal import dbfs, first_above, last_above
from visavis.words import RATE, Emotion, Pcm, SpeechChunk, TimedWord, Viseme

ENGLISH = "Happy Peter may open my big map."
MANDARIN = "您好，我们九点开门。"


@asynccontextmanager
async def espeak(language: str = "en", **options: object) -> AsyncIterator[EspeakTts]:
    tts = await EspeakTts.open(Context(language, InlineLauncher(), Path()), **options)  # type: ignore[arg-type]
    try:
        yield tts
    finally:
        await tts.close()


def pcm_of(speech: Sequence[SpeechChunk]) -> Pcm:
    return np.concatenate([chunk.pcm for chunk in speech])


def words_of(speech: Sequence[SpeechChunk]) -> list[TimedWord]:
    return [word for chunk in speech for word in chunk.words]


def shapes_of(speech: Sequence[SpeechChunk]) -> list[tuple[int, Viseme]]:
    return [(v.start, v.viseme) for chunk in speech for v in chunk.visemes]


async def spoken(tts: EspeakTts, text: str, style: Style | None = None) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.speak(text, style or Style())]


# ── the contract ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Welcome to the museum; it is good to see you."),
        ("en-GB", "We are open until 5, every day but Monday."),
        ("zh", "您好，Peter 先生，欢迎光临我们的茶馆！"),
        ("de", "Guten Tag, wie geht es Ihnen?"),
        ("fr", "Bonjour, je suis très heureuse."),
    ],
)
async def test_it_keeps_the_contract(language: str, text: str) -> None:
    async with espeak(language) as tts:
        await check_tts(tts, text, language)


@pytest.mark.parametrize("voice", ["xx-nope", "en-us+nobody", "../en", "en us", "en+../f2"])
async def test_a_voice_that_is_not_there_is_named(voice: str) -> None:
    with pytest.raises(SetupError, match=r"set tts\.voice"):
        await EspeakTts.open(Context("en", InlineLauncher(), Path()), voice=voice)


async def test_the_version_names_all_that_changes_the_sound() -> None:
    versions = set()
    for options in ({}, {"voice": "en-us+f3"}, {"rate": 150}, {"pitch": 1.1}, {"pitch_range": 1.2}):
        async with espeak(**options) as tts:
            versions.add(tts.version)
    assert len(versions) == 5


def test_the_library_is_loaded_in_the_worker_alone() -> None:
    """It is GPL and process-global."""
    code = "import sys, avatars.voices.espeak; print([m for m in sys.modules if 'espeak_' in m or 'espeakng' in m])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


# ── sound ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh", MANDARIN), ("en", "Sss. Hello.")])
async def test_silence_around_speech_is_trimmed(language: str, text: str) -> None:
    async with espeak(language) as tts:
        pcm = pcm_of(await spoken(tts, text))
    first, last = first_above(pcm, -45), last_above(pcm, -50)
    assert first is not None
    assert last is not None
    assert first <= RATE // 50
    assert RATE * 50 // 1000 <= len(pcm) - last <= RATE * 70 // 1000


@pytest.mark.parametrize("voice", ["en-us", "en-us+male", "en-gb", "cmn", "de", "en-us+f3", "en-us+m3"])
async def test_every_voice_has_the_same_level_and_does_not_clip(voice: str) -> None:
    async with espeak(voice=voice) as tts:
        pcm = pcm_of(await spoken(tts, "1, 2, 3, 4, 5, 6, 7. " * 2))
    assert voiced_dbfs(pcm, RATE) == pytest.approx(LEVEL_DBFS, abs=1.5)
    assert np.abs(pcm.astype(int)).max() < 31_000


async def test_chunks_join_without_a_click() -> None:
    """A jump at a seam would be larger than the jumps within."""
    async with espeak() as tts:
        speech = await spoken(tts, "We are all in a long, low, mellow valley. " * 3)
    pcm = pcm_of(speech).astype(int)
    bends = np.abs(np.diff(pcm, 2))
    seams = np.cumsum([len(chunk.pcm) for chunk in speech])[:-1]
    assert len(seams) > 5
    around = np.concatenate([bends[seam - 2 : seam + 1] for seam in seams])
    assert around.max() <= np.percentile(bends, 99.9)


async def test_the_sound_comes_in_pieces_with_the_shapes_that_follow_it() -> None:
    async with espeak() as tts:
        speech = await spoken(tts, "We are open from nine to five, every day but Monday.")
    assert [len(chunk.pcm) for chunk in speech][:2] == [4_800, 9_600]
    for known, chunk in enumerate(speech[:-1]):
        ahead = max(start for start, _ in shapes_of(speech[: known + 1]))
        assert ahead >= len(pcm_of(speech[: known + 1])), f"chunk {known} of {len(chunk.pcm)} samples looks ahead"


# ── words and shapes ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Hello, the 5 dogs 😀 played well.", "Hello the 5 dogs played well"),
        ("en", "🦕🦖 café 𝒳 naïve", "café naïve"),
        ("en", "Open now - yes. -- Come in", "Open now yes Come in"),
        ("en", "line one\r\n\r\nline two", "line one line two"),
        (
            "en",
            "It costs 5,000 at most, 3.5 kg; don't e-mail Dr. Who.",
            "It costs 5,000 at most 3.5 kg don't e-mail Dr Who",
        ),
        ("zh", "欢迎光临，三百克龙井茶。2026年！", "欢迎 光 临 三百 克 龙井 茶 2026 年"),
        ("zh", "您好，我们 opens 九点。", "您好 我 们 opens 九 点"),
        ("zh", "𠀀字，Ａ１号", "𠀀 字 Ａ１ 号"),
        ("zh", "𠮷野家的茶", "野 家 的 茶"),
    ],
)
async def test_words_point_into_the_original_text(language: str, text: str, expected: str) -> None:
    async with espeak(language) as tts:
        speech = await spoken(tts, text)
    words = words_of(speech)
    assert all(text[word.at : word.at + len(word.text)] == word.text for word in words)
    assert [word for word in expected.split() if word not in [w.text for w in words]] == []


async def test_the_lips_are_shut_while_the_sound_is_stopped() -> None:
    """Of every p, b and m of the sentence: the sound inside the shape is far below the vowels around it."""
    async with espeak() as tts:
        speech = await spoken(tts, "A puppy, a baby, a copper map, a happy hobby, apple pie.")
    pcm, shapes = pcm_of(speech), shapes_of(speech)
    ends = [start for start, _ in shapes[1:]] + [len(pcm)]
    closures = [(start, end) for (start, shape), end in zip(shapes, ends, strict=True) if shape is Viseme.PP]
    assert len(closures) == 11
    shut = [dbfs(pcm[start + 120 : start + (end - start) * 2 // 3]) for start, end in closures]
    assert np.mean(shut) < voiced_dbfs(pcm, RATE) - 10
    assert all(RATE * 25 // 1000 <= end - start <= RATE * 160 // 1000 for start, end in closures), closures


async def test_the_mouth_rests_in_a_pause_and_at_the_end() -> None:
    async with espeak() as tts:
        speech = await spoken(tts, "Yes. No.")
    pcm, shapes = pcm_of(speech), shapes_of(speech)
    rests = [i for i, (_, shape) in enumerate(shapes) if shape is Viseme.SIL]
    assert len(rests) == 2
    assert rests[-1] == len(shapes) - 1
    pause, after = shapes[rests[0]][0], shapes[rests[0] + 1][0]
    assert dbfs(pcm[pause + 480 : after - 480]) < -45
    assert dbfs(pcm[shapes[-1][0] + 240 :]) < -45
    assert len(pcm) - shapes[-1][0] < RATE // 5


async def test_a_long_text_keeps_its_times_over_its_pieces() -> None:
    text = "The museum opens at nine, and the garden at ten. " * 12
    async with espeak() as tts:
        speech = await spoken(tts, text)
    check_speech(speech, text, word_times=True)
    words = [word for word in words_of(speech) if word.text == "museum"]
    assert [word.at for word in words] == [4 + 49 * i for i in range(12)]
    gaps = np.diff([word.start for word in words])
    assert gaps.max() - gaps.min() < RATE // 10


# ── manner ──────────────────────────────────────────────────────────────────────────────────────────
def f0(pcm: Pcm) -> float:
    """The pitch in Hz, by autocorrelation over the whole, from 70 to 500 Hz."""
    spectrum = np.abs(np.fft.rfft(pcm.astype(float), 2 * len(pcm))) ** 2
    match = np.fft.irfft(spectrum)[RATE // 500 : RATE // 70]
    return RATE / (RATE // 500 + int(match.argmax()))


async def test_style_changes_speed_pitch_and_level() -> None:
    async with espeak(pitch_range=0.5) as tts:
        plain = pcm_of(await spoken(tts, ENGLISH))
        fast = pcm_of(await spoken(tts, ENGLISH, Style(rate=1.4)))
        high = pcm_of(await spoken(tts, ENGLISH, Style(pitch=1.3)))
        soft = pcm_of(await spoken(tts, ENGLISH, Style(energy=0.5)))
    assert len(fast) < 0.8 * len(plain)
    assert f0(high) == pytest.approx(1.3 * f0(plain), rel=0.12)
    assert voiced_dbfs(soft, RATE) == pytest.approx(voiced_dbfs(plain, RATE) - 6, abs=1.0)


async def test_every_emotion_has_its_prosody() -> None:
    async with espeak() as tts:
        lengths = {emotion: len(pcm_of(await spoken(tts, ENGLISH, Style(emotion)))) for emotion in Emotion}
    assert lengths[Emotion.HAPPY] < lengths[Emotion.NEUTRAL] < lengths[Emotion.SORRY] < lengths[Emotion.SAD]


@pytest.mark.parametrize("style", [Style(rate=1e9, pitch=1e9, energy=1e9), Style(rate=0, pitch=0, energy=-1)])
async def test_a_style_out_of_reason_is_kept_within_it(style: Style) -> None:
    async with espeak() as tts:
        await spoken(tts, "Hello there.", style)
        check_speech(await spoken(tts, ENGLISH), ENGLISH, word_times=True)


# ── bad text ────────────────────────────────────────────────────────────────────────────────────────
BAD = [
    "", " ", "\n", "...!?", "。，！", "😀👍🏽", "\x00\x01\x02", "\ud83d", "\u202e\u200b\ufeff", "[[h@l'oU]]",
    "<speak>Hi <audio src='file:///etc/passwd'/></speak>", "<mark name='x'/>", "</speak><break time='999s'/>",
    "&lt;&amp;&#0;", "a\x00b", "x" * 10_000, "好" * 3_000, "a\u0301" * 500, "-" * 5_000, "1" * 400, "e.g. i.e. ... ,,,",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
async def test_bad_text_does_no_harm(text: str) -> None:
    async with espeak() as tts:
        speech = tts.speak(text, Style())
        heard = 0
        async for chunk in speech:
            heard += len(chunk.pcm)
            assert all(text[w.at : w.at + len(w.text)] == w.text for w in chunk.words)
            if heard > 60 * RATE:
                break
        await speech.aclose()  # type: ignore[attr-defined]
        check_speech(await spoken(tts, ENGLISH), ENGLISH, word_times=True)


async def test_ten_thousand_characters_are_spoken_to_their_end() -> None:
    text = ("We open at nine. " * 600)[:10_000]
    async with espeak(rate=450) as tts:
        speech = await read(tts, text)
    check_speech(speech, text, word_times=True)
    assert words_of(speech)[-1].at > 9_980


# ── stopping ────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_listening_stops_the_synthesis_at_once() -> None:
    from avatars.voices.espeak_service import EspeakService

    service, replies = EspeakService(), list[Message]()
    service.open(1, {"voice": "en-us+f2", "rate": 165, "pitch": 50, "range": 50, "gain": 1.0})

    def emit(message: Message) -> bool:
        replies.append(message)
        return len(replies) < 3

    service.append(1, {"text": "We open at nine. " * 50, "at": 0, "pause_ms": 0}, emit)
    sound = sum(len(reply["pcm"]) for reply in replies if "pcm" in reply) // 2
    assert sound == 4_800 + 2 * 9_600
    service.cancel(1)
    service.cancel(1)
    service.end(1, emit)


async def test_closing_early_leaves_no_stream_behind() -> None:
    launcher = InlineLauncher()
    tts = await EspeakTts.open(Context("en", launcher, Path()))
    for _ in range(30):
        speech = tts.speak(ENGLISH, Style())
        await anext(speech)
        await speech.aclose()  # type: ignore[attr-defined]
    assert launcher.pools[0].streams == {}
    assert launcher.pools[0].services[0]._streams == {}  # type: ignore[attr-defined]
