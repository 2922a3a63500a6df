"""Pictures without a renderer: each is its moment's stamp, after a stated delay."""

from __future__ import annotations

from collections.abc import Mapping

from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.words import RATE, Moment, Packet


class FakeFace:
    """Gives a packet for every moment, `delay_s` later; while `broken` it raises EngineError instead."""

    def __init__(self, clock: Clock, *, delay_s: float = 0.004, actions: Mapping[str, int] | None = None) -> None:
        self._clock, self._delay_s = clock, delay_s
        self.actions: Mapping[str, int] = actions or {"nod": RATE, "wave": 2 * RATE}
        self.moments: list[Moment] = []
        self.broken = False
        self.closed = False

    async def picture(self, moment: Moment, *, key: bool = False) -> Packet:
        await self._clock.sleep_until(self._clock.now() + self._delay_s)
        if self.broken:
            raise EngineError("fake face", "it is broken", retryable=True)
        self.moments.append(moment)
        return Packet(moment.pts.to_bytes(8, "little"), key, "h264")

    async def close(self) -> None:
        self.closed = True
