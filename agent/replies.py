"""The replies that need no language model: entries, offers, passages, and the lines that always work."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from agent import lines
from agent.filling import Filled, card, filled, readable, speakable, unreviewed
from agent.knowing import Knows
from agent.persona import Persona
from agent.question import Given
from agent.reviewing import Reviews
from agent.streaming import each
from agent.wording import Wording
from knowledge.answers import Entry, Finding
from knowledge.passages import Passage
from visavis.words import Card, Match, Reply, Sentence, Source

log = logging.getLogger(__name__)


class Replies:
    """Makes replies of what one knowledge base says."""

    def __init__(
        self, knowledge: Knows, wording: Wording, review: Reviews, persona: Persona, wall: Callable[[], datetime]
    ) -> None:
        self._knowledge, self._wording, self._review = knowledge, wording, review
        self._persona, self._wall = persona, wall

    def learn(self, knowledge: Knows) -> None:
        """Say what `knowledge` says from now on."""
        self._knowledge = knowledge

    def entry(self, entry: Entry, source: Source, given: Given) -> Reply | None:
        """What an entry says, in a wording whose fields are all given; None when there is none.

        Its card is shown as far as it needs no review; `card` has all of it.
        """
        says = list(dict.fromkeys(entry.say))
        while says:
            say = self._wording.pick(entry.id, says)
            said = filled(self._wording.restyle(say), given, self._wall(), self._wording.language, self._review)
            if said is not None:
                sentences = self._wording.played(said.text, entry.action, fixed=said.text == self._wording.restyle(say))
                reply = self._reply(source, sentences)
                if said.given:
                    reply.sentences = self._reviewed(sentences, said)
                reply.show = self._card(entry, given)
                return reply
            says.remove(say)
        log.warning("the entry %s says nothing that can be filled in", entry.id)
        return None

    async def _reviewed(self, sentences: Sequence[Sentence], said: Filled) -> AsyncIterator[Sentence]:
        """The sentences, or the fallback where one of the values in them may not be spoken."""
        if not await speakable(said, self._review):
            sentences = self._wording.played(self._knowledge.fallback(self._wording.rng))
        for sentence in sentences:
            yield sentence

    def offer(self, finding: Finding) -> Reply:
        """The questions that may be meant, to choose from."""
        line = self._wording.pick("offer", lines.offer(self._wording.language, len(finding.choices)))
        reply = self._reply("suggest", self._wording.played(line))
        reply.decision, reply.match, reply.choices = "suggest", finding.match, finding.choices
        return reply

    def fallback(self) -> Reply:
        """What is said when nothing was found."""
        wordings = [self._knowledge.fallback(self._wording.rng) for _ in range(8)]
        return self._line("fallback", self._wording.pick("fallback", wordings))

    def silence(self) -> Reply:
        """Nothing at all, where a line would disturb."""
        reply = self._reply("fallback", ())
        reply.decision = "fallback"
        return reply

    def refusal(self) -> Reply:
        """What is said where a review does not let words pass."""
        return self._line("review", self._wording.pick("refusal", lines.refusal(self._wording.language)))

    def declined(self) -> Reply:
        """What is said to a question about a subject that the persona does not talk about."""
        return self._line("fallback", self._wording.pick("declined", lines.declined(self._wording.language)))

    def blind(self) -> Reply:
        """What is said to a picture that nobody can look at."""
        return self._line("fallback", lines.blind(self._wording.language))

    def wordless(self, entry: Entry) -> Reply:
        """What an entry does, without a word."""
        reply = self._reply(entry.kind, ())
        reply.action = entry.action
        return reply

    async def readable(self, passages: Sequence[Passage], given: Given) -> Sequence[Passage]:
        """The passages with the fields of answers filled in, without those that lack one."""
        return await readable(passages, given, self._wall(), self._wording.language, self._review)

    async def card(self, entry: Entry, given: Given) -> Card | None:
        """The card of an entry, without the lines whose values may not be shown; None where nothing is left."""
        if entry.show is None:
            return None
        now, language, allowed = self._wall(), self._wording.language, set[str]()
        for value in unreviewed(entry.show, given, now, language, self._review):
            judged = await self._review.said(value)
            if judged.ok:
                allowed.add(value)
            else:
                log.info("a value that was given is not shown: %s", judged.reason)
        shown = card(entry.show, given, now, language, self._review, allowed)
        return None if shown == Card() else shown

    def _card(self, entry: Entry, given: Given) -> Card | None:
        """The card as far as it needs no review."""
        if entry.show is None:
            return None
        shown = card(entry.show, given, self._wall(), self._wording.language, self._review)
        return None if shown == Card() else shown

    def extract(self, passages: Sequence[Passage], *, floor: float) -> Reply | None:
        """The best passage itself, if it is near enough to the question."""
        best = max(passages, key=lambda passage: passage.score, default=None)
        if best is None or best.score < floor:
            return None
        said = self._wording.played(best.answer or best.text)[: self._persona.max_sentences]
        reply = self._reply("rag", [Sentence(s.text, s.emotion, s.cues, (best.id,), s.fixed) for s in said])
        reply.decision, reply.match = "rag", Match(best.id, best.score)
        return reply

    def _line(self, source: Source, line: str) -> Reply:
        reply = self._reply(source, self._wording.played(line))
        reply.decision = "fallback"
        return reply

    def _reply(self, source: Source, sentences: Sequence[Sentence]) -> Reply:
        return Reply(source, "direct", each(sentences), language=self._wording.language)
