"""Another person's voice in between: windows of speech whose speaker is not the take's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.take import Embed, Take
from visavis.errors import EngineError
from visavis.vad import VAD_RATE
from visavis.words import Pcm

LIMIT = 0.73
"""Least likeness of a window to the take: one speaker's lie above 0.79, another's below 0.69 (LibriSpeech)."""
WINDOW_S, HOP_S = 2.4, 1.2
MOST = 800
"""Windows that are looked at; a longer take is looked at in wider steps."""


def find(take: Take, embed: Embed, done: Callable[[float], object] = lambda share: None) -> list[Found]:
    times, sound = _speech(take)
    length = round(WINDOW_S * VAD_RATE)
    step = max(round(HOP_S * VAD_RATE), (len(sound) - length) // MOST)
    starts = range(0, len(sound) - length, step) if len(sound) > 3 * length else ()
    rows, at = [], []
    for index, start in enumerate(starts):
        done(index / len(starts))
        try:
            rows.append(embed(sound[start : start + length]))
        except EngineError:  # too little voice in this window
            continue
        at.append(start)
    if len(rows) < 3:
        return []
    points = np.stack(rows)
    central = points[np.argsort(np.median(points @ points.T, axis=1))[len(points) // 2 :]].mean(axis=0)
    likeness = points @ (central / np.linalg.norm(central))
    found: list[Found] = []
    for start, each in zip(at, likeness, strict=True):
        if each >= LIMIT:
            continue
        begin, end = float(times[start]), float(times[start + length - 1])
        if found and begin <= found[-1].end_s:
            found[-1] = found[-1]._replace(end_s=end, measured=min(found[-1].measured, float(each)))
        else:
            found.append(Found("second_speaker", "error", begin, end, float(each), LIMIT, ""))
    return found


def _speech(take: Take) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], Pcm]:
    """All speech at 16 kHz without its pauses, and the second of the take of each sample."""
    spans = [(round(a * VAD_RATE), min(round(b * VAD_RATE), len(take.narrow))) for a, b in take.speech]
    if not spans:
        return np.zeros(0), np.zeros(0, np.int16)
    return (
        np.concatenate([np.arange(a, b) for a, b in spans]) / VAD_RATE,
        np.concatenate([take.narrow[a:b] for a, b in spans]),
    )
