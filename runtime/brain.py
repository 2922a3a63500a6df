"""What a session asks for words: the agent's mind over the newest knowledge, and one visitor's memory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from agent.mind import Mind
from agent.question import NOTHING, Given
from knowledge.knowledge import Knowledge
from runtime.remembering import Remembering
from visavis.words import Occasion, Reply, Utterance

VISIT_S = 20.0
"""A question that comes so long after the last one begins a new visit."""


class Brain:
    """A mind and the memory of one session, as the session needs them.

    `current` tells the newest knowledge, `rests` until when which greeting rests at a place. A visit ends on what was
    the newest at its first question, so that no answer contradicts one before. Who comes after `forget`, or asks after
    a while, begins a new one; what rests stays at rest throughout.
    """

    def __init__(
        self,
        current: Callable[[], Knowledge],
        think: Callable[[Knowledge], Mind],
        remembering: Remembering,
        rests: Callable[[str], dict[str, float]] = lambda place: {},
    ) -> None:
        self._current, self._remembering, self._rests = current, remembering, rests
        self._knowledge = current()
        self._mind = think(self._knowledge)
        self._asked_at: float | None = None
        self._unheard = False
        """Whether the last answer belongs to no turn that anybody heard of: it was prepared in vain so far."""
        self._told: Given = NOTHING

    def _renew(self, now: float | None = None) -> Mind:
        """The mind, over the newest knowledge where a visit begins: with a first question, or one at `now`."""
        begins = self._asked_at is None or (now is not None and now - self._asked_at > VISIT_S)
        if begins and self._current() is not self._knowledge:
            self._knowledge = self._current()
            self._mind.learn(self._knowledge)
        return self._mind

    async def answer(self, utterance: Utterance) -> Reply:
        if self._unheard:
            self._mind.take_back(self._remembering.memory)
        mind, self._asked_at, self._unheard = self._renew(utterance.ended), utterance.ended, True
        reply = await mind.answer(utterance, self._remembering.memory, self._known)
        self._remembering.answered(utterance, reply)
        return reply

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        return self._renew().greet(occasion, now, quiet_s, self._known)

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        return self._mind.may_greet(occasion, now, quiet_s)

    @property
    def _known(self) -> Given:
        """What the caller told, and of a visitor who agreed to that what it did not tell."""
        told = {name: value for name, value in self._told.items() if value not in ("", None)}
        return {**self._remembering.known, **told}

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        self._unheard = self._unheard and utterance is None
        self._remembering.heard(turn, utterance, text)

    def inform(self, context: Given) -> None:
        self._told = context

    def stand(self, place: str) -> None:
        """The screen is known by an id of its own: what was greeted there before this session counts too."""
        self._mind.share(self._rests(place))

    async def meet(self, visitor: str, consent: bool, name: str) -> bool:
        """A visitor says who he is; whether he is known to have been here before."""
        await self._remembering.meet(visitor, consent=consent, name=name)
        return self._remembering.returns

    def forget(self) -> None:
        self._asked_at, self._told = None, NOTHING
        if self._unheard:
            self._mind.take_back(self._remembering.memory)
            self._unheard = False
        self._remembering.forget()
