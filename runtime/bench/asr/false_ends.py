"""How often the avatar stops for what no visitor said: voices far away, and its own voice back from the room.

A visitor asks, a long answer follows, and so on; the far voices begin with the first answer, for before that nobody is
known whose voice could be nearer. What fell silent for no visitor is counted, an hour of the room's time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-untyped]

from runtime.bench.asr import Section, Task
from runtime.bench.asr.interruption import ANSWERS, PATIENCE_S, embedded, visitor
from runtime.bench.asr.room import VISITOR_DBFS, Room, Samples, Spoken, recogniser, scaled, speak
from runtime.bench.flite import available
from runtime.bench.report import Row
from runtime.events import MoodChanged, TurnEnded
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from visavis.clock import run_virtual
from visavis.errors import SetupError
from visavis.signal import resample
from visavis.words import RATE

FAR_DB = 20.0
ENDS, HOLDS = 0.0, 6.0
LINES = 5
"""Sentences of an answer."""
FIRST_S = 6.0
"""When the first question has been asked."""
AFTER_S = 1.0
"""A visitor who asks is why the avatar falls silent up to so long after his last word."""


@dataclass(slots=True)
class Counted:
    """What happened without a visitor in `seconds` of the room's time, the avatar speaking for `spoke_s` of them."""

    seconds: float = 0.0
    spoke_s: float = 0.0
    ends: int = 0
    holds: int = 0

    def an_hour(self, count: int) -> float:
        return 3600 * count / self.seconds


async def measure(task: Task) -> Section:
    """Raises SetupError where flite or the recordings are missing."""
    if not available():
        raise SetupError("flite is not installed", "apt-get install -y flite")
    files = sorted((task.data / "speech" / "librispeech").glob("*.flac"))
    if not files:
        raise SetupError(f"there is no speech/librispeech in {task.data}", "name another folder with --data DIR")
    spoken, service = await speak(ANSWERS), embedded(task)
    minutes, rows = (2 if task.quick else 10), []
    rooms = ((f"far voices {FAR_DB:g} dB under the visitor", far(files)), ("its own echo 15 dB under", None))
    for place, (name, others) in enumerate(rooms):
        found = await asyncio.to_thread(run_virtual, _count(spoken, service, 60.0 * minutes, others))
        note = f"{found.ends} and {found.holds} in {minutes} minutes, {found.spoke_s:.0f} s of speech"
        rows.append(Row(f"false ends an hour, {name}", found.an_hour(found.ends), "", ENDS, note=note))
        rows.append(Row(f"false holds an hour, {name}", found.an_hour(found.holds), "", HOLDS))
        task.done(place + 1, 2)
    return Section(rows, [f"False ends and holds: an hour's count, told by {minutes} minutes."])


def far(files: list[Path]) -> Samples:
    """Everybody's sentences one after the other, each equally far away."""
    pieces = []
    for file in files[::3]:
        samples, rate = soundfile.read(file, dtype="int16")
        pieces.append(scaled(resample(samples, rate, RATE), VISITOR_DBFS - FAR_DB))
    return np.concatenate([np.zeros(round(FIRST_S * RATE)), *pieces])


async def _count(spoken: Spoken, service: PocketSphinxService, seconds: float, others: Samples | None) -> Counted:
    room = Room(spoken, recogniser(service), seconds=seconds, lines=LINES, echo=others is None, others=others)
    asked: list[tuple[float, float]] = []
    await room.live(partial(_visit, seconds=seconds, asked=asked))
    found = Counted(seconds)
    mood, since = "idle", 0.0
    for at, event in room.outlet.events:
        if at > seconds - PATIENCE_S:
            break
        own = any(began <= at <= ended + AFTER_S for began, ended in asked)
        if isinstance(event, MoodChanged):
            found.spoke_s += at - since if mood == "speaking" else 0.0
            mood, since = event.mood, at
            found.holds += event.mood == "held" and not own
        elif isinstance(event, TurnEnded):
            found.ends += event.status == "cancelled" and not own
    return found


async def _visit(room: Room, *, seconds: float, asked: list[tuple[float, float]]) -> AsyncIterator[float]:
    yield 2.0
    place = 0
    while room.clock.now() < seconds:
        sound, _ = visitor(place)
        place += 1
        asked.append((room.clock.now(), room.says(sound)))
        yield asked[-1][1]
        patient = room.clock.now() + PATIENCE_S
        while not room.speaking and room.clock.now() < patient:
            yield room.clock.now() + 0.1
        while room.session.playing is not None and room.clock.now() < seconds:
            yield room.clock.now() + 0.5
        yield room.clock.now() + 1.0
