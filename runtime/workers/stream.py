"""The session's side of one stream of one worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Protocol

from runtime.workers.wire import WINDOW, Op
from visavis.engines import Message
from visavis.errors import AtCapacity, EngineError

PAUSE_AT = 64
"""Unread replies at which the worker is asked to hand the stream no more appends."""
FAIL_AT = 4096
"""Unread replies at which the stream ends: one call goes on emitting and nobody reads."""


class Line(Protocol):
    """What a stream needs of its worker."""

    name: str

    def send(self, op: Op, stream: int, payload: Any = None) -> None: ...
    async def writable(self) -> None: ...
    def forget(self, stream: int) -> None: ...


class LocalStream:
    """`visavis.engines.Stream` over a worker's socket; one task reads its replies.

    Replies wait in a queue of the stream's own, so a session that does not read delays no other. From
    `PAUSE_AT` unread replies on the worker gets no more of its appends, and with `WINDOW` of those waiting
    `append` waits; at `FAIL_AT`, which one call alone can reach, the stream fails.
    """

    def __init__(self, line: Line, number: int) -> None:
        self.hello: Message = {}
        self._line = line
        self._number = number
        self._replies: deque[Message] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._appenders: deque[asyncio.Future[None]] = deque()
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unhandled = 0
        self._paused = False
        self._ending = False
        self._over = False
        self._error: EngineError | None = None

    # ── for the session ─────────────────────────────────────────────────────────────────────────────
    async def append(self, message: Message) -> None:
        """Send `message`; waits while `WINDOW` earlier ones are unhandled. Does nothing after `cancel`.

        Raises EngineError when the stream has failed or was ended, TypeError for what msgpack cannot carry.
        """
        while self._unhandled >= WINDOW and not self._over:
            waiter = asyncio.get_running_loop().create_future()
            self._appenders.append(waiter)
            await waiter
        if not self._over:
            await self._line.writable()
        if self._error is not None:
            raise self._error
        if self._over:
            return
        if self._ending:
            raise EngineError(self._line.name, "the stream was ended, nothing can be appended")
        self._line.send(Op.APPEND, self._number, message)
        self._unhandled += 1

    async def end(self) -> None:
        """No more will be appended; the replies end after the last one."""
        if not self._over and not self._ending:
            self._ending = True
            self._line.send(Op.END, self._number)

    def cancel(self) -> None:
        """Forget the stream and what it has not delivered. Safe to call twice and after the end."""
        self._replies.clear()
        if not self._over:
            self._line.send(Op.CANCEL, self._number)
        self._error = None
        self._finish()

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        while not self._replies:
            if self._error is not None:
                raise self._error
            if self._over:
                raise StopAsyncIteration
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        reply = self._replies.popleft()
        if self._paused and len(self._replies) <= PAUSE_AT // 2:
            self._paused = False
            if not self._over:
                self._line.send(Op.RESUME, self._number)
        return reply

    # ── for the pool and the worker ─────────────────────────────────────────────────────────────────
    async def opened(self) -> None:
        """Return once the service has answered. Raises its EngineError, AtCapacity when it is full."""
        await self._opened

    def take(self, op: Op, payload: Any) -> None:
        """What the worker said about this stream."""
        if op is Op.REPLY:
            self._replies.append(payload)
            self._check_unread()
            _wake(self._reader)
        elif op is Op.ACK:
            self._unhandled -= payload
            while self._appenders:
                _wake(self._appenders.popleft())
        elif op is Op.HELLO:
            self.hello = payload
            _wake(self._opened)
        elif op is Op.DONE:
            self._finish()
        elif op is Op.ERROR:
            self.fail(self._reason(payload))

    def fail(self, error: EngineError) -> None:
        """End with `error`, after the replies that have come."""
        if not self._over:
            self._error = error
            self._finish()

    def _reason(self, payload: Message) -> EngineError:
        if payload["full"]:
            return AtCapacity(self._line.name, 0)
        return EngineError(self._line.name, payload["problem"], retryable=payload["retryable"])

    def _check_unread(self) -> None:
        if len(self._replies) >= FAIL_AT:
            self._line.send(Op.CANCEL, self._number)
            self.fail(EngineError(self._line.name, f"{FAIL_AT} replies lie unread", "read the stream or cancel it"))
        elif len(self._replies) >= PAUSE_AT and not self._paused:
            self._paused = True
            self._line.send(Op.PAUSE, self._number)

    def _finish(self) -> None:
        if self._over:
            return
        self._over = True
        self._line.forget(self._number)
        if not self._opened.done():
            reason = self._error or EngineError(self._line.name, "the stream was cancelled while it opened")
            self._opened.set_exception(reason)
            self._opened.exception()
        _wake(self._reader)
        while self._appenders:
            _wake(self._appenders.popleft())


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)
