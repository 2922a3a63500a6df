"""An embedder whose vectors are its words: texts that share words are near each other."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from visavis.clock import Clock, LoopClock
from visavis.engines import Capabilities, Context
from visavis.errors import EngineError

_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]", re.IGNORECASE)


class FakeEmbedder:
    """Hashes each word to one of `dimensions`; answers after `delay_s`; while `broken` it raises EngineError.

    `calls` are the texts of each call.
    """

    capabilities = Capabilities(languages=("*",), streams=False)

    def __init__(self, *, clock: Clock | None = None, dimensions: int = 256, delay_s: float = 0.0) -> None:
        self.dimensions, self.delay_s = dimensions, delay_s
        self.version = f"fake-1-{dimensions}"
        self.calls: list[tuple[str, ...]] = []
        self.broken = False
        self.closed = False
        self._clock = clock or LoopClock()

    @classmethod
    async def open(cls, context: Context, *, dimensions: int = 256) -> Self:
        return cls(dimensions=dimensions)

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(tuple(texts))
        if self.delay_s:
            await self._clock.sleep_until(self._clock.now() + self.delay_s)
        if self.broken:
            raise EngineError("fake embedder", "it is broken", retryable=True)
        out = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                row[zlib.crc32(word.encode("utf-8", "replace")) % self.dimensions] += 1
            if not row.any():
                row[0] = 1
            row /= np.linalg.norm(row)
        return out

    async def close(self) -> None:
        self.closed = True
