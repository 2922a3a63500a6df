"""A conversation remembers what was heard."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence

from agent.memory import SUMMARY, Exchange, Memory
from agent.recent import Recent
from agent.summary import condense, extracted
from visavis.clock import LoopClock, run_virtual
from visavis.engines import ChatMessage
from visavis.errors import EngineError


def test_an_interrupted_answer_is_remembered_as_far_as_it_was_heard() -> None:
    memory = Memory()
    memory.heard(1, "Welcome!")
    memory.asked(2, "When do you open?")
    memory.heard(2, "We open")
    memory.heard(2, "We open at")
    memory.asked(3, "And on Monday?")
    assert memory.messages() == [
        ChatMessage("assistant", "Welcome!"),
        ChatMessage("user", "When do you open?"),
        ChatMessage("assistant", "We open at"),
        ChatMessage("user", "And on Monday?"),
    ]
    assert memory.messages("And on Monday?")[-1].role == "assistant"


def test_what_was_never_heard_is_not_said() -> None:
    memory = Memory()
    memory.asked(1, "Hello?")
    memory.heard(1, "")
    memory.heard(2, "")
    assert memory.messages() == [ChatMessage("user", "Hello?")]


def test_it_is_bounded_and_can_be_cleared() -> None:
    memory = Memory(turns=3, characters=100)
    for turn in range(10):
        memory.asked(turn, "x" * 30)
    assert [exchange.turn for exchange in memory.exchanges] == [7, 8, 9]
    memory.heard(9, "y" * 60)
    assert [exchange.turn for exchange in memory.exchanges] == [9]
    memory.reset()
    assert memory.exchanges == ()


def test_a_topic_is_forgotten_after_other_questions_or_after_minutes() -> None:
    async def talk() -> list[str | None]:
        clock = LoopClock()
        memory = Memory(clock=clock)
        memory.topic = "hours"
        memory.asked(1, "When do you open?")
        topics = [memory.topic]
        await clock.sleep_until(clock.now() + 301)
        topics.append(memory.topic)
        memory.topic = "tickets"
        for turn in range(2, 6):
            topics.append(memory.topic)
            memory.asked(turn, "Something else?")
        return [*topics, memory.topic]

    assert run_virtual(talk()) == ["hours", None, "tickets", "tickets", "tickets", "tickets", None]


def test_what_fades_waits_for_the_summary_and_is_told_as_data() -> None:
    memory = Memory(turns=2)
    for turn in range(4):
        memory.asked(turn, f"question {turn}")
        memory.heard(turn, f"answer {turn}. And more.")
    assert [each.turn for each in memory.faded] == [0, 1]
    memory.condense(memory.faded, extracted("", memory.faded))
    assert memory.faded == ()
    assert memory.summary == "question 0 → answer 0.\nquestion 1 → answer 1."
    first, noted, *rest = memory.messages()
    assert json.loads(first.text.partition(": ")[2]) == {"earlier": memory.summary}
    assert (first.role, noted.role, rest[0].text) == ("user", "assistant", "question 2")


def test_a_summary_of_what_was_forgotten_meanwhile_is_dropped() -> None:
    memory = Memory(turns=1)
    memory.asked(1, "one")
    memory.asked(2, "two")
    faded = memory.faded
    memory.reset()
    memory.condense(faded, "about one")
    assert memory.summary == ""


def test_an_extracted_summary_is_bounded_and_keeps_the_newest() -> None:
    exchanges = [Exchange(n, f"question {n} " + "x" * 150, "y" * 500) for n in range(40)]
    summary = extracted("the very first", exchanges)
    assert len(summary) <= SUMMARY
    assert "question 39" in summary
    assert "the very first" not in summary


async def test_a_model_summarises_and_where_it_fails_the_questions_are_kept() -> None:
    def full() -> Memory:
        memory = Memory(turns=1)
        for turn in range(3):
            memory.asked(turn, f"question {turn}")
        return memory

    told, failed = full(), full()
    await condense(told, FakeLlm("<think>hm</think>The visitor asked twice."))
    assert told.summary == "The visitor asked twice."
    await condense(failed, FailingLlm())
    assert failed.summary == "question 0\nquestion 1"


class FakeLlm:
    def __init__(self, text: str) -> None:
        self.text = text

    async def complete(self, messages: Sequence[ChatMessage]) -> AsyncIterator[str]:
        for piece in (self.text[:9], self.text[9:]):
            yield piece

    async def close(self) -> None: ...


class FailingLlm(FakeLlm):
    def __init__(self) -> None:
        super().__init__("")

    async def complete(self, messages: Sequence[ChatMessage]) -> AsyncIterator[str]:
        raise EngineError("llm", "broken")
        yield ""


def test_a_room_knows_for_ten_minutes_what_it_said() -> None:
    async def live() -> list[bool]:
        clock = LoopClock()
        recent = Recent(clock, kept=3)
        recent.note("The tea is 12 euros.")
        found = ["the TEA is 12 euros!" in recent, "The tea is 13 euros." in recent]
        await clock.sleep_until(clock.now() + 601)
        found.append("The tea is 12 euros." in recent)
        for text in "abcd":
            recent.note(text)
        return [*found, "a" in recent, "d" in recent]

    assert run_virtual(live()) == [True, False, False, False, True]
