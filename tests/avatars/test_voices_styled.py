"""Every voice follows a style: what is asked of the engine, what is done to its sound, and where its words then lie."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from avatars.voices.espeak import EspeakTts
from avatars.voices.pitch import PitchTracker
from avatars.voices.prosody import PROSODY, prosody_of
from avatars.voices.shaping import CEILING
from avatars.voices.stretching import Stretcher
from avatars.voices.styled import GIVEN, Styled
from visavis.contracts.tts import check_speech, check_tts
from visavis.engines import Capabilities, Context, Pronounced, Style, Tts
from visavis.errors import EngineError
from visavis.fakes.launcher import InlineLauncher
from visavis.fakes.tts import FakeTts
from visavis.signal import dbfs
from visavis.words import RATE, Emotion, Pcm, SpeechChunk

ENGLISH = "We are open from nine to five, every day but Monday."
CHINESE = "您好，我们九点开门。"


@asynccontextmanager
async def espeak(language: str = "en") -> AsyncGenerator[EspeakTts, None]:
    tts = await EspeakTts.open(Context(language, InlineLauncher(), Path()))
    try:
        yield tts
    finally:
        await tts.close()


class Deaf:
    """A real voice that follows no style, so that all is left to signal processing."""

    def __init__(self, tts: Tts, controls: frozenset[str] = frozenset()) -> None:
        self.capabilities = Capabilities(tts.capabilities.languages, word_times=True, controls=controls)
        self.version = tts.version
        self.asked: list[Style] = []
        self._tts = tts

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        self.asked.append(style)
        async for chunk in self._tts.speak(text, Style()):
            yield chunk

    async def close(self) -> None:
        await self._tts.close()


async def spoken(tts: Tts, text: str = ENGLISH, style: Style | None = None) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.speak(text, style or Style())]


def pcm_of(speech: Sequence[SpeechChunk]) -> Pcm:
    return np.concatenate([chunk.pcm for chunk in speech])


def f0(pcm: Pcm) -> float:
    """The median of the voice's pitch in Hz, by the autocorrelation of whole 40 ms frames above -30 dBFS."""
    frames = [
        pcm[at : at + 960].astype(float) for at in range(0, len(pcm) - 960, 480) if dbfs(pcm[at : at + 960]) > -30
    ]
    found = []
    for frame in frames:
        like = np.correlate(frame, frame, "full")[959:]
        peak = int(like[50:400].argmax()) + 50
        if like[peak] > 0.5 * like[0]:
            found.append(RATE / peak)
    return float(np.median(found))


# ── each control moves what it names ────────────────────────────────────────────────────────────────
MEASURES: dict[str, Callable[[Pcm], float]] = {
    "rate": lambda pcm: 1 / len(pcm),
    "pitch": f0,
    "energy": lambda pcm: 10 ** (dbfs(pcm) / 20),
}
SETTINGS = (0.7, 0.85, 1.0, 1.2, 1.4)


@pytest.mark.parametrize("deaf", [True, False], ids=["by signal processing", "by its own dials"])
@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh", CHINESE)])
@pytest.mark.parametrize("control", MEASURES)
async def test_a_control_moves_what_it_names_as_far_as_asked(
    control: str, language: str, text: str, *, deaf: bool
) -> None:
    async with espeak(language) as tts:
        voice = Styled(Deaf(tts) if deaf else tts)
        found = [MEASURES[control](pcm_of(await spoken(voice, text, Style(**{control: s})))) for s in SETTINGS]
    assert all(low < high for low, high in pairwise(found))
    ratios = np.array(found) / found[SETTINGS.index(1.0)]
    assert ratios == pytest.approx(SETTINGS, rel=0.1)


@pytest.mark.parametrize("deaf", [True, False], ids=["by signal processing", "by its own dials"])
async def test_an_emotion_shows_the_more_the_higher_its_degree(*, deaf: bool) -> None:
    async with espeak() as tts:
        voice = Styled(Deaf(tts) if deaf else tts)
        styles = [Style(Emotion.SAD, degree=degree) for degree in (0.0, 0.5, 1.0, 1.5, 2.0)]
        lengths = [len(pcm_of(await spoken(voice, style=style))) for style in styles]
        high, usual = [f0(pcm_of(await spoken(voice, style=Style(e)))) for e in (Emotion.SURPRISED, Emotion.NEUTRAL)]
    assert all(short < long for short, long in pairwise(lengths))
    assert high > 1.04 * usual


def test_a_degree_scales_every_factor() -> None:
    assert prosody_of(Style(Emotion.HAPPY)) == PROSODY[Emotion.HAPPY]
    assert prosody_of(Style(Emotion.HAPPY, degree=0.0)) == PROSODY[Emotion.NEUTRAL]
    assert prosody_of(Style(Emotion.HAPPY, degree=2.0)).pitch == pytest.approx(PROSODY[Emotion.HAPPY].pitch ** 2)
    assert prosody_of(Style(Emotion.HAPPY, degree=9.0)) == prosody_of(Style(Emotion.HAPPY, degree=2.0))


@pytest.mark.parametrize("seconds", [2.0, 3.0, 4.5])
async def test_a_sentence_is_brought_to_its_length(seconds: float) -> None:
    async with espeak() as tts:
        speech = await spoken(Styled(tts), style=Style(rate=1.5, duration_s=seconds))
    assert len(pcm_of(speech)) == pytest.approx(seconds * RATE, rel=0.005)
    check_speech(speech, ENGLISH, word_times=True)


# ── who does it ─────────────────────────────────────────────────────────────────────────────────────
async def asked_of(controls: set[str], style: Style) -> Style:
    async with espeak() as tts:
        deaf = Deaf(tts, frozenset(controls))
        await spoken(Styled(deaf), style=style)
        return deaf.asked[0]


async def test_the_engine_is_asked_for_what_it_can_do_alone() -> None:
    style = Style(Emotion.SAD, rate=1.2, pitch=0.9, energy=0.8, degree=1.5)
    assert await asked_of(set(), style) == Style()
    assert await asked_of({"rate", "pitch", "energy", "emotion"}, style) == style
    asked = await asked_of({"rate"}, style)
    assert asked == Style(rate=1.2 * prosody_of(style).rate)


async def test_a_length_is_asked_of_an_engine_that_knows_lengths() -> None:
    assert (await asked_of({"duration_s", "rate"}, Style(duration_s=3.0))).duration_s == 3.0
    asked = await asked_of({"rate"}, Style(rate=1.3, duration_s=3.0))
    assert (asked.duration_s, asked.rate) == (None, 1.0)


async def test_what_is_to_be_pronounced_is_passed_on() -> None:
    sounds = (Pronounced(0, 2, "wiː"),)
    assert (await asked_of(set(), Style(pitch=1.1, sounds=sounds))).sounds == sounds


async def test_it_says_what_it_can_do_and_that_it_sounds_otherwise() -> None:
    fake = FakeTts()
    assert Styled(fake).capabilities.controls == GIVEN
    assert Styled(fake).version.startswith(fake.version)
    assert Styled(fake).version != fake.version
    async with espeak() as tts:
        assert {"emotion", "rate", "pitch", "energy"} <= tts.capabilities.controls


async def test_a_neutral_sentence_passes_unchanged() -> None:
    fake = FakeTts()
    speech = await spoken(Styled(fake))
    assert [chunk.pcm.tolist() for chunk in speech] == [chunk.pcm.tolist() for chunk in fake.whole(ENGLISH)]


# ── the stream ──────────────────────────────────────────────────────────────────────────────────────
async def test_it_keeps_the_contract_of_a_voice() -> None:
    async with espeak() as tts:
        await check_tts(Styled(Deaf(tts)), ENGLISH, "en")


@pytest.mark.parametrize("style", [Style(rate=0.5), Style(rate=2.0), Style(Emotion.SURPRISED), Style(pitch=0.8)])
async def test_words_and_mouth_move_with_the_sound(style: Style) -> None:
    async with espeak() as tts:
        plain, moved = await spoken(tts), await spoken(Styled(Deaf(tts)), style=style)
    check_speech(moved, ENGLISH, word_times=True)
    before, after = [[w for chunk in speech for w in chunk.words] for speech in (plain, moved)]
    factor = len(pcm_of(moved)) / len(pcm_of(plain))
    assert [w.text for w in after] == [w.text for w in before]
    assert [w.start for w in after] == pytest.approx([w.start * factor for w in before], abs=RATE // 200)
    shapes = [[v.viseme for chunk in speech for v in chunk.visemes] for speech in (plain, moved)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("style", [Style(pitch=1.2), Style(rate=1.4), Style(energy=0.5)])
async def test_less_than_50_ms_of_sound_is_held_back(style: Style) -> None:
    async with espeak() as tts:
        plain, moved = await spoken(tts), await spoken(Styled(Deaf(tts)), style=style)
    assert len(moved[0].pcm) * style.rate > len(plain[0].pcm) - RATE * 50 * style.rate / 1000


@pytest.mark.parametrize("energy", [4.0, 20.0, 1000.0])
async def test_nothing_clips_however_loud(energy: float) -> None:
    async with espeak() as tts:
        pcm = pcm_of(await spoken(Styled(Deaf(tts)), style=Style(energy=energy)))
    assert np.abs(pcm.astype(int)).max() <= CEILING * 32_768 + 1


async def test_an_engine_that_never_ends_is_given_no_length() -> None:
    class Endless(FakeTts):
        async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
            while True:
                yield SpeechChunk(np.ones(RATE * 10, np.int16))

    with pytest.raises(EngineError, match="cannot be given a length"):
        await spoken(Styled(Endless()), style=Style(duration_s=2.0))


async def test_closing_early_stops_the_engine() -> None:
    fake = FakeTts()
    speech = Styled(fake).speak(ENGLISH, Style(rate=0.8))
    await anext(speech)
    await speech.aclose()
    assert fake.active == 0


async def test_a_failure_of_the_engine_comes_through() -> None:
    with pytest.raises(EngineError, match="fails as scripted"):
        await spoken(Styled(FakeTts(fail_after=2)), style=Style(rate=0.8))


@pytest.mark.parametrize("style", [Style(rate=0.8), Style(duration_s=2.0), Style(energy=2.0)])
async def test_a_voice_that_says_nothing_goes_on_saying_nothing(style: Style) -> None:
    assert await spoken(Styled(FakeTts()), "...", style) == []


# ── the sound itself ────────────────────────────────────────────────────────────────────────────────
def moved(sound: np.ndarray, cut: int, **how: float) -> np.ndarray:
    stretcher = Stretcher(RATE, **how)
    pieces = [stretcher.push(sound[at : at + cut]) for at in range(0, len(sound), cut)]
    return np.concatenate([*pieces, stretcher.flush()])


def vowel(hz: float, seconds: float = 1.0) -> np.ndarray:
    """A pulse train through one resonance of 700 Hz."""
    pulses = np.zeros(round(seconds * RATE), np.float32)
    pulses[(np.arange(0, seconds, 1 / hz) * RATE).astype(int)] = 1.0
    t = np.arange(400) / RATE
    rings = np.exp(-t * 400) * np.sin(2 * np.pi * 700 * t)
    return (0.3 * np.convolve(pulses, rings)[: len(pulses)]).astype(np.float32)


def strongest_hz(sound: np.ndarray) -> float:
    """The middle of the loudest 300 Hz of the spectrum."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    width = round(300 * len(sound) / RATE)
    smooth = np.convolve(power, np.ones(width) / width, "same")
    return float(smooth.argmax() * RATE / len(sound))


@pytest.mark.parametrize("cut", [100, 960, 9_600, RATE])
def test_the_sum_does_not_depend_on_the_cuts(cut: int) -> None:
    sound = vowel(180)
    assert np.abs(moved(sound, cut, rate=0.8, pitch=1.2) - moved(sound, 480, rate=0.8, pitch=1.2)).max() < 1e-6


@pytest.mark.parametrize("rate", [0.4, 0.77, 1.0, 1.9, 2.5])
@pytest.mark.parametrize("length", [1, 37, 5_000, RATE + 1])
def test_the_length_is_exact(rate: float, length: int) -> None:
    assert len(moved(vowel(150)[:length] if length <= RATE else vowel(150, 1.1)[:length], 960, rate=rate)) == round(
        length / rate
    )


def test_the_pitch_moves_and_the_resonance_stays() -> None:
    sound = vowel(150)
    higher = moved(sound, 960, pitch=1.3)
    tracker = PitchTracker(RATE)
    tracker.push(higher)
    hums = [period for period in tracker.periods if period]
    assert RATE / np.median(hums) == pytest.approx(1.3 * 150, rel=0.01)
    assert strongest_hz(higher) == pytest.approx(strongest_hz(sound), abs=60)


def test_sound_that_needs_no_change_is_hardly_changed() -> None:
    """It may lie up to half a period beside where it was, as a hum begins in step with itself."""
    sound = vowel(150)
    same = moved(sound, 960)
    inner = slice(RATE // 10, -RATE // 10)
    nearest = min(np.abs(np.roll(same, shift) - sound)[inner].max() for shift in range(-80, 81))
    assert nearest < 0.02


@pytest.mark.parametrize("kind", ["silence", "noise", "full scale"])
def test_what_hums_nowhere_is_stretched_too(kind: str) -> None:
    dice = np.random.default_rng(3)
    sound = {
        "silence": np.zeros(RATE),
        "noise": dice.normal(0, 0.1, RATE),
        "full scale": np.sign(dice.normal(size=RATE)),
    }
    out = moved(sound[kind].astype(np.float32), 960, rate=0.7, pitch=1.2)
    assert len(out) == round(RATE / 0.7)
    assert np.isfinite(out).all()
    assert np.sqrt(np.mean(out**2)) == pytest.approx(np.sqrt(np.mean(sound[kind] ** 2)), rel=0.35)


def test_work_is_paid_by_the_second_of_sound(calls: Callable[..., int]) -> None:
    """Twice the speech is twice the work: nothing grows with what was said before."""
    short, long = [calls(lambda s=seconds: moved(vowel(200, s), 960, pitch=1.2)) for seconds in (1.0, 2.0)]
    assert long < 2.1 * short
