"""Decides what to say: the knowledge base first, then a language model, then a line that never fails."""

from __future__ import annotations

import logging
import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.doubt import asked_back
from agent.knowing import Knows
from agent.memory import Memory
from agent.model import Model
from agent.persona import Limits, Persona, Room, StageDirections, deadpan
from agent.question import NOTHING, Given, Question
from agent.reacting import Reacting
from agent.recent import Recent
from agent.replies import Replies
from agent.reviewing import Reviews, Unreviewed
from agent.taboo import Taboo
from agent.thinking import Thinks
from agent.tools import ToolUser
from agent.visitor import clean
from agent.wording import Restyle, Wording
from knowledge.answers import Entry, Finding
from knowledge.passages import Passage
from visavis.clock import Clock
from visavis.engines import Llm
from visavis.errors import EngineError
from visavis.words import UNSURE, Match, Occasion, Reply, Sentence, Utterance

log = logging.getLogger(__name__)


class Mind:
    """Answers and greets for one session; the knowledge base and the model may be shared by many.

    `thinkers` are asked in turn where no entry answers, and behind them `llm`, which may take pictures (`sees`) and
    use `tools`; `instead` is asked before the knowledge base. `live` is given in a live room. `seed` fixes which of
    several wordings is picked, `wall` tells the local time. Nothing of what a visitor said is logged.
    """

    def __init__(
        self,
        knowledge: Knows,
        llm: Llm | None,
        *,
        clock: Clock,
        persona: Persona | None = None,
        seed: int = 0,
        limits: Limits | None = None,
        stage_directions: StageDirections = deadpan,
        review: Reviews | None = None,
        thinkers: Sequence[Thinks] = (),
        instead: Thinks | None = None,
        live: Room | None = None,
        restyle: Restyle = str,
        sees: bool = False,
        tools: ToolUser | None = None,
        wall: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._knowledge, self._clock, self._live, self._instead = knowledge, clock, live, instead
        persona, self._limits = persona or Persona(), limits or Limits()
        self._review, self._taboo = review or Unreviewed(), Taboo(persona.taboo)
        recent = Recent(clock) if live is not None else None
        self._wording = Wording(knowledge.language, seed, stage_directions, restyle, recent)
        self._replies = Replies(knowledge, self._wording, self._review, persona, wall)
        self._thinkers = [*thinkers]
        if llm is not None:
            model = Model(
                llm,
                clock,
                language=knowledge.language,
                persona=persona,
                limits=self._limits,
                directions=stage_directions,
                review=self._review,
                wall=wall,
                sees=sees,
                tools=tools,
            )
            self._thinkers.append(model)
        self._resting: dict[str, float] = {}
        self._greeted: dict[str, float] = {}
        self._answered: tuple[str, float | None, str | None] | None = None
        """The entry of the last answer, until when it rested before, and the topic before."""
        self._reacting = Reacting(knowledge, self._replies, self._thinkers, self._passages, self._review, clock, wall)

    def learn(self, knowledge: Knows) -> None:
        """Answer from `knowledge` from now on; what was said and what rests stays known."""
        self._knowledge = knowledge
        self._replies.learn(knowledge)
        self._reacting.learn(knowledge)

    # ── answering ──
    async def answer(self, utterance: Utterance, memory: Memory, context: Given = NOTHING) -> Reply:
        """The reply to an utterance; `context` is what the caller knows. What fails on the way is stepped over."""
        self._answered = None
        sure = utterance.via != "voice" or utterance.confidence >= UNSURE
        question = Question(clean(utterance.text), memory, context, utterance.pictures, sure)
        if not question.words.text and not question.pictures:
            return self._nothing()
        judged = await self._review.heard(question.words.text)
        if not judged.ok:
            log.info("a question is not answered: %s", judged.reason)
            return self._replies.silence() if self._silent else self._replies.refusal()
        question = replace(question, words=replace(question.words, text=judged.text))
        asked = [] if self._taboo.about(judged.text) else [self._instead] if self._instead else []
        if question.pictures and not any(each.sees for each in (*asked, *self._thinkers)):
            return self._replies.blind()
        for thinker in asked:
            if (reply := await thinker.answer(question, ())) is not None:
                return reply
        return await self._decide(question)

    def take_back(self, memory: Memory) -> None:
        """The last answer is never going to be said: its entry does not rest for it, nor is it the topic."""
        if self._answered is None:
            return
        entry, until, topic = self._answered
        self._answered = None
        if memory.topic != topic:
            memory.topic = topic
        if until is None:
            self._resting.pop(entry, None)
        else:
            self._resting[entry] = until

    async def _decide(self, question: Question) -> Reply:
        """From an entry, from whoever thinks, from a passage, or the fallback."""
        finding = await self._find(question)
        if finding.decision == "direct" and not question.sure:
            finding = asked_back(finding, self._knowledge.named)
        if not question.pictures and (reply := await self._known(finding, question)) is not None:
            return reply
        if self._thinkers and self._taboo.about(question.words.text):
            return self._replies.declined()
        passages = await self._passages(question) if self._thinkers else ()
        for thinker in self._thinkers:
            if question.pictures and not thinker.sees:
                continue
            if (reply := await thinker.answer(question, passages)) is not None:
                return reply
        found = await self._replies.readable(finding.passages, question.context)
        best, floor = (found, 0.0) if found else (passages, self._limits.floor)
        return self._replies.extract(best, floor=floor) or self._nothing()

    async def _known(self, finding: Finding, question: Question) -> Reply | None:
        """What the knowledge base itself answers, or offers where it may."""
        entry, match = finding.entry, finding.match
        if finding.decision == "suggest" and self._live is not None:
            probable = match is not None and match.score >= self._live.answer_from
            entry = self._knowledge.named(match.id) if match is not None and probable else None
        if entry is not None and finding.decision in ("direct", "suggest"):
            reply = self._replies.entry(entry, entry.kind, question.context)
            if reply is not None:
                self._answered = (entry.id, self._resting.get(entry.id), question.memory.topic)
                self._rest(entry, self._resting)
                reply.show = await self._replies.card(entry, question.context)
                reply.match, question.memory.topic = match, entry.id
                reply.choices = finding.choices if finding.decision == "direct" else ()
            return reply
        if finding.decision == "suggest" and finding.choices and self._live is None:
            return self._replies.offer(finding)
        return None

    def _nothing(self) -> Reply:
        return self._replies.silence() if self._silent else self._replies.fallback()

    @property
    def _silent(self) -> bool:
        return self._live is not None and self._live.silent

    async def _find(self, question: Question) -> Finding:
        try:
            return await self._knowledge.find(
                question.words.text, topic=question.memory.topic, avoid=self._resting_now()
            )
        except EngineError as error:
            log.warning("the knowledge base cannot be searched: %s", error)
            return Finding("fallback", "fallback")

    async def _passages(self, question: Question) -> Sequence[Passage]:
        try:
            found = await self._knowledge.passages(question.words.text, self._limits.passages)
            return await self._replies.readable(found, question.context)
        except EngineError as error:
            log.warning("the knowledge base cannot be searched: %s", error)
            return ()

    # ── greeting ──
    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float = math.inf) -> bool:
        """Whether `greet` would say something now."""
        return self._greeting(occasion, now, quiet_s, random.Random(0)) is not None  # noqa: S311

    def greet(
        self, occasion: Occasion, now: datetime, quiet_s: float = math.inf, context: Given = NOTHING
    ) -> Reply | None:
        """A greeting for the occasion at the local time `now`; None when there is none, or all are cooling down.

        `quiet_s` is how long nobody spoke.
        """
        entry = self._greeting(occasion, now, quiet_s, self._wording.rng)
        if entry is None:
            return None
        self._rest(entry, self._greeted)
        reply = self._replies.entry(entry, "greeting", context)
        if reply is not None:
            reply.match = Match(entry.id, 1.0)
        return reply

    def _greeting(self, occasion: Occasion, now: datetime, quiet_s: float, rng: random.Random) -> Entry | None:
        return self._knowledge.greeting(occasion, now=now, rng=rng, quiet_s=quiet_s, avoid=self._resting_now())

    # ── reacting ──
    async def react(self, event: Mapping[str, object], memory: Memory, context: Given = NOTHING) -> Reply | None:
        """What a rule says, shows or does when `event` happens; None when no rule fires.

        An event has a `kind` and fields of its own; an `idle` one tells `quiet_s`, a `time` one is sent each minute.
        """
        return await self._reacting.reply(event, memory, context)

    # ── cooldowns ──
    def share(self, greeted: dict[str, float]) -> None:
        """Let greetings rest in `greeted`, until when by id, which minds of the same place and clock share."""
        greeted.update(self._greeted)
        self._greeted = greeted

    def _rest(self, entry: Entry, among: dict[str, float]) -> None:
        if entry.cooldown_s:
            among[entry.id] = self._clock.now() + entry.cooldown_s

    def _resting_now(self) -> list[str]:
        """The ids of what was said too short a time ago to be said again."""
        moment = self._clock.now()
        return [name for name, until in (*self._resting.items(), *self._greeted.items()) if moment < until]

    # ── wording ──
    def played(self, text: str, action: str | None = None) -> list[Sentence]:
        """A text from a file as it is played."""
        return self._wording.played(text, action)
