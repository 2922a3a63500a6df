"""What visitors ask and the knowledge base does not answer: alike questions together, with what to write."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import yaml
from numpy.typing import NDArray

from knowledge.answers import Candidate, Explanation
from knowledge.content import content
from knowledge.fields import ASK_LIMIT
from knowledge.knowledge import Knowledge
from knowledge.normalise import has_han, normalise
from visavis.engines import Embedder

TOGETHER = 0.62
"""The likeness to a cluster's middle from which a question joins it."""
MOST = 5_000
"""Different questions that are looked at, the most frequent ones."""
PHRASINGS = 5
"""Wordings that a new entry is given."""
WORDS, CHARACTERS, ID_LIMIT = 4, 12, 56
"""Of so many words, or Chinese characters, an id is made, and how long it is at most."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that are alike: how often they were asked, each wording once, the most frequent first.

    `nearest` is the entry most like the first. With `near` they are other wordings of it, and `yaml` is what to add to
    its `ask`; else `yaml` is a new entry.
    """

    count: int
    texts: tuple[str, ...]
    nearest: Candidate | None
    near: bool
    yaml: str


async def gaps(
    knowledge: Knowledge,
    embedder: Embedder,
    texts: Iterable[str],
    done: Callable[[int, int], None] = lambda done, total: None,
) -> list[Gap]:
    """The gaps that unanswered `texts` show, the most asked first; what is answered directly by now is left out.

    `done` is told how many questions of how many have been looked up. Raises EngineError.
    """
    counts, spelling = _counted(texts)
    common = counts.most_common(MOST)
    open_: list[tuple[str, int, Explanation]] = []
    for place, (plain, count) in enumerate(common):
        explained = await knowledge.explain(spelling[plain])
        if explained.finding.decision != "direct":
            open_.append((spelling[plain], count, explained))
        done(place + 1, len(common))
    if not open_:
        return []
    clusters = cluster(await embedder.embed([text for text, _, _ in open_]), [count for _, count, _ in open_])
    taken = set(knowledge.ids())
    together = sorted(([open_[row] for row in rows] for rows in clusters), key=lambda each: -sum(n for _, n, _ in each))
    return [_gap(each, taken) for each in together]


def cluster(vectors: Floats, weights: Sequence[int]) -> list[list[int]]:
    """Rows of unit `vectors` that belong together, each list heaviest first; rows come in order of their weight.

    A row joins the cluster whose middle is nearest, if that is near enough, or begins one of its own.
    """
    sums = np.zeros_like(vectors)
    middles = np.zeros_like(vectors)
    found: list[list[int]] = []
    for row in np.argsort(-np.asarray(weights), kind="stable").tolist():
        likeness = middles[: len(found)] @ vectors[row]
        best = int(np.argmax(likeness)) if found else -1
        if best < 0 or likeness[best] < TOGETHER:
            best = len(found)
            found.append([])
        found[best].append(row)
        sums[best] += weights[row] * vectors[row]
        middles[best] = sums[best] / max(float(np.linalg.norm(sums[best])), 1e-9)
    return found


def _counted(texts: Iterable[str]) -> tuple[Counter[str], dict[str, str]]:
    """How often each question was asked, whatever its case and punctuation, and how it was first written."""
    counts: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for text in texts:
        plain = normalise(text)
        if plain:
            counts[plain] += 1
            spelling.setdefault(plain, " ".join(text.split())[:ASK_LIMIT])
    return counts, spelling


def _gap(alike: Sequence[tuple[str, int, Explanation]], taken: set[str]) -> Gap:
    texts = tuple(text for text, _, _ in alike)
    explained = alike[0][2]
    nearest = explained.candidates[0] if explained.candidates else None
    near = nearest is not None and nearest.score >= explained.suggest
    asks = list(texts[:PHRASINGS])
    if near:
        written = _written(asks, 8)
    else:
        name = _id(asks[0], taken)
        taken.add(name)
        written = _written([{"id": name, "ask": asks, "say": "TODO"}], 4)
    return Gap(sum(count for _, count, _ in alike), texts, nearest, near, written)


def _written(value: Sequence[object], indent: int) -> str:
    """A list as it stands in a knowledge file, so many columns in."""
    text = yaml.safe_dump(list(value), allow_unicode=True, sort_keys=False, width=1000, indent=2)
    return "\n".join(" " * indent + line for line in text.splitlines())


def _id(question: str, taken: set[str]) -> str:
    """An id that says what a question is about and that no entry has."""
    plain = normalise(question)
    if has_han(plain):
        name = plain.replace(" ", "-")[:CHARACTERS]
    else:
        words = plain.split()
        telling = [word for word in words if content(word)] or words
        name = "-".join(telling[:WORDS])
    name = name[:ID_LIMIT].strip("-") or "question"
    return next(each for each in _numbered(name) if each not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in itertools.count(2))
