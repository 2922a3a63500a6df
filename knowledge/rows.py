"""Rows of an edited set that were rows of the set before, so that what was worked out for them is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

WORN = 0.1
"""The share of rows that are new, or gone, from which a set is worked out anew."""


def sources(before: Sequence[str], after: Sequence[str]) -> Rows:
    """For each text of `after` its row in `before`, -1 where it is not there."""
    rows = {text: row for row, text in enumerate(before)}
    return np.fromiter((rows.get(text, -1) for text in after), np.int64, len(after))


def ranges(starts: Rows, sizes: Rows) -> Rows:
    """The places of several runs, one after another: `sizes[i]` places from `starts[i]`."""
    if not len(sizes):
        return np.empty(0, np.int64)
    shift = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return np.asarray(shift + np.arange(int(sizes.sum())), np.int64)


class Moved(NamedTuple):
    """Where the rows of a base are now: `origin[row]` its row there or -1, `places[base row]` its row or -1.

    `loose` are the rows that are not of the base, in order.
    """

    origin: Rows
    places: Rows
    loose: Rows

    @classmethod
    def none(cls, count: int) -> Self:
        """Every row is where it was."""
        every = np.arange(count)
        return cls(every, every, np.empty(0, np.int64))

    def then(self, source: Rows) -> Moved:
        """After one more edit; `source[row]` is the row before it, or -1."""
        origin = np.where(source >= 0, self.origin[source], -1)
        places = np.full(len(self.places), -1, np.int64)
        based = np.flatnonzero(origin >= 0)
        places[origin[based]] = based
        return Moved(origin, places, np.flatnonzero(origin < 0))

    def now(self, rows: Rows) -> Rows:
        """Where these rows of the base are now; those that are gone are left out."""
        found = self.places[rows]
        return found[found >= 0]

    @property
    def worn(self) -> bool:
        """Whether so much was changed that the base is worth making anew."""
        gone = np.count_nonzero(self.places < 0)
        return max(len(self.loose), int(gone)) > WORN * len(self.places)
