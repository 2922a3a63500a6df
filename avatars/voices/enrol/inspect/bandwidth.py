"""How high the sound reaches: a telephone, a headset over radio or a coarse codec cuts off what makes a voice clear."""

from __future__ import annotations

import numpy as np

from avatars.voices.enrol.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect.take import WINDOW, Take
from visavis.words import RATE

LIMIT_HZ, ERROR_HZ = 6_500.0, 4_500.0
LOWEST_RATE = 16_000
FALL_DB = 65.0
"""What lies so far under the strongest band of the speech is not there."""


def find(take: Take) -> list[Found]:
    if not take.speech:
        return []
    found = []
    for start, each in zip(take.starts, take.recordings, strict=True):
        if each.source.rate < LOWEST_RATE:
            span = (start, start + each.seconds)
            found.append(Found("sample_rate", "error", *span, each.source.rate, LOWEST_RATE, "Hz"))
    top = highest_hz(take)
    if top < LIMIT_HZ and not found:
        severity: Severity = "error" if top < ERROR_HZ else "warning"
        found.append(Found("bandwidth", severity, 0.0, len(take.levels) / 100, top, LIMIT_HZ, "Hz"))
    return found


def highest_hz(take: Take) -> float:
    """The frequency up to which the louder speech has power."""
    total = np.zeros(WINDOW // 2 + 1)
    for at, power in take.spectra():
        speaking = take.speaking[at : at + len(power)]
        total += power[speaking].sum(axis=0)
    decibels = 10 * np.log10(total + 1e-20)
    there = np.flatnonzero(decibels > decibels.max() - FALL_DB)
    return float(there[-1] * RATE / WINDOW) if len(there) else 0.0
