"""Worker services without processes: each runs inside the event loop, in the caller's own step."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from visavis.engines import Message, Service
from visavis.errors import AtCapacity, EngineError


class InlineStream:
    """One stream; what the service emits waits in a queue."""

    def __init__(self, pool: InlinePool, number: int, service: Service, hello: Message) -> None:
        self.hello = hello
        self._pool, self._number, self._service = pool, number, service
        self._replies: asyncio.Queue[Message | Exception | None] = asyncio.Queue()
        self._open = True

    async def append(self, message: Message) -> None:
        await self._run(lambda: self._service.append(self._number, message, self._emit))

    async def end(self) -> None:
        await self._run(lambda: self._service.end(self._number, self._emit))
        self._finish(None)

    def cancel(self) -> None:
        if self._open:
            self._service.cancel(self._number)
            self._finish(None)

    async def __aiter__(self) -> AsyncIterator[Message]:
        while True:
            reply = await self._replies.get()
            if isinstance(reply, Exception):
                raise reply
            if reply is None:
                return
            yield reply

    async def _run(self, work: Any) -> None:
        await asyncio.sleep(0)
        if not self._open:
            return
        try:
            work()
        except Exception as error:
            self._finish(EngineError(self._pool.name, f"the stream failed: {error!r}"))

    def _emit(self, message: Message) -> bool:
        if self._open:
            self._replies.put_nowait(message)
        return self._open

    def _finish(self, last: Exception | None) -> None:
        if self._open:
            self._open = False
            self._pool.streams.pop(self._number, None)
            self._replies.put_nowait(last)


class InlinePool:
    """As many services as workers; `streams` are those that are open."""

    def __init__(self, name: str, services: list[Service]) -> None:
        self.name = name
        self.services = services
        self.streams: dict[int, Service] = {}
        self.closed = False
        self._next = 0

    async def open(self, message: Message) -> InlineStream:
        """A stream on the least busy service. Raises AtCapacity, and EngineError when closed."""
        if self.closed:
            raise EngineError(self.name, "the pool is closed")
        busy = list(self.streams.values())
        service = min(self.services, key=lambda candidate: sum(other is candidate for other in busy))
        if sum(other is service for other in busy) >= service.capacity:
            raise AtCapacity(self.name, sum(each.capacity for each in self.services))
        self._next += 1
        hello = service.open(self._next, message)
        self.streams[self._next] = service
        return InlineStream(self, self._next, service, hello)

    async def close(self) -> None:
        self.closed = True


class InlineLauncher:
    """Makes pools of services in this process; `pools` are all that it made."""

    def __init__(self) -> None:
        self.pools: list[InlinePool] = []

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> InlinePool:
        module, name = service.split(":")
        made = getattr(import_module(module), name)
        pool = InlinePool(service, [made(**(options or {})) for _ in range(workers)])
        self.pools.append(pool)
        return pool
