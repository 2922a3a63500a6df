"""How fast the knowledge base looks up, decides and reviews. Computing is measured in processor time: one core's."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from agent.memory import Memory
from agent.mind import Mind
from agent.review import Review
from knowledge.index import Index
from knowledge.knowledge import Knowledge
from runtime.bench.kb_library import WordSums, entries, questions, write
from runtime.bench.report import Row, percentile
from runtime.opened import embedder_for
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.engines import Context
from visavis.fakes.launcher import InlineLauncher
from visavis.words import Utterance

LARGE, QUICK = 100_000, 15_000
"""Questions of the large library."""
PHRASINGS = 3
ENTRIES = 1_000
INNOCENT = ("Scunthorpe has a museum.", "The analysis of the class is over.", "坐的士可以到吗？")
"""Texts that hold what a careless word list takes for something else."""


async def lookup(quick: bool) -> list[Row]:
    """Finding in a large library, the question's vector being there already."""
    count = QUICK if quick else LARGE
    asked = entries(count // PHRASINGS + 1, PHRASINGS)
    texts = questions(asked, 100 if quick else 400)
    embedder = WordSums()
    with TemporaryDirectory() as folder:
        write(asked, Path(folder))
        began = time.process_time()
        context = Context("en", InlineLauncher(), Path(folder) / "cache")
        knowledge = await Knowledge.open(["bench"], Path(folder), context, embedder)
        opened_s = time.process_time() - began
    await embedder.embed(texts)
    spent = [await _spent(knowledge.find, text) for text in texts]
    note = f"{count:,} questions, p50 {percentile(spent, 50):.1f} ms"
    recall = await _recall(embedder, [each for entry in asked for each in entry.asks], texts)
    return [
        Row("lookup, dense and lexical, encoding apart, p95", percentile(spent, 95), "ms", 5.0, note=note),
        Row("lookup, recall@1 of the index against exact", recall, "", 0.98, at_least=True),
        Row("opening the large library, encoding apart", opened_s, "s"),
    ]


async def _recall(embedder: WordSums, phrasings: Sequence[str], texts: Sequence[str]) -> float:
    """How often the index finds a phrasing that is as near as the nearest."""
    vectors, asked = await embedder.embed(phrasings), await embedder.embed(texts)
    index = Index(vectors)
    found = 0
    for vector in asked:
        exact = float((vectors @ vector).max())
        found += float((vectors[index.nearest(vector, 1)] @ vector).max(initial=-1.0)) >= exact - 1e-5
    return found / len(asked)


async def decision(installation: Installation, quick: bool) -> list[Row]:
    """From a typed question to the reply, with the language's own embedder and without a language model."""
    asked = entries(ENTRIES, PHRASINGS)
    texts = questions(asked, 40 if quick else 200)
    clock = LoopClock()
    async with embedder_for(installation, "en") as (context, embedder):
        with TemporaryDirectory() as folder:
            write(asked, Path(folder))
            knowledge = await Knowledge.open(["bench"], Path(folder), context, embedder)
        mind = Mind(knowledge, None, clock=clock, review=Review(language="en"))

        async def decide(text: str) -> object:
            now = clock.now()
            return await mind.answer(Utterance(text, "en", "text", now, now), Memory())

        await decide(texts[0])
        walls, spent = [], []
        for text in texts[1:]:
            began = time.perf_counter()
            spent.append(await _spent(decide, text))
            walls.append((time.perf_counter() - began) * 1000)
    name = f"typed question, whole decision, {ENTRIES:,} entries, p95"
    note = f"p50 {percentile(walls, 50):.1f} ms; processor time p95 {percentile(spent, 95):.1f} ms"
    return [Row(name, percentile(walls, 95), "ms", 25.0, note=note)]


async def reviewing(sentences: Sequence[str]) -> list[Row]:
    """Both ways, a sentence at a time."""
    review = Review(language="en")
    heard = [await _spent(review.heard, each) for each in sentences]
    said = [await _spent(review.said, each) for each in sentences]
    wrong = [text for text in INNOCENT for judge in (review.heard, review.said) if not (await judge(text)).ok]
    note = f"{len(sentences)} sentences"
    return [
        Row("review of what is heard, a sentence, mean", float(np.mean(heard)), "ms", 0.2, note=note),
        Row("review of what is said, a sentence, mean", float(np.mean(said)), "ms", 0.2, note=note),
        Row("review: innocent texts blocked", len(wrong), "", 0.0, note="Scunthorpe, analysis, 的士"),
    ]


async def _spent(work: Callable[[str], Awaitable[object]], text: str) -> float:
    """Milliseconds of processor time."""
    began = time.process_time()
    await work(text)
    return (time.process_time() - began) * 1000
