"""How soon an edit of a large library is live, and how long it keeps the event loop from its other work."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.knowledge import Knowledge
from knowledge.watch import watch
from runtime.bench.kb_library import WordSums, entries, write
from runtime.bench.report import Row, percentile
from runtime.learning import Learning
from runtime.serve import TURN_S
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher

ENTRIES, QUICK, PHRASINGS = 10_000, 3_000, 3
EDITS = 8
TICK_S = 0.001


async def edits(quick: bool) -> list[Row]:
    """One entry is edited, again and again; each time until it is answered, the file's watching included."""
    asked = entries(QUICK if quick else ENTRIES, PHRASINGS)
    lives, stalls = [], []
    turn = sys.getswitchinterval()
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(asked, folder)
        context, embedder = Context("en", InlineLauncher(), folder / "cache"), WordSums()
        knowledge = await Knowledge.open(["bench"], folder, context, embedder)

        async def read(before: Knowledge) -> Knowledge:
            return await Knowledge.open(["bench"], folder, context, embedder, before=before, soon=True)

        learning = Learning("bench", knowledge, folder, read, lambda before: None)
        del knowledge
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(TURN_S)
        try:
            async with _followed(learning, folder):
                for number in range(EDITS):
                    lived, stalled = await _edited(learning, folder / "bench-001.yaml", number)
                    lives.append(lived)
                    stalls += stalled
        finally:
            sys.setswitchinterval(turn)
            gc.unfreeze()
    note = f"{len(asked):,} entries, {EDITS} edits, worst {max(lives):.2f} s"
    stall = f"p50 {percentile(stalls, 50):.1f} ms, worst {max(stalls):.0f} ms"
    return [
        Row("an edit until it is answered, median", percentile(lives, 50), "s", 1.5, note=note),
        Row("an edit: event loop late, p99", percentile(stalls, 99), "ms", 20.0, note=stall),
    ]


@asynccontextmanager
async def _followed(learning: Learning, folder: Path) -> AsyncIterator[None]:
    """Edits are followed as the server does."""
    stop = asyncio.Event()

    async def follow() -> None:
        async for _ in watch(folder, stop):
            await learning.reload()
            gc.collect(1)
            gc.freeze()

    following = asyncio.create_task(follow(), name="follow edits")
    await asyncio.sleep(0.5)
    try:
        yield
    finally:
        stop.set()
        await following


async def _edited(learning: Learning, path: Path, number: int) -> tuple[float, list[float]]:
    """Seconds until an edit is answered, and by how many milliseconds the loop was late at each tick until then."""
    question = f"Is edit number {number} of this library live?"
    beside = _changed(path, question, number)
    late, before = [], learning.knowledge
    began = time.perf_counter()
    beside.replace(path)
    while True:
        ticked = time.perf_counter()
        await asyncio.sleep(TICK_S)
        late.append((time.perf_counter() - ticked - TICK_S) * 1000)
        if learning.knowledge is not before:
            break
    lived = time.perf_counter() - began
    if (await learning.knowledge.find(question)).source != "faq":
        raise RuntimeError(f"the edit is not answered: {question}")
    return lived, late


def _changed(path: Path, question: str, number: int) -> Path:
    """A file beside `path` with a phrasing of its first entry replaced."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place = next(at for at, line in enumerate(lines) if line.startswith("    - "))
    lines[place + number % PHRASINGS] = f"    - {question}\n"
    beside = path.with_suffix(".part")
    beside.write_text("".join(lines), "utf-8")
    return beside
