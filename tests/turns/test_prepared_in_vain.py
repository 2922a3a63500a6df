"""An answer that was prepared while the visitor still spoke, and never said, leaves no trace."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from agent.fakes import HOURS, FakeKnowledge
from agent.journal import Journal
from agent.mind import Mind
from agent.review import Review
from agent.visitors import Visitors
from knowledge.answers import Entry, Finding
from runtime.brain import Brain
from runtime.remembering import Remembering
from visavis.clock import LoopClock
from visavis.words import Match, Utterance

RESTING = Entry("hours", "faq", HOURS.say, cooldown_s=60)


class Knows(FakeKnowledge):
    async def find(self, text: str, *, topic: str | None = None, avoid: Collection[str] = ()) -> Finding:
        if RESTING.id in avoid or "open" not in text:
            return Finding("fallback", "fallback")
        return Finding("direct", "faq", RESTING, Match(RESTING.id, 0.9))


class Keeps:
    review: Review | None = None
    visitors: Visitors | None = None

    def __init__(self) -> None:
        self.journal = Journal(Path(), "museum")


def made() -> tuple[Brain, Remembering]:
    clock = LoopClock()
    remembering = Remembering(Keeps(), lambda: None, clock)
    knowledge = Knows()
    return Brain(lambda: knowledge, lambda _: Mind(knowledge, None, clock=clock), remembering), remembering  # type: ignore[arg-type,return-value]


async def source(brain: Brain, text: str) -> str:
    return (await brain.answer(asked(text))).source


def asked(text: str) -> Utterance:
    return Utterance(text, "en", "voice", 0.0, 0.0)


async def test_its_entry_does_not_rest() -> None:
    brain, _ = made()
    assert await source(brain, "when do you open") == "faq"
    assert await source(brain, "when do you open today") == "faq"


async def test_what_was_said_rests() -> None:
    brain, _ = made()
    await brain.answer(asked("when do you open"))
    brain.heard(1, asked("when do you open"), "We open at nine.")
    assert await source(brain, "when do you open") == "fallback"
    assert await source(brain, "do you open") == "fallback", "what rested before goes on resting"


async def test_its_entry_is_not_the_topic() -> None:
    brain, remembering = made()
    await brain.answer(asked("when do you open"))
    assert remembering.memory.topic == "hours"
    await brain.answer(asked("when do you close"))
    assert remembering.memory.topic is None
