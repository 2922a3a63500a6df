"""Breath that hits the microphone at p, b and t: a thump below the voice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.levels import speech_dbfs
from avatars.voices.enrol.inspect.take import HOP, Take
from visavis.signal import FULL_SCALE
from visavis.words import RATE

LIMIT_DB = 0.0
"""How loud a thump may be beside the voice's own level."""
STANDS_DB = 15.0
"""How far it stands out of what lies below the voice anyway."""
LONGEST_S = 0.25
CUT_HZ = 55.0
_BLOCK = 60 * RATE


def find(take: Take) -> list[Found]:
    if not take.speech:
        return []
    thumps, voice = low_levels(take), speech_dbfs(take)
    usual = float(np.median(thumps[take.speaking[: len(thumps)]])) if take.speaking.any() else -100.0
    limit = max(voice + LIMIT_DB, usual + STANDS_DB)
    loud = thumps > limit
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud.astype(np.int8), [0]])))
    found = []
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        if (end - begin) / 100 <= LONGEST_S:
            over = float(thumps[begin:end].max()) - voice
            found.append(Found("plosive", "warning", begin / 100, end / 100, over, limit - voice, "dB"))
    return found


def low_levels(take: Take) -> NDArray[np.float32]:
    """dBFS below the voice, of each 10 ms."""
    rows = []
    for at in range(0, len(take.pcm), _BLOCK):
        low = _below(take.pcm[at : at + _BLOCK].astype(np.float32) / np.float32(FULL_SCALE))
        whole = len(low) // HOP
        rows.append(np.mean(low[: whole * HOP].reshape(whole, HOP) ** 2, axis=1))
    power = np.concatenate(rows)[: len(take.levels)] if rows else np.zeros(0)
    power = np.convolve(power, np.ones(3) / 3, "same") if len(power) else power
    return np.asarray(10 * np.log10(np.maximum(power, 1e-10)), np.float32)


def _below(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    gain = np.clip((CUT_HZ + 15 - hertz) / 15, 0, 1) * np.clip((hertz - 8) / 8, 0, 1)
    return np.fft.irfft(spectrum * gain, len(sound)).astype(np.float32)
