"""The matcher on public corpora of questions: CLINC150 and BANKING77, of which only the training parts are read."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.background import strays
from knowledge.decoys import decoys
from knowledge.match import Matcher, Texts
from knowledge.pieces import Encoded
from visavis.engines import Embedder

LANGUAGE = "en"
FOLDS = 10
FEW = 10
"""Phrasings an intent in the smaller measurement on BANKING77."""
REJECTED = 0.95
"""The share of off-topic questions that the threshold rejects."""


async def clinc(path: Path, embedder: Embedder) -> dict[str, float]:
    """CLINC150 (`clinc150_train_val.json`): fitted on `train`, asked `val` and `oos_val`. Shares from 0 to 1.

    `top1`: in-scope questions whose likeliest intent is right. `answered` and `precision`: the share of in-scope
    questions at or above the score that 95 % of `oos_val` stay below, and the share of those that are right.
    """
    with path.open(encoding="utf-8") as file:
        parts: dict[str, list[tuple[str, str]]] = json.load(file)
    names = sorted({name for _, name in parts["train"]})
    place = {name: at for at, name in enumerate(names)}
    train, val, off = ([text for text, _ in parts[part]] for part in ("train", "val", "oos_val"))
    vectors = np.split(await embedder.embed([*train, *val, *off]), np.cumsum([len(train), len(val)]))
    matcher = await _matcher(train, [place[name] for _, name in parts["train"]], vectors[0], embedder)
    found, score = await asyncio.to_thread(_asked, matcher, val, vectors[1])
    _, outside = await asyncio.to_thread(_asked, matcher, off, vectors[2])
    right = found == np.array([place[name] for _, name in parts["val"]])
    answered = score > np.quantile(outside, REJECTED, method="lower")
    return {
        "top1": float(right.mean()),
        "answered": float(answered.mean()),
        "precision": float(right[answered].mean()) if answered.any() else 0.0,
    }


async def banking(path: Path, embedder: Embedder, *, folds: int = FOLDS) -> dict[str, float]:
    """BANKING77 (`banking77_train.csv`) in ten folds: each is asked of the other nine. Shares from 0 to 1.

    `all`: questions whose likeliest intent is right, with all phrasings of the other folds; `few`: with ten an intent,
    drawn at random. `folds`: how many of the ten are asked.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    texts, names = [text for text, _ in rows], sorted({name for _, name in rows})
    owners = np.array([names.index(name) for _, name in rows], np.int64)
    vectors = await embedder.embed(texts)
    drawn = np.random.default_rng(0)
    fold = drawn.permutation(len(rows)) % FOLDS
    right: dict[str, list[NDArray[np.bool_]]] = {"all": [], "few": []}
    for number in range(folds):
        asked, kept = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        some = [drawn.permutation(kept[owners[kept] == each])[:FEW] for each in range(len(names))]
        for name, rest in (("all", kept), ("few", np.concatenate(some))):
            matcher = await _matcher([texts[at] for at in rest], owners[rest].tolist(), vectors[rest], embedder)
            found, _ = await asyncio.to_thread(_asked, matcher, [texts[at] for at in asked], vectors[asked])
            right[name].append(found == owners[asked])
    return {name: float(np.concatenate(each).mean()) for name, each in right.items()}


async def _matcher(
    texts: Sequence[str], owners: Sequence[int], vectors: NDArray[np.float32], embedder: Embedder
) -> Matcher:
    """A library whose entries are the intents. They have no answers: their first phrasing stands for one."""
    order = np.argsort(np.array(owners), kind="stable")
    asks: list[list[str]] = [[] for _ in range(max(owners) + 1)]
    for at in order.tolist():
        asks[owners[at]].append(texts[at])
    firsts = np.searchsorted(np.array(owners)[order], np.arange(len(asks)))
    library = Texts(asks, [each[0] for each in asks], strays(LANGUAGE), decoys(LANGUAGE))
    off = await embedder.embed([*library.strays, *library.decoys])
    asked = vectors[order]
    return await asyncio.to_thread(Matcher, library, Encoded(np.concatenate([asked, asked[firsts], off])))


def _asked(
    matcher: Matcher, texts: Sequence[str], vectors: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each text the likeliest entry and its score."""
    best = [matcher.rank(text, vector)[0] for text, vector in zip(texts, vectors, strict=True)]
    return np.array([each.entry for each in best], np.int64), np.array([each.score for each in best])
