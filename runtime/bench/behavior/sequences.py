"""Whether the shipped trees keep their word whatever happens: random sequences of events, and what must hold."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from behaviors.tree import Behavior
from behaviors.trees.loading import Tree, load_tree, shipped
from runtime.bench.behavior.visitor import AnyBody, happen
from runtime.bench.report import Row
from runtime.settings import Installation

TICK_S = 0.04
PAUSES = (0.0, 0.04, 0.12, 0.3, 0.6, 1.2)
EVENTS = 22
ONSET_S = {"kiosk": 0.095, "widget": 0.095, "live": 0.3}
"""So much voice makes the shipped trees fall silent."""
RESTS = ("idle", "attract")
"""The branches in which a shipped tree is at rest."""
PATIENCE_S = 4000.0
"""So long after the last event a tree may take to rest, with turns and orders that never end by themselves."""
FULL, QUICK = 10_000, 400


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """Play the sequences and count what was violated."""
    count = QUICK if quick else FULL
    found: list[str] = []
    with hushed():
        for seed in range(count):
            found += [f"sequence {seed}: {each}" for each in violations(seed)]
            if seed % 50 == 0:
                done(seed, count)
                await asyncio.sleep(0)
    note = f"{count:,} random sequences of {EVENTS} events over {', '.join(shipped())}"
    return [Row("rules violated in random sequences", len(found), "times", 0, note=note)], found[:5]


def violations(seed: int, tree: Tree | None = None) -> list[str]:
    """What goes wrong in the sequence of this number; it names the tree, by turns a shipped one, and when."""
    trees = _trees()
    return Course(seed, tree or trees[seed % len(trees)]).play()


@cache
def _trees() -> list[Tree]:
    return [load_tree(name) for name in shipped()]


class Course:
    """One sequence: a tree over a body, and what was seen to go wrong."""

    def __init__(self, seed: int, tree: Tree) -> None:
        self._rng = random.Random(seed)  # noqa: S311
        self.name = tree.name
        self.body = AnyBody(self._rng)
        self.tree = Behavior(self.body, seed, newest=lambda: tree)
        self.found: list[str] = []
        self._noted = self._turn = self._over = 0

    def play(self) -> list[str]:
        self.tree.tick()
        for _ in range(EVENTS):
            happen(self.body, self._rng)
            self._tick(0.0)
            for _ in range(round(self._rng.choice(PAUSES) / TICK_S)):
                self._tick(TICK_S)
        self._rest()
        self.tree.close()
        if any(not job.done for job in self.body.jobs):
            self._wrong("something that was begun has not ended")
        return self.found

    def _tick(self, seconds: float) -> None:
        self.body.advance(seconds)
        self.tree.tick()
        self._watch_what()
        if seconds:
            self._watch_voices()

    def _watch_what(self) -> None:
        """What must hold after every tick."""
        body, playing = self.body, self.body.playing
        new = [what for _, what in body.log[self._noted :]]
        self._noted = len(body.log)
        if self.tree.failed:
            self._wrong("a tick raised")
        if body.frozen and playing is not None:
            self._wrong("it speaks although the safety stop is set")
        if (body.taken_over or body.frozen) and any(what.startswith(("answer", "greet", "recite")) for what in new):
            self._wrong("it speaks by itself although an operator has taken over, or the safety stop is set")

    def _watch_voices(self) -> None:
        """It may begin to be heard while somebody speaks, and is silent from the next tick on."""
        body, playing = self.body, self.body.playing
        ordered = self.tree.doing in ("order now", "takeover")
        if playing is None or not playing.audible or playing.turn != self._turn:
            self._turn, self._over = playing.turn if playing is not None else 0, 0
        elif body.polite and not ordered:
            voiced = body.voice.voiced_s if body.voice.active else 0.0
            self._over = self._over + 1 if voiced >= ONSET_S[self.name] + TICK_S else 0
            if self._over > 0:
                self._wrong(f"it speaks over a visitor who has spoken {voiced:.2f} s")

    def _rest(self) -> None:
        """Everybody leaves; it must come to rest."""
        body = self.body
        body.frozen = body.taken_over = False
        body.breaks = body.hangs = 0
        if body.voice.active:
            body.hush()
        ends = body.now() + PATIENCE_S
        while not self._at_rest() and body.now() < ends:
            self._tick(TICK_S if body.now() < ends - PATIENCE_S + 20 else 1.0)
        if not self._at_rest():
            state = f"doing {self.tree.doing!r}, playing {body.playing}, {len(body.orders)} orders"
            self._wrong(f"it never came to rest: {state}, {body.pieces} pieces, a question: {body.waiting is not None}")

    def _at_rest(self) -> bool:
        body = self.body
        begun = any(not job.done for job in body.jobs)
        waits = body.orders or (body.pieces and self.name != "widget") or self.tree.asked
        return self.tree.doing in RESTS and body.mood == "idle" and not begun and not waits

    def _wrong(self, what: str) -> None:
        told = f"{self.name} at {self.body.now():.2f} s: {what}"
        if len(self.found) < 3:
            self.found.append(told)


@contextmanager
def hushed() -> Iterator[None]:
    """What fails on purpose is not told in the log."""
    log = logging.getLogger("behaviors")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
