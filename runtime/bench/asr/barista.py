"""Coffee orders spoken by many people, heard by the embedded recogniser with the sentences of the domain as knowledge.

The decoder's numbers (beams, how the mean is learned, the weight of general English) were compared on every second
recording; the others, which no choice was made on, have a row of their own.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runtime.bench.asr import Section, Task
from runtime.bench.report import Row, percentile
from runtime.hearing.decoding import HZ
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from runtime.settings import Installation
from visavis.engines import Message
from visavis.errors import SetupError
from visavis.words import Pcm

PIECE = 512
QUICK = 5
"""With `quick` every so manieth recording is heard."""
TUNED = 2
"""Every so manieth recording, from the first, had a part in choosing the decoder's numbers."""

_MUCH = r"(?:(?:a little bit|little bit|a bit|a lot|lots) of |some )?"
SLOTS: Mapping[str, re.Pattern[str]] = {
    "coffeeDrink": re.compile(
        "americano|cappuccino|drip coffee|house coffee|iced coffee|iced mocha|espresso|latte|mocha|coffee"
    ),
    "milkAmount": re.compile(_MUCH + "(?:(?:almond|soy|skim|whole) milk|milk|cream)"),
    "numberOfShots": re.compile("(?:single|double|triple) shot"),
    "roast": re.compile("(?:dark|light|medium) roast"),
    "size": re.compile("(?:eight|twelve|sixteen|twenty) ounce|small|large|medium(?! roast)"),
    "sugarAmount": re.compile(_MUCH + "(?:brown sugar|sugar|sweetener)"),
}
"""What a value of each slot looks like in a transcript."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was heard; `late_s` from the last sample until the final text, had the sound come in real time.

    `alone_s` is the same in processor time, as on a machine with nothing else to do.
    """

    text: str
    late_s: float
    alone_s: float
    busy_s: float
    sound_s: float


async def measure(task: Task) -> Section:
    """Raises SetupError where the recordings are missing."""
    place = task.data / "speech" / "barista"
    if not (place / "label.json").is_file():
        raise SetupError(f"there is no speech/barista in {task.data}", "name another folder with --data DIR")
    cache = Installation(task.folder, required=False, with_dialogs=False).app.cache.dir
    return await asyncio.to_thread(_measure, place, Path(cache), task)


def _measure(place: Path, cache: Path, task: Task) -> Section:
    labels = json.loads((place / "label.json").read_text("utf-8"))
    service = PocketSphinxService((place / "corpus.txt").read_text("utf-8").splitlines(), str(cache))
    orders: list[Order] = []
    right: list[bool] = []
    every = sorted(labels)
    compared = frozenset(every[::TUNED])
    names = every[:: QUICK if task.quick else 1]
    for name in names:
        orders.append(hear(service, _read(place / name)))
        found, wanted = slots(orders[-1].text), labels[name]["slots"]
        right.append(all(found.get(slot) == " ".join(value.split()) for slot, value in wanted.items()))
        task.done(len(orders), len(names))
    late = [1000 * order.late_s for order in orders]
    busy = sum(order.busy_s for order in orders) / sum(order.sound_s for order in orders)
    fresh = [each for name, each in zip(names, right, strict=True) if name not in compared]
    note = f"{len(orders)} people's orders"
    return Section(
        [
            Row("orders of real people: all slots right", float(np.mean(right)), "", 0.60, True, note),
            Row("the same of those that nothing was chosen on", float(np.mean(fresh)), "", 0.60, True, f"{len(fresh)}"),
            Row("last sample in → final text, p95", percentile(late, 95), "ms", 200, note=note),
            Row("the same in processor time", percentile([1000 * order.alone_s for order in orders], 95), "ms"),
            Row("one core kept busy by one speaker", 100 * busy, "%"),
        ]
    )


def slots(text: str) -> dict[str, str]:
    """What of each slot an order says; the first, where it says two."""
    found = {slot: pattern.search(text.lower()) for slot, pattern in SLOTS.items()}
    return {slot: match.group() for slot, match in found.items() if match is not None}


def hear(service: PocketSphinxService, pcm: Pcm) -> Order:
    """Hear one recording as if its pieces came in real time: work that is not done in time delays what follows."""
    told: list[str] = []

    def emit(message: Message) -> bool:
        told.append(message["text"])
        return True

    wall, alone = _Line(time.perf_counter), _Line(time.thread_time)
    service.open(0, {})
    for at in range(0, len(pcm), PIECE):
        piece = pcm[at : at + PIECE]
        with wall.after((at + len(piece)) / HZ), alone.after((at + len(piece)) / HZ):
            service.append(0, {"pcm": piece.tobytes()}, emit)
    with wall.after(0.0), alone.after(0.0):
        service.end(0, emit)
    whole = len(pcm) / HZ
    return Order(told[-1], wall.now - whole, alone.now - whole, alone.busy, whole)


class _Line:
    """The time at which work is done that may begin when its sound is there and what came before is done."""

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self.now = self.busy = 0.0

    @contextmanager
    def after(self, there_s: float) -> Iterator[None]:
        began = self._timer()
        yield
        spent = self._timer() - began
        self.now, self.busy = max(self.now, there_s) + spent, self.busy + spent


def _read(path: Path) -> Pcm:
    sound: Any = importlib.import_module("soundfile")
    pcm, rate = sound.read(path, dtype="int16")
    if rate != HZ or pcm.ndim != 1:
        raise SetupError(f"{path} has {rate} Hz and the shape {pcm.shape}", f"give mono sound at {HZ} Hz")
    return np.asarray(pcm, np.int16)
