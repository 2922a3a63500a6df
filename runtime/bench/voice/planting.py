"""Faults planted into clean recordings at known strengths: what a recording's inspection has to find.

Sound is float64 between -1 and 1 at `RATE`; what is planted at a place says from when to when, in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visavis.words import RATE

Sound = NDArray[np.float64]
FFT = 1024
Span = tuple[float, float]
Planted = tuple[Sound, Span | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """`plant` takes the clips of one speaker, those of another, and a seed; `rule` is what has to be found."""

    rule: str
    strength: str
    plant: Callable[[Sequence[Sound], Sequence[Sound], int], Planted]


def joined(clips: Sequence[Sound]) -> Sound:
    """Clips one after the other."""
    return np.concatenate(list(clips))


def high_passed(sound: Sound, hertz: float = 70.0) -> Sound:
    """Without what lies below the voice: published recordings carry thumps of their own."""
    spectrum = np.fft.rfft(sound)
    at = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(spectrum * np.clip((at - hertz) / 15 + 1, 0, 1), len(sound))


def rms(sound: Sound) -> float:
    """The level of the louder half, which is speech."""
    frames = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    power = np.sort(np.mean(frames**2, axis=1))
    return float(np.sqrt(np.mean(power[len(power) // 2 :]))) + 1e-9


def noise(kind: str, snr_db: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound = joined(clips)
        return sound + _noise(kind, len(sound), seed) * rms(sound) * 10 ** (-snr_db / 20), None

    return Fault("noise", f"{kind} {snr_db:g} dB", plant)


def hum(mains: float, under_db: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound = joined(clips)
        at = np.arange(len(sound)) / RATE
        tones = [(0.6**k) * np.sin(2 * np.pi * mains * (k + 1) * at + seed + k) for k in range(5)]
        bed = np.sum(tones, axis=0)
        return sound + bed * rms(sound) * 10 ** (-under_db / 20) / float(np.sqrt(np.mean(bed**2))), None

    return Fault("hum", f"{mains:g} Hz, {under_db:g} dB under", plant)


def clipping(share: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound = joined(clips)
        ceiling = float(np.quantile(np.abs(sound), 1 - share))
        return np.clip(sound / ceiling, -1, 1) * (0.99 if seed % 2 else 0.6), None

    return Fault("clipping", f"{share:.1%} of the samples", plant)


def drift(decibels: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound = joined(clips) * 0.5
        begin, end = len(sound) // 3, len(sound) // 3 + 18 * RATE
        sound[begin:end] *= 10 ** (decibels / 20)
        return sound, (begin / RATE, end / RATE)

    return Fault("level_drift", f"{decibels:+g} dB for 18 s", plant)


def low(dbfs: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound = joined(clips)
        return np.rint(sound / rms(sound) * 10 ** (dbfs / 20) * 32768) / 32768, None

    return Fault("low_level", f"{dbfs:g} dBFS", plant)


def reverberation(seconds: float, direct_db: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound, dice = joined(clips), np.random.default_rng(seed)
        at = np.arange(int(seconds * RATE * 1.1)) / RATE
        room = dice.normal(size=len(at)) * 10 ** (-3 * at / seconds)
        room[: RATE // 250] = 0
        room *= 10 ** (-direct_db / 20) / float(np.sqrt(np.sum(room**2)))
        room[0] = 1
        length = len(sound) + len(room)
        wet = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(room, length), length)[: len(sound)]
        return wet * rms(sound) / rms(wet), None

    return Fault("reverberation", f"{seconds:g} s, direct sound {direct_db:+g} dB", plant)


def plosives(over_db: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        sound, dice = joined(clips).copy(), np.random.default_rng(seed)
        for _ in range(5):
            length = int(RATE * dice.uniform(0.05, 0.12))
            at = int(dice.integers(RATE, len(sound) - RATE))
            swing = np.sin(2 * np.pi * dice.uniform(20, 40) * np.arange(length) / RATE)
            thump = swing * np.exp(-np.linspace(0, 3, length))
            sound[at : at + length] += thump * rms(sound) * 10 ** (over_db / 20) / float(np.sqrt(np.mean(thump**2)))
        return sound, None

    return Fault("plosive", f"{over_db:+g} dB beside the voice", plant)


def band(hertz: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        return _low_passed(joined(clips), hertz), None

    return Fault("bandwidth", f"up to {hertz:g} Hz", plant)


def second_speaker(seconds: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        other = max(others, key=len)[RATE // 2 : int((seconds + 0.5) * RATE)]
        return _between(clips, other * rms(joined(clips)) / rms(other), seed)

    return Fault("second_speaker", f"{seconds:g} s", plant)


def repeat(seconds: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        long = [each for each in clips if len(each) > (seconds + 0.5) * RATE] or [max(clips, key=len)]
        again = _read_again(long[seed % len(long)][: int(seconds * RATE)], seed)
        sound = joined([*clips, again])
        return sound, ((len(sound) - len(again)) / RATE, len(sound) / RATE)

    return Fault("repeat", f"{seconds:g} s", plant)


def filler(seconds: float) -> Fault:
    def plant(clips: Sequence[Sound], others: Sequence[Sound], seed: int) -> Planted:
        held = _held(clips[seed % len(clips)], seconds, seed)
        pause = np.random.default_rng(seed).normal(0, 1e-4, RATE // 6)
        return _between(clips, np.concatenate([pause, held, pause]), seed)

    return Fault("filler", f"{seconds:g} s", plant)


FAULTS = (
    noise("white", 12), noise("white", 6), noise("pink", 12), noise("pink", 6),
    hum(50, 30), hum(50, 20), hum(60, 25), clipping(0.002), clipping(0.01), clipping(0.05),
    drift(-9), drift(9), drift(-14), low(-45), low(-55),
    reverberation(0.5, 0), reverberation(0.8, 3), reverberation(1.2, 0), plosives(6), plosives(12),
    band(3400), band(4000), band(6000), second_speaker(3), second_speaker(5), second_speaker(8),
    repeat(3), repeat(5), filler(0.4), filler(0.6),
)  # fmt: skip


# ── what they are made of ──
def _between(clips: Sequence[Sound], piece: Sound, seed: int) -> Planted:
    at = 1 + seed % (len(clips) - 1)
    before = sum(len(each) for each in clips[:at])
    return joined([*clips[:at], piece, *clips[at:]]), (before / RATE, (before + len(piece)) / RATE)


def _noise(kind: str, length: int, seed: int) -> Sound:
    white = np.random.default_rng(seed).normal(size=length)
    if kind == "white":
        return white
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), length)
    return np.asarray(pink / float(np.sqrt(np.mean(pink**2))))


def _warped(sound: Sound, at: NDArray[np.float64]) -> Sound:
    """A phase vocoder: one output hop for each place (a fraction of an input hop) in `at`."""
    window, size = np.hanning(FFT), FFT // 4
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, FFT), FFT)[::size]
    spectra = np.fft.rfft(frames * window, axis=1)
    turn = 2 * np.pi * size * np.arange(FFT // 2 + 1) / FFT
    phase, out = np.angle(spectra[0]), np.zeros(len(at) * size + FFT)
    for index, place in enumerate(np.clip(at, 0, len(spectra) - 2)):
        here, share = int(place), place - int(place)
        level = (1 - share) * np.abs(spectra[here]) + share * np.abs(spectra[here + 1])
        out[index * size : index * size + FFT] += window * np.fft.irfft(level * np.exp(1j * phase))
        step = np.angle(spectra[here + 1]) - np.angle(spectra[here]) - turn
        phase = phase + turn + step - 2 * np.pi * np.rint(step / (2 * np.pi))
    return out / 1.5


def _read_again(sound: Sound, seed: int) -> Sound:
    """The same words another time: at another pace, unevenly, a little higher or lower, brighter or duller."""
    dice = np.random.default_rng(seed)
    pace, pitch = float(dice.uniform(0.9, 1.12)), float(dice.uniform(0.95, 1.06))
    moved = np.interp(np.arange(0, len(sound) - 1, pitch), np.arange(len(sound)), sound)
    count = 4 * len(moved) // FFT + 4
    knots = np.arange(0, count + 30, 30)
    local = np.clip(1 + 0.12 * np.interp(np.arange(count), knots, dice.normal(size=len(knots))), 0.6, 1.5)
    place = np.cumsum(local) * count / float(np.sum(local))
    at = np.interp(np.linspace(0, count, int(count / pace / pitch)), np.arange(count), place)
    spoken = _warped(moved, at)
    tilt = float(dice.normal(0, 0.25))
    return (spoken + tilt * np.append(np.diff(spoken), 0.0)) * float(dice.uniform(0.8, 1.2))


def _held(sound: Sound, seconds: float, seed: int) -> Sound:
    """A vowel of the speaker, held, and closed to a nasal in every second one: "uh", "um"."""
    dice, size = np.random.default_rng(seed), FFT // 4
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(sound, FFT), FFT)[::size]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(FFT), axis=1)) ** 2
    shape = 10 * np.log10(spectra[:, 4:240] + 1e-9)
    change = np.append(np.abs(np.diff(shape, axis=0)).mean(axis=1), 99.0)
    loud = 10 * np.log10(spectra.sum(axis=1) + 1e-9)
    hiss = spectra[:, 150:].sum(axis=1) > 0.05 * spectra.sum(axis=1)
    bad = change + 30 * hiss + 30 * (loud < np.percentile(loud, 80))
    middle = int(np.argsort(np.convolve(bad, np.ones(3) / 3, "same")[4:-4])[int(dice.integers(5))]) + 4
    count = int(seconds * RATE / size)
    held = _warped(sound, middle + np.cumsum(dice.normal(0, 0.02, count)))[FFT // 2 : -FFT // 2]
    if seed % 2:
        held[len(held) * 6 // 10 :] = _low_passed(held, 600.0)[len(held) * 6 // 10 :]
    fade = np.minimum(1, np.minimum(np.arange(len(held)), np.arange(len(held))[::-1]) / (RATE * 0.04))
    return held * fade * rms(sound) * 0.8 / rms(held)


def _low_passed(sound: Sound, hertz: float) -> Sound:
    at = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(np.fft.rfft(sound) * np.clip((hertz - at) / 150 + 1, 0, 1), len(sound))
