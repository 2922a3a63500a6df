"""What is heard while nobody speaks: the room's noise against the voice, steady or passing, and the mains' hum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect.levels import speech_dbfs
from avatars.voices.enrol.inspect.take import HOP, Take
from visavis.signal import FULL_SCALE
from visavis.words import RATE

LIMIT_DB, ERROR_DB = 17.0, 10.0
"""How far the noise must lie under the voice."""
HUM_DB = 12.0
"""How far a mains tone may stand out of the noise beside it."""
HUM_UNDER_DB = 45.0
"""A hum so far under the voice is not heard."""
NEEDED = 50
"""Quiet frames (10 ms) from which their level is the noise's."""
_MAINS = (50.0, 60.0)


def snr_db(take: Take) -> float:
    """How far the steady noise lies under the voice; where nobody ever pauses, the quietest moments are the noise."""
    quiet = take.levels[take.quiet]
    noise = float(np.median(quiet)) if len(quiet) >= NEEDED else float(np.percentile(take.levels, 5))
    return speech_dbfs(take) - noise


def find(take: Take) -> list[Found]:
    if not take.speech:
        return []
    found, snr, whole = [], snr_db(take), len(take.levels) / 100
    if snr < LIMIT_DB:
        severity: Severity = "error" if snr < ERROR_DB else "warning"
        found.append(Found("noise", severity, 0.0, whole, snr, LIMIT_DB, "dB"))
    hum = hum_db(take)
    if hum > HUM_DB:
        found.append(Found("hum", "warning", 0.0, whole, hum, HUM_DB, "dB"))
    return found


def hum_db(take: Take) -> float:
    """How far the mains' tones stand out of what lies beside them, in the pauses; 0 where they are too faint."""
    sound = _pauses(take)
    if len(sound) < RATE:
        return 0.0
    hertz, power = _spectrum(sound)
    audible = speech_dbfs(take) - HUM_UNDER_DB
    return max(_standing(hertz, power, mains, audible) for mains in _MAINS)


def _spectrum(sound: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power a hertz, from Hann windows of a second, half over one another (Welch)."""
    window = np.hanning(RATE)
    frames = np.lib.stride_tricks.sliding_window_view(sound, RATE)[:: RATE // 2]
    power = np.stack([np.abs(np.fft.rfft(each * window)) ** 2 for each in frames]).mean(axis=0)
    scaled = np.asarray(power * (2 / (RATE * float(np.sum(window**2)))), np.float64)
    return np.fft.rfftfreq(RATE, 1 / RATE).astype(np.float64), scaled


def _standing(hertz: NDArray[np.float64], power: NDArray[np.float64], mains: float, audible: float) -> float:
    """The second strongest of the first six tones, so that no single one decides."""
    found = []
    for tone in mains * np.arange(1, 7):
        at = np.abs(hertz - tone) <= 2
        beside = (np.abs(hertz - tone) > 5) & (np.abs(hertz - tone) <= 20)
        level = 10 * np.log10(float(power[at].sum()) * (hertz[1] - hertz[0]) + 1e-20)
        out = 10 * np.log10(float(power[at].max()) / (float(np.median(power[beside])) + 1e-20) + 1e-20)
        found.append(out if level > audible else 0.0)
    return sorted(found)[-2]


def _pauses(take: Take) -> NDArray[np.float64]:
    """All quiet stretches of 100 ms or more, one after the other, without a jump between them that would sound."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], take.quiet.astype(np.int8), [0]])))
    pieces = [
        take.pcm[begin * HOP : end * HOP] / FULL_SCALE
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
        if end - begin >= 10
    ]
    return np.concatenate(pieces) if pieces else np.zeros(0)
