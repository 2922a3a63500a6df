"""Questions by voices that the product does not use, with pauses inside, and real people's speech; with true ends."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]

from runtime.bench.flite import HZ, VOICES, say
from runtime.bench.recordings import frame
from visavis.signal import resample
from visavis.words import Pcm

LEAD_S, TAIL_S = 0.8, 3.0
SHORTEST_S, LONGEST_S = 0.3, 1.2
_PEAK = 0.5
_FADE = HZ // 200
_FRAME = HZ // 100
_ROOM = 3.0
"""The room's own noise, of 32768: hardly audible."""


@dataclass(frozen=True, slots=True)
class Speech:
    """16 kHz mono; `began` and `ended` are the first and one past the last sample of speech, `pauses` in seconds."""

    pcm: Pcm
    text: str
    began: int
    ended: int
    pauses: tuple[float, ...] = ()


def hesitant(text: str, voice: str, seed: int) -> Speech:
    """`text` with a pause of 0.3 to 1.2 s after a word, one in three with a second; which and how long, by `seed`."""
    dice = random.Random(seed)  # noqa: S311
    said = say(text, voice)
    inner = [end for _, end in said.words[:-1]]
    count = min(len(inner), 2 if len(inner) > 3 and dice.random() < 1 / 3 else 1)
    pieces, pauses, at = [], [], 0
    for end in sorted(dice.sample(inner, count)):
        seconds = dice.uniform(SHORTEST_S, LONGEST_S)
        pieces += [_faded(said.pcm[at:end]), np.zeros(round(seconds * HZ), np.int16)]
        pauses.append(seconds)
        at = end
    return placed(np.concatenate([*pieces, _faded(said.pcm[at:])]), text, seed, tuple(pauses))


def placed(pcm: Pcm, text: str, seed: int, pauses: tuple[float, ...] = (), *, real: bool = False) -> Speech:
    """Speech at an even level in a quiet room, with room before and after it."""
    peak = max(1, int(np.max(np.abs(pcm.astype(np.int32)), initial=1)))
    scaled: Pcm = np.rint(pcm * (_PEAK * 32767 / peak)).astype(np.int16)
    began, ended = within(scaled) if real else frame(scaled)[:2]
    lead = round(LEAD_S * HZ)
    sound = np.pad(scaled.astype(np.float64), (lead, round(TAIL_S * HZ)))
    sound += np.random.default_rng(seed).normal(0, _ROOM, len(sound))
    whole = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return Speech(whole, text, lead + began, lead + ended, pauses)


def questions(texts: Sequence[str], count: int) -> Iterator[Speech]:
    """`count` of `texts` of two words and more, spread over them, each in one of the voices."""
    long = [text for text in texts if len(text.split()) > 1]
    for n in range(count):
        yield hesitant(long[n * len(long) // count], VOICES[n % len(VOICES)], n)


def within(pcm: Pcm) -> tuple[int, int]:
    """The first and one past the last sample of speech in a real room: 30 dB under its loud parts, or above."""
    frames = pcm[: len(pcm) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > np.percentile(power, 95) / 1000)
    return int(loud[0]) * _FRAME, int(loud[-1] + 1) * _FRAME


def people(files: Sequence[Path]) -> Iterator[Speech]:
    """Recordings of people, in the order of the files."""
    for n, path in enumerate(files):
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
        yield placed(resample(np.ascontiguousarray(samples[:, 0]), rate, HZ), path.stem, n, real=True)


def _faded(pcm: Pcm) -> Pcm:
    """A piece whose cut is no click."""
    gains = np.ones(len(pcm))
    edge = min(_FADE, len(pcm))
    gains[len(pcm) - edge :] = np.linspace(1, 0, edge)
    faded: Pcm = np.rint(pcm * gains).astype(np.int16)
    return faded
