"""How like a text's letters are those of many others: n-grams by TF-IDF, looked up in an inverted index.

A small set is scored as a whole. Of a large one the rows that share the text's rarest n-grams are found first; those
and whichever else are asked for are scored exactly. An edit of a large set costs what it changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.index import LARGE, best
from knowledge.ngrams import Idf, TfIdf, damped, grams
from knowledge.rows import Moved, ranges

MOST = 20_000
"""Places of a text's rarest n-grams that are looked at."""

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Lexical:
    """`texts` by their n-grams; a likeness is a cosine, 0..1."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        self._base = Inverted(texts) if len(texts) > LARGE else None
        self._moved = Moved.none(self._count)
        self._loose = TfIdf(() if self._base else texts)

    def edited(self, texts: Sequence[str], source: Rows) -> Lexical:
        """The same for `texts`, of which `source` says the row here, -1 for those that are new."""
        moved = self._moved.then(source)
        if self._base is None or moved.worn:
            return Lexical(texts)
        found = Lexical(())
        found._count, found._base, found._moved = len(texts), self._base, moved
        found._loose = TfIdf([texts[row] for row in moved.loose.tolist()], self._base.idf)
        return found

    def among(self, text: str, rows: Rows) -> Floats:
        """The likeness of each of `rows`."""
        if self._base is None:
            return self._loose.scores(text)[rows]
        total = np.zeros(len(rows), np.float32)
        based = self._moved.origin[rows]
        old = based >= 0
        total[old] = self._base.among(text, based[old])
        if len(self._moved.loose):
            total[~old] = self._loose.scores(text)[np.searchsorted(self._moved.loose, rows[~old])]
        return total

    def nearest(self, text: str, count: int) -> Rows:
        """About the `count` rows most like the text that are like it at all, in no order."""
        loose = self._loose.scores(text)
        near = best(loose, count)
        near = near[loose[near] > 0]
        if self._base is None:
            return near
        return np.concatenate([self._moved.loose[near], self._moved.now(self._base.nearest(text, count))])


class Inverted:
    """The n-grams of each row, and the rows of each n-gram, in flat arrays."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        ids: dict[str, int] = {}
        rows, amounts = [np.empty(0, np.int32)], [np.empty(0, np.float32)]
        for text in texts:
            counted = damped(grams(text))
            rows.append(np.fromiter((ids.setdefault(gram, len(ids)) for gram in counted), np.int32, len(counted)))
            amounts.append(np.fromiter(counted.values(), np.float32, len(counted)))
        sizes = [len(each) for each in rows[1:]]
        self._ids, self._grams = ids, np.concatenate(rows)
        self._edges = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        spread = np.bincount(self._grams, minlength=len(ids))
        self.idf = Idf(dict(zip(ids, spread.tolist(), strict=True)), len(texts))
        rare = np.log((1 + len(texts)) / (1 + spread)) + 1
        weights = np.concatenate(amounts) * rare[self._grams].astype(np.float32)
        owners = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
        lengths = np.sqrt(np.bincount(owners, weights * weights, len(texts)))
        self._weights = np.asarray(weights / np.maximum(lengths, 1e-9)[owners], np.float32)
        order = np.argsort(self._grams, kind="stable")
        self._heads = np.concatenate([[0], np.cumsum(spread)])
        self._rows = owners[order]
        self._shares = self._weights[order]
        self._last: tuple[str, Rows, Floats] = "", np.empty(0, np.int64), np.empty(0, np.float32)

    def among(self, text: str, rows: Rows) -> Floats:
        """The likeness of each of `rows`."""
        asked = np.zeros(len(self._ids) + 1, np.float32)
        ids, weights = self._asked(text)
        asked[ids] = weights
        sizes = self._edges[rows + 1] - self._edges[rows]
        places = ranges(self._edges[rows], sizes)
        products = asked[self._grams[places]] * self._weights[places]
        owners = np.repeat(np.arange(len(rows)), sizes)
        return np.bincount(owners, products, len(rows)).astype(np.float32)

    def nearest(self, text: str, count: int) -> Rows:
        """The rows that share most of the text's rarest n-grams, at most `count`."""
        ids, weights = self._asked(text)
        sizes = self._heads[ids + 1] - self._heads[ids]
        order = np.argsort(sizes, kind="stable")
        order = order[np.cumsum(sizes[order]) <= MOST]
        places = ranges(self._heads[ids[order]], sizes[order])
        if not len(places):
            return np.empty(0, np.int64)
        shares = self._shares[places] * np.repeat(weights[order], sizes[order])
        total = np.bincount(self._rows[places], shares, self._count)
        some = np.flatnonzero(total > 0)
        return some[best(total[some].astype(np.float32), count)]

    def _asked(self, text: str) -> tuple[Rows, Floats]:
        """The ids of a text's n-grams that are known, and their weights; those of the last text are remembered."""
        last = self._last
        if last[0] != text:
            unit = self.idf.unit(grams(text))
            known = [(self._ids[gram], weight) for gram, weight in unit.items() if gram in self._ids]
            ids, weights = np.array([each for each, _ in known], np.int64), np.array([each for _, each in known])
            last = self._last = text, ids, weights.astype(np.float32)
        return last[1:]
