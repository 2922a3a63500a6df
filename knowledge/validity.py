"""Which of many items may be said at a moment, without asking each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from knowledge.item import Dated


class Validity:
    """Only items with a window are looked at for every question."""

    def __init__(self, items: Sequence[Dated]) -> None:
        self._enabled = np.fromiter((each.enabled for each in items), np.bool_, len(items))
        self._dated = [
            (place, each) for place, each in enumerate(items) if each.from_ is not None or each.until is not None
        ]

    def at(self, now: datetime) -> NDArray[np.bool_]:
        """One truth an item, shape (items,)."""
        found = self._enabled.copy()
        for place, each in self._dated:
            found[place] = each.valid(now)
        return found
