"""Nearest vectors: an exact dot product; of many, those in the nearest cells, by FAISS where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.cells import Cells, centres, probes
from knowledge.rows import Moved

LARGE = 4_000
"""Rows from which a library counts as large: looked up by an index, edited by what changes."""
CELLED = 20_000
"""Rows from which looking at all of them takes too long."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Nearest(Protocol):
    """Finds the rows nearest to a vector."""

    def nearest(self, vector: Floats, count: int) -> Rows: ...


class Index:
    """Unit vectors, shape (rows, dimensions)."""

    def __init__(self, vectors: Floats) -> None:
        self.vectors = np.ascontiguousarray(vectors, np.float32)
        self._moved = Moved.none(len(vectors))
        self._base = _base(self.vectors)

    def edited(self, vectors: Floats, source: Rows) -> Index:
        """The same for `vectors`, of which `source` says the row here, -1 for those that are new."""
        moved = self._moved.then(source)
        if self._base is None or moved.worn:
            return Index(vectors)
        found = Index.__new__(Index)
        found.vectors, found._moved, found._base = np.ascontiguousarray(vectors, np.float32), moved, self._base
        return found

    def nearest(self, vector: Floats, count: int) -> Rows:
        """The rows nearest to a unit vector, at most `count`, in no order."""
        count = min(count, len(self.vectors))
        if count == 0 or not self.vectors.shape[1]:
            return np.empty(0, np.int64)
        if self._base is None:
            return best(self.vectors @ vector, count)
        near = np.concatenate([self._moved.now(self._base.nearest(vector, count)), self._moved.loose])
        return near[best(self.vectors[near] @ vector, count)]


def best(scores: Floats, count: int) -> Rows:
    """The places of the `count` highest scores, in no order."""
    if count >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(scores, -count)[-count:].astype(np.int64)


def _base(vectors: Floats) -> Nearest | None:
    if len(vectors) <= CELLED or not vectors.shape[1]:
        return None
    centred = centres(vectors)
    return _Faiss(vectors, centred) if find_spec("faiss") is not None else Cells(vectors, centred)


class _Faiss:
    """The same cells, looked through by FAISS."""

    def __init__(self, vectors: Floats, centres: Floats) -> None:
        import faiss  # type: ignore[import-not-found,import-untyped,unused-ignore]

        dimensions = vectors.shape[1]
        coarse: Any = faiss.IndexFlatIP(dimensions)
        coarse.add(centres)
        self._index: Any = faiss.IndexIVFFlat(coarse, dimensions, len(centres), faiss.METRIC_INNER_PRODUCT)
        self._index.nprobe = probes(len(centres))
        self._index.train(vectors[:1])
        self._index.add(vectors)
        self._coarse = coarse

    def nearest(self, vector: Floats, count: int) -> Rows:
        rows = np.asarray(self._index.search(vector[None], count)[1][0], np.int64)
        return rows[rows >= 0]
