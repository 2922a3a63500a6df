"""How soon the avatar is silent when a visitor speaks into its answer: a real session, ears and tree, in a room."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from functools import partial

from runtime.bench.asr import Section, Task
from runtime.bench.asr.room import VISITOR_DBFS, Room, Samples, Spoken, recogniser, scaled, speak
from runtime.bench.flite import HZ, VOICES, available, say
from runtime.bench.recordings import frame
from runtime.bench.report import Row, percentile
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from runtime.settings import Installation
from visavis.clock import run_virtual
from visavis.errors import SetupError
from visavis.signal import resample
from visavis.words import RATE

TARGET_MS = 300.0
MISSED_MS = 5000.0
"""What an interruption counts that was passed over."""
PATIENCE_S = 8.0
"""So long an answer is waited for."""
ANSWERS = (
    "The museum is open from ten in the morning to six in the evening, every day except Monday.",
    "An adult ticket costs twelve euros, and children under six come in for nothing.",
    "Go up the stairs to the second floor, turn left behind the cafe, and you will find the paintings at the end.",
    "The tram stops in front of the main gate, and there is a car park behind the library.",
    "Photographs are allowed everywhere, but please do not use a flash or a tripod.",
    "Every Sunday at eleven there is a tour for families, and it lasts for about an hour.",
)
INTERRUPTIONS = (
    "when do you open",
    "how much is a ticket for children",
    "stop that please",
    "where is the exit",
    "can I take pictures here",
    "wait a moment",
    "is there a cafe",
    "what about Sunday",
    "I want to go to the toilet",
    "do you have a map of the museum",
)


TRIES = 2
"""So many times as often is something said: an answer may have ended by then, and there is nothing to interrupt."""


async def measure(task: Task) -> Section:
    """Raises SetupError where flite is missing."""
    if not available():
        raise SetupError("flite is not installed", "apt-get install -y flite")
    spoken, service = await speak(ANSWERS), embedded(task)
    count, rows = (8 if task.quick else 30), []
    for place, (name, echo) in enumerate((("quiet room", False), ("its own echo 15 dB under the visitor", True))):
        waits = await asyncio.to_thread(run_virtual, _interrupt(spoken, service, count, echo=echo))
        missed = sum(wait is None for wait in waits)
        late = [1000 * wait for wait in waits if wait is not None] + [MISSED_MS] * missed
        label = f"interruption, {name}: speech onset → output faded"
        note = f"{count} interruptions by flite, {missed} passed over"
        rows.append(Row(f"{label}, p50", percentile(late, 50), "ms"))
        rows.append(Row(f"{label}, p95", percentile(late, 95), "ms", TARGET_MS, note=note))
        task.done(place + 1, 2)
    return Section(rows)


def embedded(task: Task) -> PocketSphinxService:
    """The recogniser of the product, with what is asked as its knowledge."""
    cache = Installation(task.folder, required=False, with_dialogs=False).app.cache.dir
    return PocketSphinxService(list(INTERRUPTIONS), str(cache))


def visitor(place: int) -> tuple[Samples, int]:
    """What the visitor says, and its first sample of speech."""
    pcm = say(INTERRUPTIONS[place % len(INTERRUPTIONS)], VOICES[place % len(VOICES)]).pcm
    sound = resample(pcm, HZ, RATE)
    return scaled(sound, VISITOR_DBFS), frame(pcm)[0] * RATE // HZ


async def _interrupt(spoken: Spoken, service: PocketSphinxService, count: int, *, echo: bool) -> Sequence[float | None]:
    """Seconds from each onset until it was silent; None where it spoke on."""
    room = Room(spoken, recogniser(service), seconds=20.0 * TRIES * count, echo=echo, others=None)
    found: list[float | None] = []
    await room.live(partial(_talk, count=count, found=found))
    return found


async def _talk(room: Room, *, count: int, found: list[float | None]) -> AsyncIterator[float]:
    dice = random.Random(1)  # noqa: S311
    yield 1.0
    for place in range(TRIES * count):
        if len(found) == count:
            return
        sound, began = visitor(place)
        onset, due = room.clock.now() + began / RATE, room.says(sound)
        speaking = room.speaking
        before = len(room.outlet.faded)
        yield due + 0.5
        later = room.outlet.faded[before:]
        if place and speaking:
            found.append(later[0] - onset if later else None)
        patient = room.clock.now() + PATIENCE_S
        while not room.speaking and room.clock.now() < patient:
            yield room.clock.now() + 0.1
        yield room.clock.now() + dice.uniform(1.0, 5.0)
