"""Answers by a language model that is shown what the knowledge base has."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from agent import prompt
from agent.gate import Gate, Sources
from agent.grounding import Grounds
from agent.improvise import improvised
from agent.memory import Memory
from agent.persona import Limits, Persona, StageDirections
from agent.question import Question
from agent.reviewing import Reviews
from agent.streaming import begun
from agent.taboo import Taboo
from agent.tools import ToolUser
from knowledge.passages import Passage
from visavis.clock import Clock
from visavis.engines import Llm
from visavis.words import Reply


class Model:
    """One session's way to ask a language model. What it says is checked before it is spoken."""

    def __init__(
        self,
        llm: Llm,
        clock: Clock,
        *,
        language: str,
        persona: Persona,
        limits: Limits,
        directions: StageDirections,
        review: Reviews,
        wall: Callable[[], datetime],
        sees: bool = False,
        tools: ToolUser | None = None,
    ) -> None:
        self._llm, self._clock, self._language, self._wall, self._tools = llm, clock, language, wall, tools
        self._persona, self._limits, self._directions, self._review = persona, limits, directions, review
        self._taboo = Taboo(persona.taboo)
        self.sees = sees

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Reply | None:
        now = self._wall()
        given = prompt.given(question.context, now, self._review)
        told = prompt.build(question, self._language, self._persona, passages, given=given, canary=self._review.canary)
        known = prompt.given(question.context, None, self._review)
        facts = (self._persona.name, known, *remembered(question.memory))
        texts = (*(f"{each.title}\n{each.text}" for each in passages), *facts)
        asked = " ".join((question.words.text, *self._persona.taboo))
        grounds = Grounds(self._limits.grounding, self._language, passages, facts, asked, now)
        sources = Sources([*texts, question.words.text], told[0].text)
        gate = Gate(self._review, self._language, self._taboo, grounds, sources)

        def learned(result: str) -> None:
            grounds.learn(result)
            sources.texts.append(result)

        tools = self._tools
        sentences = improvised(
            tools.complete(told, learned) if tools is not None else self._llm.complete(told),
            language=self._language,
            directions=self._directions,
            passages=[passage.id for passage in passages],
            max_sentences=self._persona.max_sentences,
        )
        stream = await begun(gate.passed(sentences), self._clock, self._limits, "language model")
        if stream is None:
            return None
        return Reply("rag" if passages else "llm", "rag", stream, language=self._language)


def remembered(memory: Memory) -> list[str]:
    """What the avatar itself said, and what is known of the visitor: an answer may lean on it."""
    visitor = memory.visitor.told() if memory.visitor is not None else None
    known = [memory.summary, json.dumps(visitor, ensure_ascii=False) if visitor else ""]
    said = (exchange.heard for exchange in memory.exchanges) if memory.witnessed else ()
    return [each for each in (*known, *said) if each]
