"""The knowledge base as the agent uses it: one or several libraries, open, immutable."""

from __future__ import annotations

import asyncio
import logging
import math
import random
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge import templates
from knowledge.answers import Candidate, Entry, Explanation, Finding, entry, source
from knowledge.background import fallback_line, strays
from knowledge.cache import Done, nobody
from knowledge.calibrate import CHOICES
from knowledge.decoys import decoys
from knowledge.followup import joined, leans, together
from knowledge.greetings import Greetings
from knowledge.indexed import Indexed, Material, indexed
from knowledge.keywords import Keywords
from knowledge.library import Library, load_file, load_library
from knowledge.match import Ranked, Texts
from knowledge.ngrams import NGrams
from knowledge.normalise import normalise
from knowledge.passages import Passage, cut
from knowledge.pieces import Encoded, PieceEmbedder, WordList
from knowledge.reasons import reason
from knowledge.rules import Event, Pace, Rules
from knowledge.schema import DocumentRef, Faq, Keyword, Rule, Thresholds
from knowledge.spare import spared
from knowledge.spelling import Spelling
from knowledge.validity import Validity
from visavis.engines import Context, Embedder
from visavis.errors import ConfigError, EngineError
from visavis.ssml import words_of
from visavis.words import Choice, Match, Occasion

log = logging.getLogger(__name__)

DOCUMENTS, EMBEDDINGS = "documents", "embeddings"
"""The folders of the cache in which the text of documents and the vectors of texts are kept."""
MOST_READ = 16
"""Passages that are handed out at most."""
REMEMBERED = 64
LONGEST = 1_000
"""Characters of a question that are looked at."""

Floats = NDArray[np.float32]
Now = Callable[[], datetime]


class Knowledge:
    """What the avatar knows. To take an edit in, open another one and put it in this one's place."""

    def __init__(
        self, libraries: Sequence[Library], embedder: Embedder, now: Now, before: Knowledge | None = None
    ) -> None:
        self.name = "+".join(each.name for each in libraries)
        self.language = libraries[0].language
        self.folder = libraries[0].folder
        self._libraries, self._wanted, self._now = tuple(libraries), embedder, now
        self._embedder = embedder
        self._faq = tuple(each for library in libraries for each in (*library.faq, *library.intents))
        known: dict[int, Entry] = before._by_item if before else {}
        self._entries = tuple(known.get(id(each)) or entry(each) for each in self._faq)
        self._by_item: dict[int, Entry] = {id(item): each for item, each in zip(self._faq, self._entries, strict=True)}
        self._places: dict[str, list[int]] = {}
        for place, found in enumerate(self._entries):
            self._places.setdefault(found.id, []).append(place)
        self._keywords = Keywords(each for library in libraries for each in library.keywords)
        self._greetings = Greetings(each for library in libraries for each in library.greetings)
        self._rules = Rules(each for library in libraries for each in library.rules)
        self._phrasings = [phrasing for each in self._faq for phrasing in each.ask]
        plain: dict[str, str] = before._plain if before else {}
        self._plain: dict[str, str] = {each: plain.get(each) or normalise(each) for each in self._phrasings}
        self._exact: dict[str, list[int]] = {}
        for place, each in enumerate(self._faq):
            for phrasing in each.ask:
                self._exact.setdefault(self._plain[phrasing], []).append(place)
        for places in self._exact.values():
            places.sort(key=lambda place: -self._faq[place].priority)
        self._namesakes = _namesakes(self._faq, self._exact.values())
        answers = [Passage(each.id, each.question, words_of(each.say[0]), template=True) for each in self._entries]
        chunks, self._refs = _chunks(libraries)
        self._passages = [*answers, *chunks]
        self._validity = Validity([*self._faq, *self._refs])
        self._spelling = Spelling(self._plain.values(), _words_of(embedder))
        self._vectors: OrderedDict[str, Encoded] = OrderedDict()
        self._context: Context | None = None
        self._spare: asyncio.Task[Self] | None = None

    @classmethod
    async def open(
        cls,
        names: Sequence[str],
        folder: Path,
        context: Context,
        embedder: Embedder,
        *,
        now: Now = datetime.now,
        before: Self | None = None,
        soon: bool = False,
        done: Done = nobody,
    ) -> Self:
        """The libraries of these names in `folder`. Raises ConfigError, or EngineError when they cannot be embedded.

        `before` is what was known before an edit: what did not change is kept of it, and where nothing did it is
        handed back. With `soon` thousands of texts without vectors are not waited for: they are matched by their
        words, until `complete`. `done` is told how many texts are embedded, of how many.
        """
        kept = context.cache / DOCUMENTS
        libraries = await asyncio.to_thread(lambda: [load_library(name, folder, kept) for name in names])
        if before is not None and tuple(libraries) == before._libraries and before._wanted is embedder:
            return before
        return await cls._open(libraries, context, embedder, now, before, soon, done)

    @classmethod
    async def open_file(
        cls, path: Path, context: Context, embedder: Embedder, *, now: Now = datetime.now, done: Done = nobody
    ) -> Self:
        """One file as a library of its own. Raises as `open`."""
        library = await asyncio.to_thread(load_file, path, context.cache / DOCUMENTS)
        return await cls._open([library], context, embedder, now, done=done)

    @classmethod
    async def _open(
        cls,
        libraries: Sequence[Library],
        context: Context,
        embedder: Embedder,
        now: Now,
        before: Self | None = None,
        soon: bool = False,
        done: Done = nobody,
    ) -> Self:
        _one_language(libraries)
        self = await asyncio.to_thread(cls, libraries, embedder, now, before)
        self._context = context
        known = before._indexed if before is not None else None
        folder = context.cache / EMBEDDINGS
        self._use(await indexed(self._material(), embedder, folder, known, soon=soon, done=done))
        return self

    def _material(self) -> Material:
        answers = [f"{each.title} {each.text}" for each in self._passages[: len(self._faq)]]
        texts = Texts([each.ask for each in self._faq], answers, strays(self.language), decoys(self.language))
        stated = (each.thresholds for each in self._libraries if each.thresholds != Thresholds())
        return Material(self.name, texts, self._passages, next(stated, Thresholds()))

    def _use(self, found: Indexed) -> None:
        self._indexed, self._embedder = found, found.embedder
        self._matcher, self._reader, self._extracts = found.matcher, found.reader, found.extracts
        self.limits, self._read_from = found.limits, found.read_from

    @property
    def whole(self) -> bool:
        """Whether questions are compared by what they mean; else by their words, until `complete`."""
        return self._embedder is self._wanted

    async def complete(self, done: Done = nobody) -> Self:
        """The same with all texts embedded. Raises EngineError; what was embedded until then is kept."""
        if self.whole or self._context is None:
            return self
        found = copy(self)
        found._vectors = OrderedDict()
        folder, before = self._context.cache / EMBEDDINGS, self._indexed
        found._use(await indexed(before.material, self._wanted, folder, before, done=done))
        return found

    # ── questions ───────────────────────────────────────────────────────────────────────────────────
    @spared
    async def find(self, text: str, *, topic: str | None = None, avoid: Collection[str] = ()) -> Finding:
        """What the knowledge base has for a typed or spoken text.

        `topic`: id of the entry that was answered before, on which a text such as "and on Sunday?" leans.
        `avoid`: ids whose cooldown runs; they neither answer nor are offered.
        """
        text = text[:LONGEST]
        if not normalise(text):
            return Finding("fallback", "fallback")
        if sure := self._sure(text, avoid) or self._sure(text := self._spelling(text), avoid):
            return sure
        whole, ranked = await self._weigh(text, topic, avoid)
        return self._decide(whole, (await self._embed(whole)).vectors[0], ranked)

    @spared
    async def explain(self, text: str, *, topic: str | None = None) -> Explanation:
        """Why `find` answers a text as it does."""
        text = text[:LONGEST]
        found = await self.find(text, topic=topic)
        text = self._spelling(text)
        exact = [self._faq[place].id for place in self._exact.get(normalise(text), ())]
        fired = [each.id for each in self._keywords.matching(text)]
        whole, ranked = await self._weigh(text, topic, ()) if normalise(text) else (text, [])
        weighed = tuple(self._candidate(each) for each in ranked)
        limits = self.limits
        because = reason(found, weighed, limits.direct, limits.suggest, limits.margin)
        return Explanation(
            normalise(whole), tuple(exact), tuple(fired), weighed, limits.direct, limits.suggest, limits.margin,
            found, because,
        )  # fmt: skip

    @spared
    async def confidence(self, text: str) -> float:
        """How sure a partial transcript is already a question that is answered directly, 0..1; from 0.5 it would be."""
        text = text[:LONGEST]
        if not normalise(text):
            return 0.0
        if self._sure(text) or self._sure(text := self._spelling(text)):
            return 1.0
        return self.limits.probability(self._rank(text, await self._embed(text)))

    @spared
    async def passages(self, text: str, count: int = 4) -> list[Passage]:
        """The `count` entries and pieces of documents most like a text, best first: an LLM answers from them."""
        text = text[:LONGEST]
        if not normalise(text) or count < 1:
            return []
        return self._read(text, (await self._embed(text)).vectors[0])[:count]

    async def by_words(self, error: EngineError) -> Self:
        """The same libraries matched by their words alone: what answers while the embedder fails."""
        if self._context is None or isinstance(self._embedder, NGrams):
            raise error
        if self._spare is None:
            log.warning("%s: questions are matched by their words alone: %s", self.name, error)
            opening = self._open(self._libraries, self._context, NGrams(), self._now)
            self._spare = asyncio.create_task(opening, name=f"match {self.name} by words")
        return await asyncio.shield(self._spare)

    def _sure(self, text: str, avoid: Collection[str] = ()) -> Finding | None:
        """An exact question, or a keyword: no similarity needed."""
        now = self._now()
        for owner in self._exact.get(normalise(text), ()):
            if self._faq[owner].valid(now) and self._faq[owner].id not in avoid:
                return _direct(self._entries[owner], 1.0)
        for keyword in self._keywords.matching(text):
            if keyword.valid(now) and keyword.id not in avoid:
                return _direct(entry(keyword), 1.0)
        return None

    async def _weigh(self, text: str, topic: str | None, avoid: Collection[str]) -> tuple[str, list[Ranked]]:
        """The text as it is matched, with the topic's question before it where it leans on that, and its ranking."""
        ranked = self._rank(text, await self._embed(text), avoid)
        before = self.named(topic) if topic else None
        if before is None or not leans(text):
            return text, ranked
        whole = joined(before.question, text)
        return whole, together(ranked, self._rank(whole, await self._embed(whole), avoid))

    def _rank(self, text: str, encoded: Encoded, avoid: Collection[str] = ()) -> list[Ranked]:
        pieces = encoded.pieces[0] if encoded.pieces else None
        return self._matcher.rank(text, encoded.vectors[0], pieces, self._allowed(avoid))

    def _candidate(self, ranked: Ranked) -> Candidate:
        found = self._entries[ranked.entry]
        dense, lexical = (round(min(max(each, 0.0), 1.0), 4) for each in (ranked.dense, ranked.lexical))
        return Candidate(found.id, found.question, round(ranked.score, 4), dense, lexical)

    def _decide(self, text: str, vector: Floats, ranked: list[Ranked]) -> Finding:
        candidates = tuple(Match(self._entries[each.entry].id, round(each.score, 4)) for each in ranked[:5])
        if winner := self._winner(ranked):
            best = self._entries[winner.entry]
            match = Match(best.id, round(winner.score, 4))
            return Finding("direct", source(best), best, match, candidates=candidates)
        read = self._read(text, vector)[:CHOICES] if self._refs else []
        if read and "#" in read[0].id and read[0].score >= self._read_from:
            match = Match(read[0].id, read[0].score)
            return Finding("rag", "rag", match=match, passages=tuple(read), candidates=candidates)
        offered = self.limits.offered(ranked)
        if not offered:
            return Finding("fallback", "fallback", candidates=candidates)
        choices = tuple(_choice(self._entries[each.entry]) for each in offered)
        return Finding("suggest", "suggest", match=candidates[0], choices=choices, candidates=candidates)

    def _winner(self, ranked: list[Ranked]) -> Ranked | None:
        """The one that answers: the best, or the highest priority of those that are as good or ask the same."""
        if not ranked:
            return None
        best, rest = ranked[0], ranked[1:]
        same = [each for each in rest if each.entry in self._namesakes.get(best.entry, ())]
        near = [
            best,
            *same,
            *(each for each in rest if each not in same and best.score - each.score < self.limits.margin),
        ]
        first = max(near, key=lambda each: self._faq[each.entry].priority)
        if first is best or first in same:
            first = first._replace(score=min(best.score + sum(each.score for each in same), 1.0))
        rivals = [each for each in near if self._faq[each.entry].priority == self._faq[first.entry].priority]
        return first if len(rivals) == 1 and self.limits.answers([first]) else None

    def _read(self, text: str, vector: Floats) -> list[Passage]:
        found = self._reader.scores(text, vector, self._validity.at(self._now()))
        read = [replace(self._passages[place], score=round(score, 4)) for place, score in found[:MOST_READ]]
        for rank, (place, _) in enumerate(found[:CHOICES]):
            if (at := place - len(self._faq)) >= 0:
                read[rank] = replace(read[rank], answer=self._extracts.answer(at, text, vector))
        return read

    def _allowed(self, avoid: Collection[str]) -> NDArray[np.bool_]:
        found = self._validity.at(self._now())[: len(self._faq)]
        found[[place for each in avoid for place in self._places.get(each, ())]] = False
        return found

    async def _embed(self, text: str) -> Encoded:
        known = self._vectors.get(text)
        if known is None:
            if isinstance(self._embedder, PieceEmbedder):
                known = Encoded(*await self._embedder.embed_pieces([text]))
            else:
                known = Encoded(await self._embedder.embed([text]))
            self._vectors[text] = known
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return known

    # ── what is said unasked ────────────────────────────────────────────────────────────────────────
    def greeting(
        self,
        occasion: Occasion,
        *,
        now: datetime,
        rng: random.Random,
        quiet_s: float = math.inf,
        avoid: Iterable[str] = (),
    ) -> Entry | None:
        """A greeting for the occasion, or None. `quiet_s`: how long nobody spoke; `avoid`: ids whose cooldown runs."""
        found = self._greetings.pick(occasion, now, rng, quiet_s, avoid)
        return None if found is None else entry(found)

    @property
    def idle_after_s(self) -> float | None:
        """After how many quiet seconds an idle greeting may come; None where there is none."""
        return self._greetings.idle_after_s()

    def react(
        self,
        event: Event,
        given: Mapping[str, object],
        *,
        now: datetime,
        pace: Pace,
        at: float,
        improvises: bool = True,
        avoid: Collection[str] = (),
    ) -> Entry | None:
        """What the first rule that an event fires does, or None; `pace` is the session's and is not changed.

        `given` is what conditions see besides the event, `at` the session's clock. Without `improvises` rules that
        need a language model are passed over, as are the ids `avoid`.
        """
        found = self._rules.pick(event, given, now, pace, at, improvises=improvises, avoid=avoid)
        return None if found is None else entry(found)

    def fallback(self, rng: random.Random) -> str:
        """What to say when nothing was found."""
        says = next((each.fallback for each in self._libraries if each.fallback), ())
        said = templates.fill(rng.choice(says), {}, self._now(), self.language) if says else None
        return said or fallback_line(self.language)

    def top_questions(self, count: int) -> list[Choice]:
        """Questions for buttons: those marked `button: true`, or the first ones where none is marked."""
        now = self._now()
        valid = [(item, each) for item, each in zip(self._faq, self._entries, strict=True) if item.valid(now)]
        marked = [each for item, each in valid if item.button] or [each for _, each in valid]
        return [_choice(each) for each in marked[:count]]

    # ── what is in it ───────────────────────────────────────────────────────────────────────────────
    def phrases(self) -> tuple[str, ...]:
        """Everything that is asked and said: hints for a recogniser."""
        terms = [term for each in self._keyword_items() if each.match != "regex" for term in (*each.any, *each.all)]
        return tuple(dict.fromkeys([*self._phrasings, *terms, *map(words_of, self.fixed())]))

    def questions(self) -> tuple[str, ...]:
        """What is known to be asked or said, word for word: a visitor who says it has finished."""
        terms = [term for each in self._keyword_items() if each.match == "exact" for term in (*each.any, *each.all)]
        return tuple(dict.fromkeys([*self._phrasings, *terms]))

    def pictures(self) -> dict[str, Path]:
        """The files of the pictures, videos and sounds that answers show, by the name that their cards have."""
        found: dict[str, Path] = {}
        for library in self._libraries:
            for item in library.items():
                for name in item.show.files().values() if item.show else ():
                    found.setdefault(name, library.folder / name)
        return found

    def fixed(self) -> list[str]:
        """Every text that is said as it is written, so that it can be prepared."""
        items = [
            *self._greeting_says(),
            *(each.say for each in self._keyword_items()),
            *(each.say for each in self._faq),
            *(each.say or () for library in self._libraries for each in library.rules),
            *(library.fallback for library in self._libraries),
        ]
        says = [said for each in items for say in each if (said := templates.plain(say)) is not None]
        own = any(library.fallback for library in self._libraries)
        return list(dict.fromkeys(says if own else [*says, fallback_line(self.language)]))

    def faq(self) -> tuple[Entry, ...]:
        """Every entry with a question, FAQ before skills, in order of the files."""
        return self._entries

    def named(self, name: str) -> Entry | None:
        """The entry with a question whose id is `name`."""
        return next((self._entries[place] for place in self._places.get(name, ())), None)

    def items(self) -> tuple[Faq, ...]:
        """Every item with a question: FAQ items as they are written, then the intents of skills."""
        return self._faq

    def ids(self) -> tuple[str, ...]:
        """The ids of everything by which a question may be answered directly."""
        return tuple(each.id for each in (*self._faq, *self._keyword_items()))

    def rules(self) -> tuple[Rule, ...]:
        """Every rule as it is written, highest priority first."""
        found = (each for library in self._libraries for each in library.rules)
        return tuple(sorted(found, key=lambda each: -each.priority))

    def _keyword_items(self) -> Iterable[Keyword]:
        return (each for library in self._libraries for each in library.keywords)

    def _greeting_says(self) -> Iterable[tuple[str, ...]]:
        return (each.say for library in self._libraries for each in library.greetings)


def _namesakes(items: Sequence[Faq], shared: Iterable[list[int]]) -> dict[int, set[int]]:
    """The entries that share a phrasing with each other, and of which one comes first by its priority."""
    found: dict[int, set[int]] = {}
    for places in shared:
        for place in places if len(places) > 1 else ():
            others = {each for each in places if items[each].priority != items[place].priority}
            found.setdefault(place, set()).update(others)
    return found


def _words_of(embedder: Embedder) -> Callable[[str], bool]:
    """Which words are spelt right: all, where the embedder cannot tell."""
    return embedder.knows if isinstance(embedder, WordList) else lambda word: True


def _direct(found: Entry, score: float) -> Finding:
    match = Match(found.id, score)
    return Finding("direct", source(found), found, match, candidates=(match,))


def _choice(found: Entry) -> Choice:
    return Choice(found.id, found.question)


def _chunks(libraries: Sequence[Library]) -> tuple[list[Passage], list[DocumentRef]]:
    pairs = [
        (chunk, text.ref)
        for library in libraries
        for text in library.documents
        for chunk in cut(text.ref.path, text.title, text.blocks)
    ]
    return [chunk for chunk, _ in pairs], [ref for _, ref in pairs]


def _one_language(libraries: Sequence[Library]) -> None:
    first = libraries[0]
    for each in libraries[1:]:
        if each.language.split("-")[0].lower() != first.language.split("-")[0].lower():
            problem = f"the knowledge base is in {each.language}, but {first.name!r} is in {first.language}"
            raise ConfigError(each.files[0], 1, "language", problem, "use libraries of one language in a dialog")
