"""How true the times are that a voice gets which gives none, by voices whose phoneme times are known.

Debian's flite says when each of its phonemes begins; none of its voices is the product's, and nothing was fitted to
them: the reference is espeak-ng's own speech. Phonemes are counted that both have at the same place of the text.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avatars.voices import visemes
from avatars.voices.align import SERVICE
from avatars.voices.espeak import front_manner
from avatars.voices.shaping import LEAD, QUIET_DBFS
from runtime.bench.report import Row, percentile
from runtime.settings import Installation
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Message, Pool
from visavis.signal import first_above, resample, to_bytes
from visavis.words import RATE, Pcm

VOICES = ("slt", "rms", "awb", "kal16")
TARGET_MS = 40.0
CHUNK = RATE // 10
IPA = {
    "aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "aʊ", "ax": "ə", "ay": "aɪ", "b": "b", "ch": "tʃ", "d": "d",
    "dh": "ð", "eh": "ɛ", "er": "ɝ", "ey": "eɪ", "f": "f", "g": "ɡ", "hh": "h", "ih": "ɪ", "iy": "i", "jh": "dʒ",
    "k": "k", "l": "l", "m": "m", "n": "n", "ng": "ŋ", "ow": "oʊ", "oy": "ɔɪ", "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ",
    "t": "t", "th": "θ", "uh": "ʊ", "uw": "u", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ",
}  # fmt: skip
"""flite's phonemes."""
TEXTS = (
    "The museum opens at nine in the morning and closes at five in the afternoon.",
    "Welcome, and thank you for visiting our collection today.",
    "You will find the cloakroom on your left, just behind the main staircase.",
    "Please do not touch the paintings, they are several hundred years old.",
    "Children under twelve years may enter free of charge.",
    "The next guided tour begins in about twenty minutes near the fountain.",
    "I am sorry, but the upper gallery is closed for restoration this week.",
    "Would you like to hear more about the history of this building?",
    "My mother may remember a number of small bamboo umbrellas.",
    "A quick brown fox jumps over the lazy dog while the judge watches.",
    "She sells fresh vegetables and cheese at the market every Thursday.",
    "The weather was lovely all week long, until the very last day.",
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A phoneme in bare IPA symbols and the sample at which it begins."""

    at: float
    ipa: str


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    if shutil.which("flite") is None:
        return [], ["Left out, alignment: flite is not installed; apt-get install flite."]
    texts = TEXTS[:4] if quick else TEXTS
    errors: dict[bool, dict[str, list[float]]] = {live: {voice: [] for voice in VOICES} for live in (True, False)}
    launcher = LocalLauncher(LoopClock())
    pool = await launcher.pool(SERVICE)
    try:
        for step, (voice, text) in enumerate((voice, text) for voice in VOICES for text in texts):
            pcm, said = await asyncio.to_thread(spoken, voice, text)
            for live, found in errors.items():
                found[voice] += distances(said, await aligned(pool, voice, text, pcm, live=live))
            done(step + 1, len(VOICES) * len(texts))
    finally:
        await pool.close()
    return [_row(errors[True], "a stream of 100 ms chunks"), _row(errors[False], "whole sentences")], [
        "Phoneme times, median by voice (stream / whole): "
        + ", ".join(f"{v} {np.median(errors[True][v]):.0f} / {np.median(errors[False][v]):.0f} ms" for v in VOICES)
        + "."
    ]


def _row(errors: dict[str, list[float]], how: str) -> Row:
    every = [each for found in errors.values() for each in found]
    note = f"{len(every)} phonemes of {len(errors)} flite voices, p90 {percentile(every, 90):.0f} ms"
    return Row(f"phoneme times where the engine gives none, {how}: median error", float(np.median(every)), "ms",
               TARGET_MS, note=note)  # fmt: skip


async def aligned(pool: Pool, voice: str, text: str, pcm: Pcm, *, live: bool) -> list[Timed]:
    """The phonemes as the product finds them, in samples of `pcm`, which is at 24 kHz."""
    manner = front_manner("en-US", 1.0)
    stream = await pool.open({"text": text, "at": 0, "manner": manner, "voice": f"{voice} {live}", "live": live})
    cut = max(0, (first_above(pcm, QUIET_DBFS) or 0) - LEAD)
    found: list[Message] = []
    replies = aiter(stream)
    for begin in range(0, len(pcm), CHUNK):
        await stream.append({"pcm": to_bytes(pcm[begin : begin + CHUNK])})
        while "done" not in (reply := await anext(replies)):
            found.append(reply)
    await stream.end()
    found += [reply async for reply in replies]
    return [
        Timed(cut + start, visemes.symbols(ipa))
        for reply in found
        for start, ipa in reply["phonemes"]
        if visemes.symbols(ipa)
    ]


def spoken(voice: str, text: str) -> tuple[Pcm, list[Timed]]:
    """flite's speech at 24 kHz, and its phonemes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        told = subprocess.run(
            ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(path)],
            check=True,
            capture_output=True,
            text=True,
        )
        with wave.open(str(path)) as file:
            pcm = resample(np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate(), RATE)
    begins, said = 0.0, []
    for name, _, end in (token.partition(":") for token in told.stdout.split()):
        if name in IPA:
            said.append(Timed(begins * RATE, IPA[name]))
        begins = float(end)
    return pcm, said


def distances(said: Sequence[Timed], found: Sequence[Timed]) -> list[float]:
    """Milliseconds between the beginnings of the phonemes that both have."""
    pairs = matched([each.ipa for each in said], [each.ipa for each in found])
    return [abs(said[a].at - found[b].at) / RATE * 1000 for a, b in pairs]


def matched(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of the cheapest alignment that sound alike: the same symbols, or as many of the same mouth shapes."""
    cost = np.zeros((len(ours) + 1, len(theirs) + 1))
    cost[:, 0], cost[0] = np.arange(len(ours) + 1) * 0.8, np.arange(len(theirs) + 1) * 0.8
    for a, one in enumerate(ours, 1):
        for b, other in enumerate(theirs, 1):
            cost[a, b] = min(cost[a - 1, b - 1] + _unlike(one, other), cost[a - 1, b] + 0.8, cost[a, b - 1] + 0.8)
    pairs, a, b = [], len(ours), len(theirs)
    while a and b:
        unlike = _unlike(ours[a - 1], theirs[b - 1])
        if cost[a, b] == cost[a - 1, b - 1] + unlike:
            a, b = a - 1, b - 1
            if unlike < 0.5:
                pairs.append((a, b))
        elif cost[a, b] == cost[a - 1, b] + 0.8:
            a -= 1
        else:
            b -= 1
    return pairs[::-1]


def _unlike(one: str, other: str) -> float:
    if one == other:
        return 0.0
    alike = {shape for shape, _ in visemes.shapes(one)} & {shape for shape, _ in visemes.shapes(other)}
    return 0.3 if alike and len(one) == len(other) else 1.0
