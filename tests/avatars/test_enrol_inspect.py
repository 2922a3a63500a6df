"""The rules of the inspection, each on sound whose fault is known to the sample."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from avatars.voices.enrol.inspect import (
    Take,
    amount,
    bandwidth,
    ceiling,
    channels,
    fillers,
    levels,
    noise,
    plosives,
    repeats,
    reverb,
    speakers,
)  # fmt: skip
from avatars.voices.enrol.inspect.advice import ADVICE
from avatars.voices.enrol.inspect.fillers import Said
from avatars.voices.enrol.inspect.finding import Finding, Found
from avatars.voices.enrol.inspect.inspection import Inspection, inspected, with_words
from avatars.voices.enrol.inspect.take import spans_of
from avatars.voices.enrol.page import page
from avatars.voices.enrol.sound import Recording, Source, Span
from visavis.signal import resample
from visavis.words import RATE, Pcm

Sound = NDArray[np.float64]


def babble(seconds: float, seed: int = 0, pause_s: float = 0.2) -> Sound:
    """Bursts of noise of changing colour, 300 ms long, and pauses: as loud and as lively as speech."""
    dice, pieces = np.random.default_rng(seed), []
    for _ in range(round(seconds / (0.3 + pause_s))):
        burst = np.convolve(dice.normal(0, 0.1, RATE * 3 // 10), dice.normal(size=9) / 3, "same")
        pieces += [burst, dice.normal(0, 1e-4, round(pause_s * RATE))]
    return np.concatenate(pieces)


def take(*parts: Sound, speech: tuple[Span, ...] | None = None, **source: object) -> Take:
    recordings = []
    for number, part in enumerate(parts):
        pcm: Pcm = np.clip(np.rint(part * 32768), -32768, 32767).astype(np.int16)
        about = Source(**{"codec": "pcm", "rate": 48_000, "channels": 1, "duration_s": 1.0} | source)  # type: ignore[arg-type]
        recordings.append(Recording(f"{number + 1}.wav", pcm, about))
    whole = np.concatenate([each.pcm for each in recordings])
    bursts = tuple((n * 0.5, n * 0.5 + 0.3) for n in range(len(whole) * 2 // RATE))
    return Take(tuple(recordings), whole, resample(whole, RATE, 16_000), bursts if speech is None else speech)


@pytest.mark.parametrize(
    ("profile", "seconds", "rule"),
    [
        ("fast", 49, "too_short"), ("fast", 50, None), ("fast", 90, None), ("fast", 91, "too_long"),
        ("full", 1199, "too_short"), ("full", 1200, None), ("full", 1800, None),
    ],
)  # fmt: skip
def test_a_profile_takes_so_much_speech_and_no_more(
    profile: amount.ProfileName, seconds: float, rule: str | None
) -> None:
    nothing = np.zeros(0, np.int16)
    found = amount.find(Take((), nothing, nothing, ((0.0, seconds),)), profile)
    assert [each.rule for each in found] == ([rule] if rule else [])


def test_what_is_clean_is_left_alone() -> None:
    clean = take(babble(12))
    for rule in (bandwidth, ceiling, channels, levels, noise, reverb, plosives, fillers, repeats):
        assert rule.find(clean) == [], rule.__name__


@pytest.mark.parametrize("decibels", [-14, -9, 9])
def test_a_change_of_level_is_found_where_it_is(decibels: float) -> None:
    sound = babble(60)
    sound[20 * RATE : 35 * RATE] *= 10 ** (decibels / 20)
    (found,) = levels.find(take(sound / 4))
    assert found.rule == "level_drift"
    assert found.start_s == pytest.approx(20, abs=6)
    assert found.end_s == pytest.approx(35, abs=6)
    assert np.sign(found.measured) == np.sign(decibels)


@pytest.mark.parametrize(("snr", "severity"), [(25, None), (14, "warning"), (6, "error")])
def test_noise_is_measured_in_the_pauses(snr: float, severity: str | None) -> None:
    sound = babble(10)
    level = float(np.sqrt(np.mean(sound[: RATE // 5] ** 2)))
    noisy = take(sound + np.random.default_rng(1).normal(0, level * 10 ** (-snr / 20), len(sound)))
    assert noise.snr_db(noisy) == pytest.approx(snr, abs=2)
    assert [each.severity for each in noise.find(noisy)] == ([severity] if severity else [])


@pytest.mark.parametrize("mains", [50, 60])
def test_hum_is_told_from_noise(mains: float) -> None:
    sound, at = np.concatenate([np.full(3 * RATE, 1e-4), babble(9)]), np.arange(12 * RATE) / RATE
    tones = sum(0.002 * 0.7**k * np.sin(2 * np.pi * mains * (k + 1) * at) for k in range(5))
    noisy = take(sound + tones + np.random.default_rng(3).normal(0, 1e-4, len(sound)), speech=((3.0, 12.0),))
    assert [each.rule for each in noise.find(noisy)] == ["hum"]


@pytest.mark.parametrize("seconds", [0.5, 0.9])
def test_a_room_is_heard_in_how_the_sound_dies_away(seconds: float) -> None:
    dry, at = babble(20, pause_s=0.9), np.arange(int(seconds * RATE)) / RATE
    room = np.random.default_rng(2).normal(size=len(at)) * 10 ** (-3 * at / seconds)
    wet = np.fft.irfft(np.fft.rfft(dry, 2**20) * np.fft.rfft(room, 2**20), 2**20)[: len(dry)]
    (found,) = reverb.find(take(wet * 0.1 / np.abs(wet).max()))
    assert found.measured == pytest.approx(seconds, rel=0.3)


def test_thumps_below_the_voice_are_found_one_by_one() -> None:
    sound, thump = babble(12), np.sin(2 * np.pi * 30 * np.arange(RATE // 10) / RATE) * np.hanning(RATE // 10)
    for second in (3, 7):
        sound[second * RATE : second * RATE + len(thump)] += 0.5 * thump
    found = plosives.find(take(sound))
    assert [round(each.start_s) for each in found] == [3, 7]


def test_a_held_vowel_is_a_filler_and_a_short_one_is_not() -> None:
    at = np.arange(RATE * 6 // 10) / RATE
    vowel = sum(0.15 / k * np.sin(2 * np.pi * 120 * k * at) for k in range(1, 12)) * np.hanning(len(at)) ** 0.2
    for length, count in ((1.0, 1), (0.2, 0)):
        sound = babble(10)
        held = vowel[: int(len(vowel) * length)]
        sound[5 * RATE : 5 * RATE + len(held)] = held
        assert len(fillers.find(take(sound))) == count


def test_the_same_words_twice_are_found_the_second_time() -> None:
    once = babble(8)
    again = take(np.concatenate([once, once[: 3 * RATE] * 0.7]))
    (found,) = repeats.find(again)
    assert found.start_s == pytest.approx(8, abs=1)


def test_words_tell_what_sound_does_not() -> None:
    said = [Said(0, 3, "Well, um, this is the museum"), Said(3, 6, "This is the old museum"), Said(6, 9, "我嗯想一下")]
    assert [each.start_s for each in fillers.find_said(said)] == [0, 6]
    twice = [*said, Said(9, 12, "this is the old museum")]
    assert [each.start_s for each in repeats.find_said(twice)] == [9]


def test_another_speaker_is_found_where_he_speaks() -> None:
    mine, other = np.eye(256, dtype=np.float32)[:2]
    sound = np.concatenate([np.full(20 * RATE, 0.1), np.full(6 * RATE, 0.2), np.full(14 * RATE, 0.1)])

    def embed(pcm: Pcm) -> NDArray[np.float32]:
        point = mine * np.float32(np.mean(pcm < 5000)) + other * np.float32(np.mean(pcm >= 5000))
        return point / np.float32(np.linalg.norm(point))

    (found,) = speakers.find(take(sound, speech=((0.0, 40.0),)), embed)
    assert (found.severity, found.start_s == pytest.approx(19, abs=2), found.end_s == pytest.approx(27, abs=2)) == (
        "error", True, True,
    )  # fmt: skip


def test_a_telephone_a_dead_side_and_a_ceiling_are_told_from_what_the_file_was() -> None:
    sound = babble(6)
    assert [each.rule for each in bandwidth.find(take(sound, rate=8000))] == ["sample_rate"]
    spectrum = np.fft.rfft(sound)
    spectrum[int(3400 * len(sound) / RATE) :] = 0
    assert [each.rule for each in bandwidth.find(take(np.fft.irfft(spectrum)))] == ["bandwidth"]
    assert [each.severity for each in channels.find(take(sound, dead="left"))] == ["note"]
    assert {each.rule for each in ceiling.find(take(sound, clipped=((1.0, 1.1), (2.0, 2.1))))} == {"clipping"}


def test_a_finding_names_its_file_and_the_second_in_it() -> None:
    one, two = babble(30), babble(30, seed=1)
    two[10 * RATE :] *= 0.1
    inspection = inspected(take(one, two), "fast", None)
    drift = next(each for each in inspection.findings if each.rule == "level_drift")
    assert (drift.file, drift.start_s == pytest.approx(10, abs=6)) == ("2.wav", True)
    assert not inspection.passed  # there is too little speech
    again = with_words(inspection, [Said(31, 33, "um")])
    assert [(each.file, each.start_s) for each in again.findings if each.rule == "filler" and not each.unit] == [
        ("2.wav", 1.0)
    ]


def test_the_page_shows_every_finding_and_runs_nothing() -> None:
    finding = Finding(
        rule="noise", severity="warning", file="<script>alert(1)</script>.wav", start_s=1, end_s=2, measured=12,
        limit=17, unit="dB", advice=ADVICE["noise"],
    )  # fmt: skip
    inspection = Inspection(
        files=((finding.file, 10.0),), seconds=10, effective_s=8, snr_db=12, level_dbfs=-20, findings=(finding,),
        outline=(0.1, 0.5),
    )  # fmt: skip
    for language, said in (("en", ADVICE["noise"].en), ("zh", ADVICE["noise"].zh)):
        shown = page(inspection, language)
        assert said in shown
        assert 'role="img" aria-label=' in shown
        assert "<script" not in shown
        assert "http" not in shown


def test_every_rule_has_advice_in_both_languages() -> None:
    for each in ADVICE.values():
        assert each.en.isascii()
        assert not each.zh.isascii()


def test_speech_begins_when_it_is_sure_and_short_pauses_belong_to_it() -> None:
    grades = [0.0] * 10 + [0.9] * 20 + [0.1] * 5 + [0.9] * 20 + [0.1] * 30 + [0.9] * 2
    assert spans_of(grades, len(grades) * 0.032) == [(0.32, 1.76)]


def test_a_found_place_is_made_of_plain_numbers() -> None:
    found = noise.find(take(np.random.default_rng(0).normal(0, 0.1, 5 * RATE)))
    assert all(isinstance(each, Found) and type(each.measured) is float for each in found)
