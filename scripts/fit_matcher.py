"""Fit the matcher's weights and print them: python scripts/fit_matcher.py [words|whole|grams|told|many] …

They stand in `knowledge/likelihood.py`, those of told Chinese in `knowledge/told.py`.

Each library of the list is asked its questions, and the weights are those under which the right entries, and none for
questions off the topic, are likeliest. Libraries count alike, however many questions they have. `many` is fitted on the
questions of BANKING77, a part of whose intents is left out of the library in turn, so that their questions are off it.
"""

from __future__ import annotations

import asyncio
import csv
import random
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.background import strays
from knowledge.cache import encoded
from knowledge.decoys import decoys
from knowledge.library import load_file
from knowledge.likelihood import GRAMS, MANY, WHOLE, WORDS, Features, Weights
from knowledge.match import Matcher, Texts
from knowledge.minilm import MiniLm
from knowledge.ngrams import NGrams
from knowledge.told import TOLD, Chinese
from visavis.engines import Context, Embedder
from visavis.fakes.launcher import InlineLauncher

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "knowledge"
CACHE = ROOT / ".visavis" / "fit"
BANKING = ROOT.parent / "shared" / "testdata" / "nlu" / "banking77_train.csv"
SETS = ROOT / "tests" / "data" / "kb"
SHIPPED = {"en": "museum", "zh": "teahouse"}
"""Of each language the library that is fitted on beside those of `SETS`."""
DRAWS = 3
"""How often a library is thinned to two or three phrasings an entry, drawn at random."""
STEPS, RATE, DECAY = 600, 0.1, 1e-3
BY_HAND = "day"
"""A feature that too few questions have for a fit."""
OFF = 1.5
"""What a question off the topic counts, against one on it."""


class Library(NamedTuple):
    """What is asked for in a library: the phrasings of its entries, and the answer of each."""

    language: str
    name: str
    asks: Sequence[Sequence[str]]
    says: Sequence[str]


class Asked(NamedTuple):
    """One question's features, the place of the right entry among them (-1: none), and what it counts."""

    features: Features
    right: int
    share: float


class Case(NamedTuple):
    """A question of a library, by the place of the entry that it means; -1 where it means none."""

    text: str
    entry: int


async def main(names: Sequence[str]) -> None:
    """Fit the sets of weights that are named, or all of them."""
    context = Context("en", InlineLauncher(), CACHE)
    minilm, ngrams = await MiniLm.open(context), await NGrams.open(context)
    chinese = Chinese(minilm)
    fitted: dict[str, tuple[Weights, Callable[[], Awaitable[list[Asked]]]]] = {
        "words": (WORDS, lambda: _libraries(minilm, "en", pieces=True)),
        "whole": (WHOLE, lambda: _libraries(minilm, "en", pieces=False)),
        "grams": (GRAMS, lambda: _libraries(ngrams, "zh", pieces=False)),
        "told": (TOLD, lambda: _libraries(chinese, "zh", pieces=True)),
        "many": (MANY, lambda: _banking(minilm)),
    }
    for name in names or fitted:
        weights, gather = fitted[name]
        weights = Weights({each: at for each, at in weights.entry.items() if each != BY_HAND}, weights.none)
        sys.stdout.write("\n  ".join([name, *map(str, fit(await gather(), weights))]) + "\n")
    await minilm.close()


async def _libraries(embedder: Embedder, language: str, *, pieces: bool) -> list[Asked]:
    rows: list[Asked] = []
    shipped = SHIPPED[language]
    found = [(ROOT / "configs" / "knowledge" / f"{shipped}.yaml", [TESTS / f"{shipped}_cases.csv"])]
    found += [(path.with_suffix(".yaml"), [path]) for path in sorted(SETS.glob(f"dev_{language}_*.csv"))]
    for path, files in found:
        library = load_file(path)
        asks = [list(each.ask) for each in library.faq]
        says = [each.say[0] for each in library.faq]
        ids = [each.id for each in library.faq]
        cases = [Case(text, ids.index(name) if name else -1) for text, name in _cases(files) if not name or name in ids]
        for seed in range(DRAWS):
            drawn = random.Random(seed)  # noqa: S311
            kept = [drawn.sample(each, min(len(each), drawn.choice((2, 3)))) for each in asks]
            rest = [Case(text, at) for at, each in enumerate(asks) for text in each if text not in kept[at]]
            asked = Library(language, path.stem, kept, says)
            rows += await _asked(embedder, asked, [*cases, *rest], pieces=pieces)
    return rows


async def _banking(embedder: MiniLm) -> list[Asked]:
    with BANKING.open(encoding="utf-8", newline="") as file:
        given: dict[str, list[str]] = {}
        for row in csv.DictReader(file):
            given.setdefault(row["category"], []).append(row["text"])
    rows: list[Asked] = []
    for seed, size in enumerate((10, 10, 40, 100)):
        drawn = random.Random(seed)  # noqa: S311
        names = drawn.sample(sorted(given), 60)
        asks = [drawn.sample(given[name], min(size, len(given[name]) - 8)) for name in names]
        cases = [Case(text, at) for at, name in enumerate(names) for text in given[name] if text not in asks[at]]
        cases = drawn.sample(cases, 600)
        cases += [Case(text, -1) for name in given if name not in names for text in drawn.sample(given[name], 8)]
        rows += await _asked(embedder, Library("en", "banking", asks, [""] * len(asks)), cases, pieces=False)
    return rows


async def _asked(embedder: Embedder, library: Library, cases: Sequence[Case], *, pieces: bool) -> list[Asked]:
    answers = [f"{each[0]} {say}" for each, say in zip(library.asks, library.says, strict=True)]
    texts = Texts(library.asks, answers, strays(library.language), decoys(library.language))
    folder = CACHE / "embeddings"
    whole = await encoded(texts.all(), embedder, folder, f"{library.name} {_digest(texts.all())}", pieces=pieces)
    matcher = Matcher(texts, whole)
    asked = [each.text for each in cases]
    given = await encoded(asked, embedder, folder, f"{library.name} {_digest(asked)}", pieces=pieces)
    rows = []
    for at, case in enumerate(cases):
        found = matcher.features(case.text, given.vectors[at], given.pieces[at] if given.pieces else None)
        places = np.flatnonzero(found.entries == case.entry).tolist()
        if places or case.entry < 0:
            rows.append(Asked(found, places[0] if places else -1, (1 if places else OFF) / len(cases)))
    return rows


def _digest(texts: Iterable[str]) -> int:
    return zlib.crc32("\n".join(texts).encode())


def _cases(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            yield from ((row["text"], row["expected_id"]) for row in csv.DictReader(file))


def fit(rows: Sequence[Asked], weights: Weights) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The weights under which what was asked is likeliest, by Adam; an entry's are not below 0."""
    inputs, there, right, share = _table(rows, weights)
    middle, spread = _scales(inputs, there, len(weights.entry))
    inputs = np.where(there[:, :, None], (inputs - middle) / spread, 0)
    found, mean, square = (np.zeros(inputs.shape[2]) for _ in range(3))
    for step in range(STEPS):
        utilities = np.where(there, inputs @ found, -np.inf)
        powers = np.exp(utilities - utilities.max(1, keepdims=True))
        powers /= powers.sum(1, keepdims=True)
        powers[np.arange(len(rows)), right] -= 1
        slope = np.einsum("r,re,ref->f", share, powers, inputs, optimize=True) + DECAY * found
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        rate = RATE * (1 if step < 0.7 * STEPS else 0.2)
        found -= rate * mean / (1 - 0.9 ** (step + 1)) / (np.sqrt(square / (1 - 0.99 ** (step + 1))) + 1e-9)
        found[: len(weights.entry)] = np.maximum(found[: len(weights.entry)], 0)
    plain = found / spread
    names, nones = list(weights.entry), list(weights.none)
    entry = {name: round(float(plain[at]), 3) for at, name in enumerate(names)}
    none = {name: round(float(plain[len(names) + at]), 3) for at, name in enumerate(nones)}
    moved = middle * plain
    none["always"] = round(none["always"] + float(moved[: len(names)].sum() - moved[len(names) :].sum()), 3)
    return entry, none


def _table(
    rows: Sequence[Asked], weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64], NDArray[np.float64]]:
    """Features by row, alternative and feature; which alternatives there are; the right ones; what each row counts."""
    most = max(len(each.features.entries) for each in rows)
    names, nones = list(weights.entry), list(weights.none)
    inputs = np.zeros((len(rows), most + 1, len(names) + len(nones)))
    there = np.zeros((len(rows), most + 1), np.bool_)
    for at, each in enumerate(rows):
        count = len(each.features.entries)
        there[at, :count] = there[at, most] = True
        for place, name in enumerate(names):
            inputs[at, :count, place] = each.features.entry[name]
        inputs[at, most, len(names) :] = [each.features.none[name] for name in nones]
    right = np.array([each.right if each.right >= 0 else most for each in rows], np.int64)
    share = np.array([each.share for each in rows])
    return inputs, there, right, share / share.sum()


def _scales(
    inputs: NDArray[np.float64], there: NDArray[np.bool_], entry: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle, spread = np.zeros(inputs.shape[2]), np.ones(inputs.shape[2])
    entries, none = inputs[:, :-1][there[:, :-1]], inputs[:, -1]
    middle[:entry], spread[:entry] = entries[:, :entry].mean(0), entries[:, :entry].std(0)
    middle[entry + 1 :], spread[entry + 1 :] = none[:, entry + 1 :].mean(0), none[:, entry + 1 :].std(0)
    return middle, np.maximum(spread, 1e-6)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
