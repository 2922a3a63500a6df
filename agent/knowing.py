"""What a mind needs of a knowledge base; `knowledge.Knowledge` is one."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from knowledge.answers import Entry, Finding
from knowledge.passages import Passage
from knowledge.rules import Pace
from visavis.words import Occasion


class Knows(Protocol):
    """A knowledge base in one language."""

    language: str

    async def find(self, text: str, *, topic: str | None = None, avoid: Collection[str] = ()) -> Finding:
        """What it has for a text. `topic`: what was answered last; `avoid`: ids that rest. Raises EngineError."""
        ...

    def named(self, name: str) -> Entry | None:
        """The entry with an id."""
        ...

    async def passages(self, text: str, count: int = 4) -> Sequence[Passage]:
        """What is most like a text, best first. Raises EngineError."""
        ...

    def greeting(
        self,
        occasion: Occasion,
        *,
        now: datetime,
        rng: random.Random,
        quiet_s: float = math.inf,
        avoid: Iterable[str] = (),
    ) -> Entry | None:
        """A greeting for the occasion, other than those with the ids `avoid`."""
        ...

    def react(
        self,
        event: Mapping[str, object],
        given: Mapping[str, object],
        *,
        now: datetime,
        pace: Pace,
        at: float,
        improvises: bool = True,
        avoid: Collection[str] = (),
    ) -> Entry | None:
        """What the first rule that an event fires does, other than those with the ids `avoid`."""
        ...

    def fallback(self, rng: random.Random) -> str:
        """What to say when nothing was found."""
        ...
