"""Lips against sound: what is spoken goes the whole way, then pixels and samples are compared."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runtime.bench.closures import MS, Closure, Meant, closures, lag, levels, met, seen_closures
from runtime.bench.report import Row, percentile
from runtime.bench.spoken import TEXTS, Spoken, speak
from runtime.face import Face
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Context, Look, Tts, engine
from visavis.words import RATE, SLOT, Moment, Viseme

FACES, SIGHT = "runtime.workers.face:FaceService", "runtime.bench.sight:SightService"
TARGET_MS = 40.0
BATCH = 200
MODELS = 8
"""Pictures of a closed and of an open mouth, each, by which the mouth is found."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Speech, and for each of its pictures how far the mouth is open: 0 shut, 1 as wide as for an "ah"."""

    spoken: Spoken
    openings: tuple[float, ...]
    gap: float
    """Pixels between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Lips:
    """What was seen and heard of one avatar's speech; times in milliseconds, later pictures above zero."""

    closures: tuple[Closure, ...]
    lag_ms: float

    @property
    def offsets(self) -> list[float]:
        return [each.offset / MS for each in self.closures if each.offset is not None]

    @property
    def closed(self) -> float:
        """The share of /p b m/ on which the lips are seen to meet."""
        return sum(met(each) for each in self.closures) / max(1, len(self.closures))


async def watch(
    avatar: Path, language: str = "en", *, renderer: str = "rig", texts: Sequence[str] | None = None
) -> Watched:
    """Speak `texts` with the built-in voice and the avatar, and look at what comes out. Raises EngineError."""
    launcher = LocalLauncher(LoopClock())
    try:
        pool = await launcher.pool(FACES, options={"capacity": 4})
        with tempfile.TemporaryDirectory() as cache:
            tts: Tts = await engine("tts", "espeak").open(Context(language, launcher, Path(cache)))
            face = await Face.open(pool, avatar, Look(language=language), renderer=renderer)
            spoken = await speak(face, tts, texts or TEXTS[language], language)
        model = await Face.open(pool, avatar, Look(language=language), renderer=renderer)
        return await look(launcher, model, spoken)
    finally:
        await launcher.close()


async def look(launcher: LocalLauncher, model: Face, spoken: Spoken) -> Watched:
    """See how far the mouth is open on each picture.

    `model` shows the same avatar with a closed and with an open mouth first, so that the mouth can be found.
    """
    pool = await launcher.pool(SIGHT)
    stream = await pool.open({"codec": model.codec})
    replies = aiter(stream)
    for label, shape in (("closed", Viseme.SIL), ("open", Viseme.AA)):
        moments = [
            Moment(n * RATE // 2, 1, "speaking", visemes=((-5 * SLOT, shape), (5 * SLOT, shape))) for n in range(1, 9)
        ]
        packets = [await model.picture(moment, key=not n) for n, moment in enumerate(moments)]
        await stream.append({"packets": [packet.data for packet in packets], "label": label})
        await anext(replies)
    await model.close()
    openings: list[float] = []
    gap = 0.0
    for at in range(0, len(spoken.packets), BATCH):
        await stream.append({"packets": [packet.data for packet in spoken.packets[at : at + BATCH]], "label": ""})
        reply = await anext(replies)
        openings += reply["openings"]
        gap = reply["gap"]
    stream.cancel()
    return Watched(spoken, tuple(openings), gap)


def compare(watched: Watched, *, late_ms: int = 0) -> Lips:
    """Hold pictures against sound; `late_ms` shifts the sound, for a check that a shift is noticed."""
    spoken, late = watched.spoken, late_ms * MS
    pcm = np.concatenate([np.zeros(late, np.int16), spoken.pcm])
    meant = [Meant(each.start + late, each.end + late, each.alone) for each in spoken.meant]
    found = closures(meant, levels(pcm), seen_closures(spoken.pts, watched.openings))
    return Lips(tuple(found), lag(pcm, spoken.pts, watched.openings))


def lip_rows(found: Sequence[Lips], languages: Sequence[str]) -> list[Row]:
    """The figures of all languages together."""
    offsets = [offset for each in found for offset in each.offsets]
    every = [closure for each in found for closure in each.closures]
    sizes = [abs(offset) for offset in offsets]
    lag_ms = float(np.mean([each.lag_ms for each in found]))
    clear = f"{len(offsets)} of {len(every)} /p b m/, whose edges can be heard; {', '.join(languages)}"
    late = "above 0 the picture is late"
    return [
        Row("lips against sound, pixels, p95", percentile(sizes, 95), "ms", TARGET_MS, note=clear),
        Row("lips against sound, pixels, p50", percentile(sizes, 50), "ms"),
        Row("lips against sound, pixels, signed mean", float(np.mean(offsets)), "ms", note=late),
        Row("/p b m/ closed in the pixels", 100 * sum(map(met, every)) / max(1, len(every)), "%", 99.0, at_least=True),
        Row("lips against sound, loudness and opening correlated", lag_ms, "ms", note=late),
    ]
