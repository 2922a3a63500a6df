"""The launcher for processes of this machine, and its pools.

Every worker is one process with one service. A worker that dies, or that shows no sign of life, is ended
and started again, at once the first time and then at growing intervals; its streams fail with a retryable
EngineError while the other workers go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from runtime.workers.process import Worker
from runtime.workers.stream import LocalStream
from runtime.workers.wire import Op, pack
from visavis.clock import Clock
from visavis.engines import Message
from visavis.errors import AtCapacity, EngineError

log = logging.getLogger("visavis.workers")

HANG_S = 20.0
"""A worker that is silent for that long is taken for hung, unless its service has a longer `patience_s`."""
START_S = 120.0
"""A service may load models while it is made."""
CRASHES = 5
CRASH_WINDOW_S = 60.0
SLOW_RETRY_S = 30.0
"""After `CRASHES` ends within `CRASH_WINDOW_S` a worker is started only that often."""


class Backoff:
    """How long to wait before the next start, from the times of the last ends."""

    def __init__(self) -> None:
        self._ends: deque[float] = deque(maxlen=CRASHES)

    def after(self, now: float) -> float:
        """Note an end at `now`; return the seconds to wait."""
        self._ends.append(now)
        recent = sum(1 for end in self._ends if now - end < CRASH_WINDOW_S)
        if recent >= CRASHES:
            return SLOW_RETRY_S
        return 0.0 if recent == 1 else float(0.1 * 4 ** (recent - 2))


class LocalPool:
    """`visavis.engines.Pool` over processes of this machine. Made by `LocalLauncher.pool`."""

    def __init__(self, clock: Clock, service: str, workers: int, options: Message, hang_s: float) -> None:
        self.name = service.rpartition(":")[2]
        self._clock = clock
        self._order = pack(Op.START, 0, {"service": service, "options": options})
        self._hang_s = hang_s
        self._live: dict[int, Worker] = {}
        self._problem: EngineError | None = None
        self.closed = False
        self._settled = [asyncio.Event() for _ in range(workers)]
        self._keepers = [asyncio.create_task(self._keep(place)) for place in range(workers)]

    @property
    def _serving(self) -> list[Worker]:
        return [worker for worker in self._live.values() if not worker.lost]

    @property
    def capacity(self) -> int:
        """Streams that the live workers take altogether."""
        return sum(worker.capacity for worker in self._serving)

    @property
    def busy(self) -> int:
        """Streams that are open."""
        return sum(len(worker.streams) for worker in self._serving)

    @property
    def alive(self) -> int:
        """Workers that serve."""
        return len(self._serving)

    @property
    def pids(self) -> tuple[int, ...]:
        """The live workers' process ids."""
        return tuple(worker.pid for worker in self._serving)

    async def settled(self) -> None:
        """Return once every worker has started or failed to. Raises the EngineError when none has started."""
        for event in self._settled:
            await event.wait()
        if not self._serving:
            raise self._problem or EngineError(self.name, "the pool was closed while it started")

    async def open(self, message: Message) -> LocalStream:
        """A stream on the least busy worker. Raises AtCapacity at once when all are full, EngineError if none lives."""
        serving = self._serving
        if self.closed:
            raise EngineError(self.name, "the pool is closed")
        if not serving:
            raise EngineError(self.name, "no worker is running", "it is being started again", retryable=True)
        worker = min(serving, key=lambda w: len(w.streams) - w.capacity)
        if len(worker.streams) >= worker.capacity:
            raise AtCapacity(self.name, self.capacity)
        stream = worker.open(message)
        try:
            await stream.opened()
        except AtCapacity:
            raise AtCapacity(self.name, self.capacity) from None
        except BaseException:
            stream.cancel()
            raise
        return stream

    async def close(self) -> None:
        """End the processes; nothing of them is left on return."""
        self.closed = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self, place: int) -> None:
        """Keep one worker running."""
        backoff = Backoff()
        while True:
            try:
                reason = await self._serve(place)
            finally:
                self._settled[place].set()
            wait = backoff.after(self._clock.now())
            log.error("%s-%d: %s; it is started again in %g s", self.name, place, reason, wait)
            await self._clock.sleep_until(self._clock.now() + wait)

    async def _serve(self, place: int) -> str:
        """Run one process until it ends; return why it did."""
        try:
            worker = await Worker.start(f"{self.name}-{place}", self._order)
        except OSError as error:
            self._problem = EngineError(self.name, f"the worker process cannot be started: {error}", retryable=True)
            return str(error)
        reason = "the pool is closed"
        try:
            await worker.ready(START_S)
            self._live[place] = worker
            self._settled[place].set()
            reason = await worker.watch(self._clock, max(self._hang_s, worker.patience_s))
        except EngineError as error:
            self._problem = error
            reason = error.problem
        finally:
            self._live.pop(place, None)
            status = await worker.stop(reason)
        return f"{reason} (exit status {status})"


class LocalLauncher:
    """`visavis.engines.Launcher` with processes of this machine; real time only, as processes know no other."""

    def __init__(self, clock: Clock, *, hang_s: float = HANG_S) -> None:
        self._clock = clock
        self._hang_s = hang_s
        self._pools: list[LocalPool] = []

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> LocalPool:
        """Start `workers` processes of `service`, a `module:Class`. Raises EngineError when none of them starts."""
        pool = LocalPool(self._clock, service, workers, options or {}, self._hang_s)
        self._pools = [other for other in self._pools if not other.closed] + [pool]
        try:
            await pool.settled()
        except BaseException:
            await pool.close()
            raise
        return pool

    async def close(self) -> None:
        """Close every pool that was started."""
        pools, self._pools = self._pools, []
        await asyncio.gather(*(pool.close() for pool in pools))
