"""What looks wrong with a knowledge file that can be used: warnings for `visavis kb check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from knowledge.cache import embedded
from knowledge.library import Part
from knowledge.lint.items import items
from knowledge.lint.keywords import keywords
from knowledge.lint.questions import near, phrasings, repeated
from knowledge.problem import Problem
from visavis.engines import Embedder


def lint(part: Part, parts: Sequence[Part], now: datetime) -> Iterator[Problem]:
    """Warnings about one of the files of a library, `parts`, as its words show them."""
    yield from items(part, now)
    yield from repeated(part, parts, now)
    yield from keywords(part, parts, now)


async def alike(part: Part, parts: Sequence[Part], now: datetime, embedder: Embedder, cache: Path) -> list[Problem]:
    """Warnings about questions that mean nearly the same. Raises EngineError when they cannot be embedded."""
    found = phrasings(parts, now)
    texts = [each.text for each in found]
    vectors = await embedded(texts, embedder, cache / "embeddings", f"{part[1].knowledge} questions")
    return list(near(part, found, vectors))
