"""Sound as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis import signal
from visavis.words import Pcm

RATES = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]


def tone(hz: float, seconds: float, rate: int, amplitude: float = 10_000) -> Pcm:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


def noise(samples: int, seed: int = 0) -> Pcm:
    return np.random.default_rng(seed).integers(-12_000, 12_000, samples).astype(np.int16)


@settings(max_examples=40, deadline=None)
@given(
    source=st.sampled_from(RATES),
    target=st.sampled_from(RATES),
    cuts=st.lists(st.integers(0, 6_000), max_size=12),
    samples=st.integers(0, 6_000),
)
def test_any_chunking_gives_the_same_signal(source: int, target: int, cuts: list[int], samples: int) -> None:
    pcm = noise(samples)
    whole = signal.resample(pcm, source, target)
    resampler = signal.Resampler(source, target)
    parts = [resampler.push(part) for part in np.split(pcm, sorted(min(cut, samples) for cut in cuts))]
    cut = np.concatenate([*parts, resampler.flush()])
    assert len(cut) == len(whole)
    assert abs(len(whole) - samples * target / source) <= 1
    assert np.abs(cut.astype(int) - whole.astype(int)).max(initial=0) <= 1


def test_equal_rates_change_nothing() -> None:
    resampler = signal.Resampler(24_000, 24_000)
    pcm = noise(1_000)
    assert np.array_equal(resampler.push(pcm), pcm)
    assert len(resampler.flush()) == 0


def test_a_tone_keeps_its_place_its_pitch_and_its_level() -> None:
    resampled = signal.resample(tone(1_000, 0.5, 22_050), 22_050, 24_000).astype(int)
    expected = tone(1_000, 0.5, 24_000).astype(int)
    middle = slice(2_000, 10_000)
    assert np.abs(resampled[middle] - expected[middle]).max() < 30


def test_a_flushed_resampler_begins_again() -> None:
    resampler = signal.Resampler(48_000, 16_000)
    first = np.concatenate([resampler.push(noise(4_000)), resampler.flush()])
    second = np.concatenate([resampler.push(noise(4_000)), resampler.flush()])
    assert np.array_equal(first, second)


def test_a_rate_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive, got 0"):
        signal.Resampler(0, 24_000)


def test_levels_are_relative_to_full_scale() -> None:
    assert signal.dbfs(np.full(100, -32_768, np.int16)) == pytest.approx(0.0)
    assert signal.dbfs(tone(1_000, 1, 24_000, 3_276.8)) == pytest.approx(-23.0, abs=0.05)
    assert signal.dbfs(np.zeros(100, np.int16)) == signal.SILENCE_DBFS
    assert signal.dbfs(np.zeros(0, np.int16)) == signal.SILENCE_DBFS


def test_the_first_and_last_loud_samples_are_found() -> None:
    pcm = np.zeros(1_000, np.int16)
    pcm[300], pcm[700] = 200, -32_768
    assert signal.first_above(pcm, -50) == 300
    assert signal.first_above(pcm, -40) == 700
    assert signal.last_above(pcm, -50) == 700
    assert signal.first_above(pcm[:300], -50) is None
    assert signal.last_above(pcm[:0], -50) is None


@given(st.lists(st.integers(-32_768, 32_767), max_size=50))
def test_bytes_go_there_and_back(samples: list[int]) -> None:
    pcm = np.array(samples, np.int16)
    data = signal.to_bytes(pcm)
    assert data == b"".join(sample.to_bytes(2, "little", signed=True) for sample in samples)
    assert np.array_equal(signal.from_bytes(data), pcm)


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="even number of bytes, got 3"):
        signal.from_bytes(b"abc")
