"""A voice brought near another: what a profile holds, how it is kept, and what becomes of the sound and its times."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from avatars.voices.adapted import Adapted, profile_of
from avatars.voices.espeak import EspeakTts
from avatars.voices.profile import Profile, change
from avatars.voices.speaker import SpeakerEncoder, similarity
from avatars.voices.timbre import FRAME, LINES, Tint, warped
from visavis.contracts.tts import check_speech, check_tts
from visavis.engines import Context, Style
from visavis.errors import EngineError
from visavis.fakes.launcher import InlineLauncher
from visavis.fakes.tts import FakeTts
from visavis.signal import resample
from visavis.words import RATE, Pcm, SpeechChunk

ENGLISH = "We are open from nine to five, every day but Monday."


async def espeak(voice: str = "en-us", **options: object) -> EspeakTts:
    context = Context("en", InlineLauncher(), Path())
    return await EspeakTts.open(context, voice=voice, **options)  # type: ignore[arg-type]


async def spoken(tts: EspeakTts | Adapted | FakeTts, text: str = ENGLISH) -> list[SpeechChunk]:
    return [chunk async for chunk in tts.speak(text, Style())]


def pcm_of(speech: list[SpeechChunk]) -> Pcm:
    return np.concatenate([chunk.pcm for chunk in speech])


@pytest.fixture(scope="module")
def man() -> Profile:
    """How another synthetic voice speaks."""

    async def heard() -> list[SpeechChunk]:
        return await spoken(await espeak("en-us+male"), ENGLISH * 2)

    return profile_of(pcm_of(asyncio.run(heard())), RATE)


# ── the profile ─────────────────────────────────────────────────────────────────────────────────────
async def test_a_profile_knows_a_voice_by_its_pitch_and_colour(man: Profile) -> None:
    woman = profile_of(pcm_of(await spoken(await espeak(), ENGLISH * 2)), RATE)
    assert 70 < 2**man.pitch < 150 < 2**woman.pitch < 260
    pitch, _, formants, tilt = change(woman, man)
    assert pitch == pytest.approx(2 ** (man.pitch - woman.pitch))
    assert formants != 1.0
    assert np.abs(tilt).max() > 0.1


async def test_between_a_voice_and_itself_nothing_is_to_be_changed(man: Profile) -> None:
    pitch, span, formants, tilt = change(man, man)
    assert (pitch, span, formants) == pytest.approx((1, 1, 1))
    assert tilt == pytest.approx(0, abs=1e-4)


def test_a_profile_is_kept_and_read_back(tmp_path: Path, man: Profile) -> None:
    man.save(tmp_path / "profile.npz")
    read = Profile.load(tmp_path / "profile.npz")
    assert (read.pitch, read.spread, read.top) == (man.pitch, man.spread, man.top)
    assert (read.colour == man.colour).all()


@pytest.mark.parametrize("harm", ["cut", "text", "other version", "pickled", "not numbers"])
def test_a_file_that_is_no_profile_is_refused(tmp_path: Path, man: Profile, harm: str) -> None:
    path = tmp_path / "profile.npz"
    man.save(path)
    colour = np.full(LINES, np.nan if harm == "not numbers" else 0.0, np.float32)
    match harm:
        case "cut":
            path.write_bytes(path.read_bytes()[:300])
        case "text":
            path.write_text("no profile")
        case "pickled":
            np.savez(path, numbers=np.array([1, 7.0, 0.2, 400], object), colour=colour)
        case _:
            version = 9.0 if harm == "other version" else 1.0
            np.savez(path, numbers=np.array([version, 7.0, 0.2, 400]), colour=colour)
    with pytest.raises(EngineError, match="enrol the voice again"):
        Profile.load(path)


@pytest.mark.parametrize("kind", ["empty", "silence", "noise"])
def test_a_clip_that_does_not_hum_is_refused(kind: str) -> None:
    noise = np.random.default_rng(4).normal(0, 3_000, 16_000 * 6)
    clip = {"empty": np.zeros(0), "silence": np.zeros(16_000 * 6), "noise": noise}[kind]
    with pytest.raises(EngineError, match="s of the clip hum"):
        profile_of(clip.astype(np.int16), 16_000)


# ── the voice ───────────────────────────────────────────────────────────────────────────────────────
async def test_it_speaks_as_high_as_the_other_voice(man: Profile) -> None:
    adapted = await Adapted.open(await espeak(), man)
    heard = profile_of(pcm_of(await spoken(adapted, ENGLISH * 2)), RATE)
    assert heard.pitch == pytest.approx(man.pitch, abs=0.15)


async def test_it_keeps_the_contract_of_a_voice(man: Profile) -> None:
    await check_tts(await Adapted.open(await espeak(), man), ENGLISH, "en")


async def test_words_and_mouth_stay_where_they_were(man: Profile) -> None:
    fake = FakeTts()
    base = profile_of(pcm_of(await spoken(await espeak(), ENGLISH * 2)), RATE)
    speech = await spoken(Adapted(fake, base, man))
    plain = fake.whole(ENGLISH)
    check_speech(speech, ENGLISH, word_times=True)
    assert len(pcm_of(speech)) == sum(len(chunk.pcm) for chunk in plain)
    for kind in ("words", "visemes"):
        assert [x for c in speech for x in getattr(c, kind)] == [x for c in plain for x in getattr(c, kind)]
    sent = [sum(len(c.pcm) for c in some[:1]) for some in (plain, speech)]
    assert sent[0] - sent[1] < RATE // 10


async def test_the_version_tells_whose_voice_it_is(man: Profile) -> None:
    base = profile_of(pcm_of(await spoken(await espeak(), ENGLISH * 2)), RATE)
    versions = {Adapted(FakeTts(), base, target).version for target in (man, base)}
    assert len(versions | {FakeTts().version}) == 3


async def test_closing_early_stops_the_engine_and_its_failure_comes_through(man: Profile) -> None:
    fake = FakeTts()
    speech = Adapted(fake, man, man).speak(ENGLISH, Style())
    await anext(speech)
    await speech.aclose()
    assert fake.active == 0
    with pytest.raises(EngineError, match="fails as scripted"):
        await spoken(Adapted(FakeTts(fail_after=1), man, man))


async def test_a_base_voice_that_says_nothing_cannot_be_adapted(man: Profile) -> None:
    class Mute(FakeTts):
        def whole(self, text: str) -> list[SpeechChunk]:
            return []

    with pytest.raises(EngineError, match="are needed"):
        await Adapted.open(Mute(), man)


async def test_real_people_are_approached(tmp_path: Path, testdata: Callable[[str], Path]) -> None:
    folder = testdata("speech/librispeech")
    clips = [soundfile.read(path, dtype="int16")[0] for path in sorted(folder.glob("533-*.flac"))]
    target, other = np.concatenate(clips[:5])[: 16_000 * 20], np.concatenate(clips[5:])[: 16_000 * 12]
    base, encoder = await espeak(), await SpeakerEncoder.open(tmp_path)
    adapted = await Adapted.open(base, profile_of(target, 16_000))
    person = encoder.embed_now(other)
    before, after = [
        similarity(encoder.embed_now(resample(pcm_of(await spoken(voice, ENGLISH * 2)), RATE, 16_000)), person)
        for voice in (base, adapted)
    ]
    assert after > before + 0.08


# ── the filter ──────────────────────────────────────────────────────────────────────────────────────
def filtered(sound: np.ndarray, cut: int, factor: float = 1.0, tilt: np.ndarray | None = None) -> np.ndarray:
    tint = Tint(factor, np.zeros(LINES, np.float32) if tilt is None else tilt)
    return np.concatenate([*(tint.push(sound[at : at + cut]) for at in range(0, len(sound), cut)), tint.flush()])


@pytest.mark.parametrize("length", [1, FRAME - 1, 5_000, 24_001])
@pytest.mark.parametrize("cut", [100, 960, 9_600])
def test_a_filter_that_changes_nothing_gives_back_what_it_got(length: int, cut: int) -> None:
    sound = np.random.default_rng(5).normal(0, 0.1, length).astype(np.float32)
    assert filtered(sound, cut) == pytest.approx(sound, abs=1e-4)


def test_a_tilt_raises_what_it_names() -> None:
    time = np.arange(RATE) / RATE
    sound = sum(0.1 * np.sin(2 * np.pi * hz * time) for hz in (500, 4_000)).astype(np.float32)
    tilt = np.where(np.arange(LINES) * RATE / FRAME > 2_000, np.log(2.0), 0.0).astype(np.float32)
    before, after = [np.abs(np.fft.rfft(x)) for x in (sound, filtered(sound, 960, tilt=tilt))]
    assert after[500] / before[500] == pytest.approx(1, rel=0.1)
    assert after[4_000] / before[4_000] == pytest.approx(2, rel=0.1)


def test_warping_moves_a_formant_by_the_factor() -> None:
    envelope = -(((np.arange(LINES) - 100) / 10.0) ** 2).astype(np.float32)
    peaks = [int(warped(envelope, factor).argmax()) for factor in (0.8, 1.0, 1.2)]
    assert peaks == pytest.approx([80, 100, 120], abs=1)
    assert all(low < high for low, high in pairwise(peaks))
