"""A knowledge base of a few answers, for tests of whatever answers from one."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from knowledge.answers import Entry, Finding
from knowledge.passages import Passage
from knowledge.rules import Pace
from visavis.errors import EngineError
from visavis.words import Choice, Match, Occasion

HOURS = Entry("hours", "faq", ("We open at nine. Come early!",), "nod", None, "When do you open?")
PRICES = Entry("prices", "faq", ("A ticket costs 3.50 euros.",), None, None, "How much is it?")
WELCOME = Entry("welcome", "greeting", ("Welcome!", "Hello, good to see you.", "Good day!"), "wave", cooldown_s=30)


class FakeKnowledge:
    """Knows the hours by their question, the prices by half, and nothing else."""

    language = "en"

    def __init__(self, *passages: Passage, broken: bool = False) -> None:
        self._passages, self._broken = passages, broken

    async def find(self, text: str, *, topic: str | None = None, avoid: Collection[str] = ()) -> Finding:
        if self._broken:
            raise EngineError("embedder", "it died")
        if "open" in text:
            return Finding("direct", "faq", HOURS, Match("hours", 0.93))
        if "much" in text:
            return Finding(
                "suggest", "suggest", match=Match("prices", 0.5), choices=(Choice("prices", PRICES.question),)
            )
        if "guide" in text:
            found = (Passage("guide.md#1", "Guide", "The tower is old. It leans. It stands. It waits.", 0.3),)
            return Finding("rag", "rag", passages=found)
        return Finding("fallback", "fallback")

    def named(self, name: str) -> Entry | None:
        return next((each for each in (HOURS, PRICES) if each.id == name), None)

    async def passages(self, text: str, count: int = 4) -> list[Passage]:
        if self._broken:
            raise EngineError("embedder", "it died")
        return list(self._passages[:count])

    def greeting(
        self,
        occasion: Occasion,
        *,
        now: datetime,
        rng: random.Random,
        quiet_s: float = math.inf,
        avoid: Iterable[str] = (),
    ) -> Entry | None:
        return WELCOME if occasion == "enter" and "welcome" not in avoid else None

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
        return None

    def fallback(self, rng: random.Random) -> str:
        return rng.choice(["I am not sure.", "Shall I call a colleague?"])
