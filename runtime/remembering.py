"""What one session keeps: the conversation, its summary, the journal's lines and, with consent, the visitor."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from agent.journal import Journal
from agent.memory import Memory
from agent.review import Review
from agent.summary import condense
from agent.visitor import clean
from agent.visitors import Visitors
from visavis.clock import Clock
from visavis.engines import Llm
from visavis.words import Reply, Utterance

log = logging.getLogger(__name__)

ANSWERS = 4
"""Replies that wait to be heard: a session prepares one and plays one."""


class Keeps(Protocol):
    """What outlives a session; a dialog has it."""

    review: Review | None
    journal: Journal
    visitors: Visitors | None


class Remembering:
    """Nothing here delays a turn: what takes time runs in a task of its own, which `forget` ends."""

    def __init__(self, keeps: Keeps, llm: Callable[[], Llm | None], clock: Clock) -> None:
        self.memory = Memory(clock=clock)
        self._keeps, self._llm = keeps, llm
        self._answers: OrderedDict[str, Reply] = OrderedDict()
        self._condensing: asyncio.Task[None] | None = None
        self._visitor: str | None = None

    # ── the conversation ──
    def answered(self, utterance: Utterance, reply: Reply) -> None:
        """`reply` is going to be said, perhaps."""
        self._answers[utterance.text.casefold()] = reply
        while len(self._answers) > ANSWERS:
            self._answers.popitem(last=False)

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        """The visitor said `utterance` and heard `text` of the answer."""
        if utterance is not None:
            reply = self._answers.pop(utterance.text.casefold(), None)
            if reply is not None:
                note(self._keeps.journal, utterance.text, reply)
            if reply is None or reply.source != "review":
                self._keep_asked(turn, utterance.text, reply)
        self.memory.heard(turn, text)
        self._condense()

    def _keep_asked(self, turn: int, text: str, reply: Reply | None) -> None:
        review, visitor = self._keeps.review, self.memory.visitor
        self.memory.asked(turn, review.masked(text) if review is not None else text)
        if visitor is not None and self._visitor is not None:
            visitor = visitor.learned(text)
            if reply is not None and reply.match is not None and reply.decision == "direct":
                visitor = visitor.about(reply.match.id)
            self.memory.visitor = visitor

    def _condense(self) -> None:
        if self.memory.faded and (self._condensing is None or self._condensing.done()):
            self._condensing = asyncio.create_task(self._condensed(), name="condense the conversation")

    async def _condensed(self) -> None:
        try:
            await condense(self.memory, self._llm())
        except Exception:
            log.exception("a conversation is not summarised")

    def forget(self) -> None:
        """Another visitor comes."""
        if self._condensing is not None:
            self._condensing.cancel()
            self._condensing = None
        self._leave()
        self._answers.clear()
        self.memory.reset()

    # ── the visitor ──
    async def meet(self, visitor: str, *, consent: bool, name: str = "") -> None:
        """A visitor says who he is. Without his consent nothing is looked up or kept, and what was kept is deleted."""
        visitors = self._keeps.visitors
        if visitors is None:
            return
        if not consent:
            self._visitor = self.memory.visitor = None
            await self._delete(visitors, visitor)
            return
        review = self._keeps.review
        name = clean(name).text
        if name and review is not None and not name.startswith(review.nickname(name)):
            name = ""
        if visitor == self._visitor and self.memory.visitor is not None:
            self.memory.visitor = self.memory.visitor.called(name)
            return
        self._leave()
        self.memory.visitor, self._visitor = await visitors.meet(visitor, name), visitor
        visitors.keep(visitor, self.memory.visitor)

    async def _delete(self, visitors: Visitors, visitor: str) -> None:
        try:
            await visitors.delete(visitor)
        except OSError as error:
            log.error("a visitor cannot be deleted: %s", error.strerror)

    def _leave(self) -> None:
        """Keep what was learned of the visitor."""
        if self._visitor is not None and self.memory.visitor is not None and self._keeps.visitors is not None:
            self._keeps.visitors.keep(self._visitor, self.memory.visitor)
        self._visitor = None

    @property
    def known(self) -> dict[str, object]:
        """What templates may say of the visitor."""
        visitor = self.memory.visitor
        return {"name": visitor.name} if visitor is not None and visitor.name else {}

    @property
    def returns(self) -> bool:
        """Whether the visitor was here before."""
        return self.memory.visitor is not None and self.memory.visitor.visits > 1


def note(journal: Journal, text: str, reply: Reply) -> None:
    """Put an answered question into the journal, where one is kept."""
    match = reply.match
    journal.note(
        text,
        decision=reply.decision,
        source=reply.source,
        id=match.id if match is not None else None,
        score=match.score if match is not None else None,
    )
