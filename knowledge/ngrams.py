"""Character n-grams: a lexical score over a library's phrasings, and an embedder that needs no model.

Chinese is read by its words, characters and sounds; of other words, runs of two to four letters that do not cross a
word's edge.
"""

from __future__ import annotations

import asyncio
import math
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.chinese.features import features
from knowledge.chinese.lexicon import written
from knowledge.normalise import has_han, normalise, opencc_version
from visavis.engines import Capabilities, Context
from visavis.recipe import recipe

MODULES = (
    "ngrams",
    "normalise",
    "chinese/features",
    "chinese/lexicon",
    "chinese/numerals",
    "chinese/particles",
    "chinese/sounds",
)
"""What decides which vector a text gets."""
DIMENSIONS = 2048
NEW = 2.0
"""How much more a meaning counts that is in none of the texts."""
AT_ONCE = 16
"""Texts from which embedding leaves the event loop for a thread."""


def grams(text: str) -> Mapping[str, float]:
    """The features of a text, after normalising it, and how much there is of each."""
    plain = normalise(text)
    if has_han(plain):
        return features(plain)
    return Counter(_letters(plain))


def _letters(plain: str) -> Iterator[str]:
    for word in plain.split():
        edged = f" {word} "
        for size in (2, 3, 4):
            yield from (edged[at : at + size] for at in range(len(edged) - size + 1))


def damped(amounts: Mapping[str, float]) -> dict[str, float]:
    """The second of the same n-gram says less than the first."""
    return {name: math.copysign(math.log1p(abs(amount)), amount) for name, amount in amounts.items()}


class Idf:
    """How much each n-gram counts that is in `spread[gram]` of `size` texts: rare ones more."""

    def __init__(self, spread: Mapping[str, int], size: int) -> None:
        self._idf = {gram: math.log((1 + size) / (1 + count)) + 1 for gram, count in spread.items()}
        self._unseen = math.log(1 + size) + 1
        self._new = self._unseen * (NEW if size else 1)

    def unit(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """The weights of a text's n-grams, of which there is as much as `amounts` says, as a vector of length 1."""
        weights = self.weights(amounts)
        length = max(math.hypot(*weights.values()), 1e-9) if weights else 1.0
        return {gram: weight / length for gram, weight in weights.items()}

    def weights(self, amounts: Mapping[str, float]) -> dict[str, float]:
        """The same as they are."""
        return {gram: amount * (self._idf.get(gram) or self._rare(gram)) for gram, amount in damped(amounts).items()}

    def _rare(self, gram: str) -> float:
        return self._new if gram.startswith("=") else self._unseen


class TfIdf:
    """TF-IDF over the n-grams of `texts`, kept as one posting list a gram; `idf` is their own unless it is given."""

    def __init__(self, texts: Sequence[str], idf: Idf | None = None) -> None:
        self._size = len(texts)
        counted = [grams(each) for each in texts]
        self._idf = idf or Idf(Counter(gram for each in counted for gram in each), self._size)
        gathered: dict[str, tuple[list[int], list[float]]] = {}
        for row, counts in enumerate(counted):
            for gram, weight in self._idf.unit(counts).items():
                rows, weights = gathered.setdefault(gram, ([], []))
                rows.append(row)
                weights.append(weight)
        self._postings = {
            gram: (np.array(rows, np.int32), np.array(weights, np.float32))
            for gram, (rows, weights) in gathered.items()
        }

    def scores(self, text: str) -> NDArray[np.float32]:
        """Cosine with each text, 0..1, shape (len(texts),)."""
        total = np.zeros(self._size, np.float32)
        if not self._postings:
            return total
        for gram, weight in self._idf.unit(grams(text)).items():
            if gram in self._postings:
                rows, weights = self._postings[gram]
                total[rows] += weight * weights
        return total

    def alike(self, one: str, other: str) -> float:
        """The cosine of two texts, 0..1, by what is rare among those that are kept."""
        left, right = (self._idf.unit(grams(each)) for each in (one, other))
        return sum(weight * right[gram] for gram, weight in left.items() if gram in right)


class NGrams:
    """An embedder of hashed character n-grams: any language, no model, well suited to Chinese.

    Grams that are common in the context's phrases weigh less.
    """

    capabilities = Capabilities(languages=("*",), streams=False)
    dimensions = DIMENSIONS

    def __init__(self, phrases: Sequence[str] = ()) -> None:
        spread = Counter(gram for each in phrases for gram in set(grams(each)))
        self._idf = Idf(spread, len(phrases))
        digest = zlib.crc32("\n".join(phrases).encode("utf-8", "replace"), zlib.crc32(written()))
        self.version = f"ngrams-{recipe(Path(__file__).parent, MODULES)}-{opencc_version()}-{digest:08x}"

    @classmethod
    async def open(cls, context: Context) -> Self:
        return cls(context.phrases)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions); a text without any letter becomes one fixed vector."""
        if len(texts) > AT_ONCE:
            return await asyncio.to_thread(self._embed, texts)
        return self._embed(texts)

    async def close(self) -> None:
        return None

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        out = np.zeros((len(texts), DIMENSIONS), np.float32)
        for row, text in enumerate(texts):
            places, weights = self._weighted(text)
            out[row] = np.bincount(places, weights, DIMENSIONS) if places else 0
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        out[lengths[:, 0] == 0, 0] = 1.0
        return np.asarray(out / np.where(lengths == 0, 1, lengths), np.float32)

    def _weighted(self, text: str) -> tuple[list[int], list[float]]:
        """For each gram of the text its place among the dimensions, and its signed weight."""
        return _hashed(self._idf.weights(grams(text)), DIMENSIONS)


def _hashed(weights: Mapping[str, float], dimensions: int) -> tuple[list[int], list[float]]:
    """For each feature its place among the dimensions, and its weight with a sign that is the feature's own."""
    hashes = [zlib.crc32(name.encode("utf-8", "replace")) for name in weights]
    signed = [weight if each & 0x8000_0000 else -weight for each, weight in zip(hashes, weights.values(), strict=True)]
    return [each % dimensions for each in hashes], signed
