"""The pieces of knowledge most like a text: what an LLM is given, or what is read out where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from knowledge.index import Index
from knowledge.lexical import Lexical
from knowledge.rows import sources

LEXICAL = 0.2
CANDIDATES = 48

Floats = NDArray[np.float32]
Inner = Callable[[int, Floats], float | None]
"""How like a vector the nearest sentence of the text at a place is; None where that is not known."""


class Reader:
    """Texts with their unit vectors, shape (len(texts), dimensions); a long text is judged by its sentences as well."""

    def __init__(
        self,
        texts: Sequence[str],
        vectors: Floats,
        inner: Inner = lambda place, vector: None,
        lexical: Lexical | None = None,
    ) -> None:
        self.texts = texts
        self.lexical = lexical or Lexical(texts)
        self._index = Index(vectors)
        self._inner = inner
        self._share = LEXICAL if vectors.shape[1] else 1.0

    def edited(self, texts: Sequence[str], fresh: Mapping[str, Floats], inner: Inner) -> Reader:
        """The same for other texts; `fresh` has the vectors of those that are new."""
        found = copy(self)
        source = sources(self.texts, texts)
        vectors = np.take(self._index.vectors, source, 0, mode="clip")
        for row in np.flatnonzero(source < 0).tolist():
            vectors[row] = fresh[texts[row]]
        found.texts, found._inner = texts, inner
        found._index, found.lexical = self._index.edited(vectors, source), self.lexical.edited(texts, source)
        return found

    def scores(self, text: str, vector: Floats, allowed: NDArray[np.bool_] | None = None) -> list[tuple[int, float]]:
        """(place, score 0..1) of the nearest texts, best first; only where `allowed` is true, if given."""
        near = self._index.nearest(vector, CANDIDATES), self.lexical.nearest(text, CANDIDATES)
        rows = np.unique(np.concatenate(near))
        rows = rows if allowed is None else rows[allowed[rows]]
        dense = self._index.vectors[rows] @ vector
        for at, (place, whole) in enumerate(zip(rows.tolist(), dense.tolist(), strict=True)):
            inner = self._inner(place, vector)
            dense[at] = whole if inner is None else (whole + inner) / 2
        total = np.clip((1 - self._share) * dense + self._share * self.lexical.among(text, rows), 0, 1)
        pairs = zip(rows.tolist(), total.tolist(), strict=True)
        return sorted(pairs, key=lambda each: (-each[1], each[0]))
