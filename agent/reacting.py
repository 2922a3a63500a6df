"""What is said, shown or done when something happens: the knowledge base's rules."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from agent.filling import filled
from agent.knowing import Knows
from agent.memory import Memory
from agent.question import Given, Question
from agent.replies import Replies
from agent.reviewing import Reviews
from agent.thinking import Thinks
from agent.visitor import clean
from knowledge.answers import Entry
from knowledge.passages import Passage
from knowledge.rules import Pace
from visavis.clock import Clock
from visavis.words import Match, Reply

log = logging.getLogger(__name__)

Passages = Callable[[Question], Awaitable[Sequence[Passage]]]


class Reacting:
    """Replies to events for one session, no oftener than the rules allow."""

    def __init__(
        self,
        knowledge: Knows,
        replies: Replies,
        thinkers: Sequence[Thinks],
        passages: Passages,
        review: Reviews,
        clock: Clock,
        wall: Callable[[], datetime],
    ) -> None:
        self._knowledge, self._replies, self._thinkers, self._passages = knowledge, replies, thinkers, passages
        self._review, self._clock, self._wall, self._pace = review, clock, wall, Pace()

    def learn(self, knowledge: Knows) -> None:
        """Follow the rules of `knowledge` from now on; how often those fired that it keeps is known."""
        self._knowledge = knowledge

    async def reply(self, event: Mapping[str, object], memory: Memory, context: Given) -> Reply | None:
        """What the first rule that fires says; the next one's turn comes where it has nothing that may be said."""
        tried: set[str] = set()
        while entry := self._entry(event, context, tried):
            tried.add(entry.id)
            self._pace.fire(entry.id, self._clock.now())
            given = {**context, **event}
            reply = await self._made(entry, memory, given)
            if reply is not None:
                reply.show = await self._replies.card(entry, given)
                reply.source, reply.decision, reply.match = "rule", "direct", Match(entry.id, 1.0)
                return reply
            self._pace.undo(entry.id)
        return None

    def _entry(self, event: Mapping[str, object], context: Given, tried: set[str]) -> Entry | None:
        return self._knowledge.react(
            event,
            context,
            now=self._wall(),
            pace=self._pace,
            at=self._clock.now(),
            improvises=bool(self._thinkers),
            avoid=tried,
        )

    async def _made(self, entry: Entry, memory: Memory, given: Given) -> Reply | None:
        if entry.say:
            return self._replies.entry(entry, "rule", given)
        if not entry.llm:
            return self._replies.wordless(entry)
        return await self._improvised(entry, memory, given)

    async def _improvised(self, entry: Entry, memory: Memory, given: Given) -> Reply | None:
        asked = filled(entry.llm, given, self._wall(), self._knowledge.language, self._review)
        if asked is None:
            return None
        for value in asked.given:
            judged = await self._review.heard(value)
            if not judged.ok:
                log.info("the rule %s is not carried out: %s", entry.id, judged.reason)
                return None
        question = Question(clean(asked.text), memory, given)
        passages = await self._passages(question)
        for thinker in self._thinkers:
            reply = await thinker.answer(question, passages)
            if reply is not None:
                reply.action = entry.action
                return reply
        return None
