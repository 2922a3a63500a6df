"""What a library is searched by, made from its texts; after an edit of a large one, from what it was before."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import calibrate
from knowledge.cache import Done, Shelf, added, embedded, nobody
from knowledge.calibrate import Limits, Trials
from knowledge.extract import Extracts, embeddable
from knowledge.index import LARGE
from knowledge.letters import LETTERS_ALONE
from knowledge.likelihood import GRAMS, LETTERS, WHOLE
from knowledge.match import Matcher, Texts
from knowledge.ngrams import NGrams
from knowledge.passages import Passage
from knowledge.pieces import Encoded
from knowledge.reader import Inner, Reader
from knowledge.rows import WORN
from knowledge.schema import Thresholds
from visavis.engines import Embedder

READ_FROM = 0.22
"""The score from which a document's passage may be the answer."""
READ_STRAYS = 0.95
"""The share of off-topic questions that it must not answer."""
FIRST = 2_000
"""Texts without a vector from which a library is matched by its words alone until all have one."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Material:
    """The texts of a library; `passages` are one of each entry with a question, then the chunks of its documents."""

    name: str
    texts: Texts
    passages: Sequence[Passage]
    thresholds: Thresholds

    def titled(self) -> list[str]:
        return [f"{each.title} {each.text}" for each in self.passages]

    def chunks_titled(self) -> list[str]:
        return [f"{each.title} {each.text}" for each in self.chunks]

    @property
    def chunks(self) -> Sequence[Passage]:
        return self.passages[len(self.texts.asks) :]


@dataclass(frozen=True, slots=True)
class Indexed:
    """`edits` counts the texts that were changed since `tried` was measured."""

    material: Material
    embedder: Embedder
    matcher: Matcher
    reader: Reader
    extracts: Extracts
    tried: Trials
    limits: Limits
    read_from: float
    edits: int = 0


async def indexed(
    material: Material,
    embedder: Embedder,
    folder: Path,
    before: Indexed | None = None,
    *,
    soon: bool = False,
    done: Done = nobody,
) -> Indexed:
    """Everything made anew, or from `before` where little has changed. Raises EngineError.

    With `soon` a library that has thousands of texts without a vector is indexed by its words alone.
    """
    if before is not None and before.embedder is embedder:
        edited = await _edited(before, material, folder)
        if edited is not None:
            return edited
    texts, name = material.texts.all(), material.name
    shelf = await Shelf.open(embedder, folder, name, pieces=_phrasings(material) <= LARGE)
    if soon and await asyncio.to_thread(shelf.lacking, texts) > FIRST:
        return await by_letters(material, folder, before)
    await shelf.fill(texts, done)
    matched = await asyncio.to_thread(shelf.encoded, texts)
    del shelf
    read = await embedded(material.chunks_titled(), embedder, folder, f"{name} documents")
    said = await asyncio.to_thread(embeddable, material.chunks)
    extracts = Extracts(material.chunks, await embedded(said, embedder, folder, f"{name} sentences"))
    return await asyncio.to_thread(_made, material, embedder, matched, read, extracts, before)


async def by_letters(material: Material, folder: Path, before: Indexed | None = None) -> Indexed:
    """Without vectors, at once."""
    if before is not None and before.embedder is LETTERS_ALONE:
        edited = await _edited(before, material, folder)
        if edited is not None:
            return edited
    matched = Encoded(await LETTERS_ALONE.embed(material.texts.all()))
    read = await LETTERS_ALONE.embed(material.chunks_titled())
    extracts = Extracts(material.chunks, np.empty((0, 0), np.float32))
    return await asyncio.to_thread(_made, material, LETTERS_ALONE, matched, read, extracts, None)


def _phrasings(material: Material) -> int:
    return sum(map(len, material.texts.asks))


def _made(
    material: Material, embedder: Embedder, matched: Encoded, read: Floats, extracts: Extracts, before: Indexed | None
) -> Indexed:
    texts, titled = material.texts, material.titled()
    same = before if before is not None and before.material is material else None
    weights = LETTERS if embedder is LETTERS_ALONE else GRAMS if isinstance(embedder, NGrams) else WHOLE
    matcher = Matcher(texts, matched, weights, same.matcher.lexical if same else None)
    first, count = len(matcher.phrasings), len(texts.asks)
    off = first + count
    vectors = np.concatenate([matched.vectors[first:off], read])
    reader = Reader(titled, vectors, _inner(extracts, count), same.reader.lexical if same else None)
    tried = calibrate.trials(matcher, texts.strays, matched, off)
    limits, read_from = calibrate.limits(material.thresholds, tried), 1.0
    if len(titled) > count:
        chunks = np.arange(len(titled)) >= count
        pairs = zip(texts.strays, matched.vectors[off:], strict=False)
        tops = [reader.scores(text, vector, chunks)[:1] for text, vector in pairs]
        usual = [each[0][1] for each in tops if each]
        read_from = max(float(np.quantile(usual, READ_STRAYS)) if usual else 0.0, READ_FROM)
    return Indexed(material, embedder, matcher, reader, extracts, tried, limits, read_from)


async def _edited(before: Indexed, material: Material, folder: Path) -> Indexed | None:
    """What an edit leaves; None where it is a small library, or another one."""
    if not before.matcher.large or material.texts[2:] != before.material.texts[2:]:
        return None
    name, embedder = material.name, before.embedder
    asked, chunks = await asyncio.to_thread(_new, before, material)
    edits = before.edits + len(asked) + len(chunks)
    if edits > WORN * len(before.matcher.phrasings):
        return None
    extracts = before.extracts
    if embedder is LETTERS_ALONE:
        fresh = dict.fromkeys((*asked, *chunks), np.empty(0, np.float32))
    else:
        fresh = await added(asked, embedder, folder, name)
        fresh |= await added(chunks, embedder, folder, f"{name} documents")
    if embedder is not LETTERS_ALONE and material.chunks != before.material.chunks:
        said = await asyncio.to_thread(embeddable, material.chunks)
        extracts = Extracts(material.chunks, await embedded(said, embedder, folder, f"{name} sentences"))

    def made() -> Indexed:
        matcher = before.matcher.edited(material.texts, fresh)
        reader = before.reader.edited(material.titled(), fresh, _inner(extracts, len(material.texts.asks)))
        limits = calibrate.limits(material.thresholds, before.tried)
        tried, read_from = before.tried, before.read_from
        return Indexed(material, embedder, matcher, reader, extracts, tried, limits, read_from, edits)

    return await asyncio.to_thread(made)


def _new(before: Indexed, material: Material) -> tuple[list[str], list[str]]:
    """The phrasings and answers that were not there before, and the chunks of documents."""
    known = {*before.matcher.phrasings, *before.reader.texts}
    titled, count = material.titled(), len(material.texts.asks)
    asked = [each for asks in material.texts.asks for each in asks]
    fresh = [
        list(dict.fromkeys(each for each in texts if each not in known))
        for texts in (asked, titled[:count], titled[count:])
    ]
    return [*fresh[0], *fresh[1]], fresh[2]


def _inner(extracts: Extracts, count: int) -> Inner:
    return lambda place, vector: extracts.likeness(place - count, vector) if place >= count else None
