"""Words that may have been others are asked back, never answered."""

from __future__ import annotations

import pytest

from agent.doubt import asked_back
from agent.fakes import HOURS, PRICES, FakeKnowledge
from agent.memory import Memory
from agent.mind import Mind
from knowledge.answers import Entry, Finding
from visavis.clock import LoopClock
from visavis.words import UNSURE, Match, Reply, Utterance

KEYWORD = Entry("toilet", "keyword", ("It is next to the cloakroom.",))
known = FakeKnowledge().named


def found(entry: Entry, *others: str) -> Finding:
    best = Match(entry.id, 0.7)
    return Finding("direct", "faq", entry, best, candidates=(best, *(Match(other, 0.2) for other in others)))


async def heard(text: str, confidence: float, via: str = "voice") -> Reply:
    mind = Mind(FakeKnowledge(), None, clock=LoopClock())
    return await mind.answer(Utterance(text, "en", via, 0.0, 1.0, confidence), Memory())  # type: ignore[arg-type]


async def test_what_was_heard_well_is_answered() -> None:
    assert (await heard("when do you open", UNSURE)).decision == "direct"


async def test_what_was_hardly_heard_is_asked_back() -> None:
    reply = await heard("when do you open", UNSURE - 0.01)
    assert reply.decision == "suggest"
    assert [choice.text for choice in reply.choices] == [HOURS.question]
    said = " ".join([sentence.text async for sentence in reply.sentences])
    assert said
    assert HOURS.say[0] not in said


async def test_what_was_typed_is_never_in_doubt() -> None:
    assert (await heard("when do you open", 0.1, via="text")).decision == "direct"


def test_the_likeliest_is_offered_first_and_what_is_all_but_ruled_out_is_not() -> None:
    finding = asked_back(found(HOURS, "prices", "hours", "unknown"), known)
    assert [choice.id for choice in finding.choices] == ["hours", "prices"]
    faint = Finding("direct", "faq", HOURS, Match("hours", 0.7), candidates=(Match("prices", 0.01),))
    assert [choice.text for choice in asked_back(faint, known).choices] == [HOURS.question]


@pytest.mark.parametrize("others", [(), ("prices",)])
def test_what_has_no_question_to_ask_back_is_not_answered_either(others: tuple[str, ...]) -> None:
    finding = asked_back(found(KEYWORD, *others), known)
    assert finding.decision == "fallback"
    assert finding.entry is None
    assert PRICES.id not in [choice.id for choice in finding.choices]
