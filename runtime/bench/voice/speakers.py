"""Whether two clips are told to be of one person, and how near a built-in voice comes to an enrolled one.

People of LibriSpeech: every pair of clips, then pairs of clips joined to ten seconds, as a consent has. The equal error
rate is where as many pairs of one person are refused as pairs of two are taken for one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from avatars.voices.adapted import Adapted
from avatars.voices.espeak import EspeakTts
from avatars.voices.profile import profile_of
from avatars.voices.speaker import SAME_SPEAKER, Embedding, SpeakerEncoder, similarity
from avatars.voices.speaker.mel import RATE as HZ
from runtime.bench.report import Row
from runtime.bench.voice.style import TEXTS, spoken
from runtime.settings import Installation
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Context, Style, Tts
from visavis.errors import SetupError
from visavis.signal import resample
from visavis.words import RATE, Pcm

FOLDER = Path("speech") / "librispeech"
TARGET = 1.0
JOINED_S = 10
PROFILE_S = 30


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """The rows of recordings below `data`; without them, or without the weights, a note."""
    if not (data / FOLDER).is_dir():
        return [], [f"Left out, speakers: there is no folder {data / FOLDER}."]
    try:
        encoder = await SpeakerEncoder.open(installation.app.cache.dir)
    except SetupError as error:
        return [], [f"Left out, speakers: {error}"]
    everyone = _people(data / FOLDER)
    people = {name: clips[:4] if quick else clips for name, clips in everyone.items()}
    rows = []
    joined = {name: _joined(clips) for name, clips in people.items()}
    for step, (sets, what) in enumerate(((people, "single clips"), (joined, f"clips of {JOINED_S} s"))):
        points = {name: [await encoder.embed(clip) for clip in clips] for name, clips in sets.items()}
        rows += _errors(points, what)
        done(step + 1, 3)
    rows.append(await _adapted(encoder, dict(list(everyone.items())[: 2 if quick else None])))
    done(3, 3)
    return rows, []


def _people(folder: Path) -> Mapping[str, list[Pcm]]:
    """Each speaker's clips at 16 kHz; the speaker is the first number of a file's name."""
    people: dict[str, list[Pcm]] = {}
    for path in sorted(folder.glob("*.flac")):
        pcm, rate = soundfile.read(path, dtype="int16")
        people.setdefault(path.name.split("-")[0], []).append(resample(pcm, rate, HZ))
    return people


def _joined(clips: Sequence[Pcm]) -> list[Pcm]:
    """The clips one after another, cut into pieces of `JOINED_S`."""
    whole, size = np.concatenate(clips), JOINED_S * HZ
    return [whole[at : at + size] for at in range(0, len(whole) - size + 1, size)]


def _errors(points: Mapping[str, Sequence[Embedding]], what: str) -> list[Row]:
    """The equal error rate, and both errors at the limit that the product uses."""
    every = [(name, point) for name, some in points.items() for point in some]
    pairs = [(one == other, similarity(a, b)) for (one, a), (other, b) in combinations(every, 2)]
    same = np.array([alike for one, alike in pairs if one])
    different = np.array([alike for one, alike in pairs if not one])
    note = f"{len(same)} pairs of one person, {len(different)} of two"
    refused, taken = 100 * np.mean(same < SAME_SPEAKER), 100 * np.mean(different >= SAME_SPEAKER)
    return [
        Row(f"speakers, {what}: equal error rate", equal_error(same, different), "%", TARGET, note=note),
        Row(f"speakers, {what}: refused at {SAME_SPEAKER}", float(refused), "%", note=f"taken {taken:.2f} %"),
    ]


def equal_error(same: NDArray[np.float64], different: NDArray[np.float64]) -> float:
    """The share in percent, at the limit where both errors are nearest to each other."""
    limits = np.unique(np.concatenate((same, different)))
    refused = np.searchsorted(np.sort(same), limits, "left") / len(same)
    taken = 1 - np.searchsorted(np.sort(different), limits, "left") / len(different)
    nearest = int(np.abs(refused - taken).argmin())
    return float(100 * (refused[nearest] + taken[nearest]) / 2)


async def _adapted(encoder: SpeakerEncoder, people: Mapping[str, Sequence[Pcm]]) -> Row:
    """How alike the built-in voice is to each person once it is adapted, beside what it was before."""
    launcher = LocalLauncher(LoopClock())
    text = " ".join(TEXTS["en"])
    try:
        base = await EspeakTts.open(Context("en", launcher, Path()))
        plain = await _point(encoder, base, text)
        before, after = [], []
        for clips in people.values():
            half = len(clips) // 2
            profile = await asyncio.to_thread(profile_of, np.concatenate(clips[:half])[: PROFILE_S * HZ], HZ)
            person = await encoder.embed(np.concatenate(clips[half:]))
            adapted = await Adapted.open(base, profile)
            before.append(similarity(plain, person))
            after.append(similarity(await _point(encoder, adapted, text), person))
    finally:
        await launcher.close()
    note = f"before {np.mean(before):.3f}, one person with himself {SAME_SPEAKER} or more"
    return Row("voice profile on espeak: similarity to the person, mean", float(np.mean(after)), "", note=note)


async def _point(encoder: SpeakerEncoder, tts: Tts, text: str) -> Embedding:
    return await encoder.embed(resample(await spoken(tts, text, Style()), RATE, HZ))
