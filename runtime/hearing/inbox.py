"""What waits to be heard: sound and orders in the order of their coming, with a bound on the sound."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Literal

from visavis.words import Pcm

Order = Literal["press", "release", "hands_free", "hold", "muted"]


@dataclass(frozen=True, slots=True)
class Lost:
    """So many samples were dropped here."""

    samples: int


class Inbox:
    """Orders are never dropped; of the sound, the oldest is."""

    def __init__(self) -> None:
        self._items: deque[Pcm | Lost | Order] = deque()
        self._waiting = 0
        self._arrived = asyncio.Event()

    def put(self, pcm: Pcm, most: int) -> None:
        """Add sound; keep at most `most` samples, but always the newest piece."""
        self._items.append(pcm)
        self._waiting += len(pcm)
        if self._waiting > most:
            self._shed(most)
        self._arrived.set()

    def order(self, order: Order) -> None:
        self._items.append(order)
        self._arrived.set()

    async def take(self) -> Pcm | Lost | Order:
        """The oldest item, when there is one."""
        while not self._items:
            self._arrived.clear()
            await self._arrived.wait()
        item = self._items.popleft()
        if not isinstance(item, str | Lost):
            self._waiting -= len(item)
        return item

    def _shed(self, most: int) -> None:
        kept: deque[Pcm | Lost | Order] = deque()
        newest = len(self._items) - 1
        for at, item in enumerate(self._items):
            if isinstance(item, str) or (not isinstance(item, Lost) and (self._waiting <= most or at == newest)):
                kept.append(item)
                continue
            lost = item.samples if isinstance(item, Lost) else len(item)
            if not isinstance(item, Lost):
                self._waiting -= lost
            if kept and isinstance(kept[-1], Lost):
                lost += kept.pop().samples  # type: ignore[union-attr]
            kept.append(Lost(lost))
        self._items = kept
