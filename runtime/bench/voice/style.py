"""Whether each control of a style moves what it names, and by how much, as an ear would measure it.

The pitch is the median F0 that WORLD finds, the level the RMS, the rate and the length are counted in samples. The
built-in voice follows its own dials; the same voice with all of them hidden, and flite, follow by signal processing.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from avatars.voices.espeak import EspeakTts
from avatars.voices.styled import Styled
from runtime.bench import flite
from runtime.bench.report import Row, percentile
from runtime.bench.voice.world import world
from runtime.settings import Installation
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Capabilities, Context, Style, Tts
from visavis.errors import SetupError
from visavis.signal import dbfs, resample
from visavis.streams import closing
from visavis.words import RATE, Emotion, Pcm, SpeechChunk

TEXTS = {
    "en": (
        "Welcome to the museum; it is good to see you.",
        "The next guided tour begins in about twenty minutes near the fountain.",
        "My mother may remember a number of small bamboo umbrellas.",
    ),
    "zh": ("您好，欢迎光临我们的茶馆！", "我们早上九点开门，下午五点关门。", "这款龙井茶三百克，今天特价。"),
}
FACTORS = (0.7, 0.85, 1.0, 1.2, 1.4)
DEGREES = (0.0, 0.5, 1.0, 1.5, 2.0)
CONTROLS: Mapping[str, tuple[Callable[[float], Style], Sequence[float], str]] = {
    "rate": (lambda value: Style(rate=value), FACTORS, "pace"),
    "pitch": (lambda value: Style(pitch=value), FACTORS, "f0"),
    "energy": (lambda value: Style(energy=value), (0.4, 0.7, 1.0, 1.3, 1.6), "level"),
    "duration_s": (lambda value: Style(duration_s=value), (2.0, 2.5, 3.0, 3.5, 4.0), "length"),
    "surprised, by degree": (lambda value: Style(Emotion.SURPRISED, degree=value), DEGREES, "f0"),
    "happy, by degree": (lambda value: Style(Emotion.HAPPY, degree=value), DEGREES, "f0"),
    "sad, by degree": (lambda value: Style(Emotion.SAD, degree=value), DEGREES, "length"),
}
"""How a control is set, its settings, and what must grow with it."""
HELD_MS = 50.0
_CHUNK = RATE // 5


class Fixed:
    """A `Tts` that follows no style: what it says of each text is there already."""

    def __init__(self, spoken: Mapping[str, Pcm]) -> None:
        self.capabilities, self.version = Capabilities(), "fixed"
        self._spoken = spoken

    async def speak(self, text: str, style: Style) -> AsyncGenerator[SpeechChunk, None]:
        pcm = self._spoken[text]
        for at in range(0, len(pcm), _CHUNK):
            yield SpeechChunk(pcm[at : at + _CHUNK])

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One sentence as it is measured."""

    length: float
    f0: float
    level: float

    @property
    def pace(self) -> float:
        return 1 / self.length


def heard(pcm: Pcm) -> Heard:
    """Its length in seconds, the median of its F0 in Hz, its RMS as a factor of full scale."""
    tools: Any = world()
    wide = pcm.astype(np.float64) / 32_768
    rough, times = tools.dio(wide, RATE, f0_floor=60.0, f0_ceil=480.0)
    f0 = tools.stonemask(wide, rough, times, RATE)
    hums = f0[f0 > 0]
    return Heard(len(pcm) / RATE, float(np.median(hums)) if len(hums) else 0.0, 10 ** (dbfs(pcm) / 20))


async def measure(
    installation: Installation, *, quick: bool, data: object, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """The rows of all controls over all voices; without WORLD a note."""
    try:
        world()
    except SetupError as error:
        return [], [f"Left out, style: {error}"]
    rows: list[Row] = []
    launcher = LocalLauncher(LoopClock())
    try:
        voices = await _voices(launcher, quick=quick)
        for step, (name, control) in enumerate(CONTROLS.items()):
            rows += await _control(name, *control, voices)
            done(step + 1, len(CONTROLS))
        held = max([await held_ms(voice, text) for _, voice, texts in voices for text in texts])
        rows.append(Row("style: sound held back at the start", held, "ms", HELD_MS, note="of its own length"))
    finally:
        await launcher.close()
    names = ", ".join(name for name, _, _ in voices)
    return rows, [f"Style: {sum(len(texts) for _, _, texts in voices)} sentences in the voices {names}."]


Voice = tuple[str, Tts, tuple[str, ...]]


async def _voices(launcher: LocalLauncher, *, quick: bool) -> list[Voice]:
    """Voices behind `Styled`, each with its texts."""
    voices: list[Voice] = []
    for language, every in TEXTS.items():
        texts = every[:1] if quick else every
        tts = await EspeakTts.open(Context(language, launcher, Path()))
        plain = {text: await spoken(tts, text, Style()) for text in texts}
        voices += [(f"espeak {language}", Styled(tts), texts)]
        voices += [(f"espeak {language} without its dials", Styled(Fixed(plain)), texts)]
    if flite.available():
        texts = TEXTS["en"][:1] if quick else TEXTS["en"]
        for name in ("slt", "rms"):
            said = {text: resample(flite.say(text, name).pcm, flite.HZ, RATE) for text in texts}
            voices.append((f"flite {name}", Styled(Fixed(said)), texts))
    return voices


async def spoken(tts: Tts, text: str, style: Style) -> Pcm:
    """The whole sound of a sentence."""
    return np.concatenate([chunk.pcm async for chunk in tts.speak(text, style)])


async def _control(
    name: str, style: Callable[[float], Style], settings: Sequence[float], what: str, voices: Sequence[Voice]
) -> list[Row]:
    """How many neighbouring settings are in order, and how near to what was asked a factor or a length comes."""
    ordered: list[bool] = []
    off: list[float] = []
    for _, voice, texts in voices:
        for text in texts:
            found = [getattr(heard(await spoken(voice, text, style(value))), what) for value in settings]
            ordered += [low < high for low, high in pairwise(found)]
            if "degree" in name:
                continue
            usual = 1.0 if what == "length" else found[settings.index(1.0)]
            off += [100 * abs(got / usual / value - 1) for got, value in zip(found, settings, strict=True)]
    share = Row(f"style, {name}: neighbouring settings in order", float(np.mean(ordered)), "", 1.0, at_least=True,
                note=f"{len(ordered)} pairs")  # fmt: skip
    if not off:
        return [share]
    note = f"median {np.median(off):.1f} %, worst {max(off):.0f} %"
    return [share, Row(f"style, {name}: away from what was asked, p90", percentile(off, 90), "%", note=note)]


async def held_ms(voice: Tts, text: str) -> float:
    """How much less sound the first chunk has when the voice is made a little higher, in milliseconds of sound."""
    first = [await _first(voice, text, Style(pitch=pitch)) for pitch in (1.0, 1.1)]
    return 1000 * (first[0] - first[1]) / RATE


async def _first(voice: Tts, text: str, style: Style) -> int:
    async with closing(voice.speak(text, style)) as chunks:
        return len((await anext(aiter(chunks))).pcm)
