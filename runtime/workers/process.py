"""One worker process as the server holds it: started, spoken to, watched, ended."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
from typing import Any

from runtime.workers.stream import LocalStream
from runtime.workers.wire import Op, Parser, WireError, pack
from visavis.clock import Clock
from visavis.engines import Message
from visavis.errors import EngineError

log = logging.getLogger("visavis.workers")

ENVIRONMENT = {
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
    "PYTHONUNBUFFERED": "1",
}
"""The thresholds keep big arrays on the heap, which makes code that allocates them two to three times faster."""

_TICKS = 4
"""A hang is that many looks in a row without a sign of life, so that a stall of the server is none."""
_GRACE_S = 1.0
_LOOK_S = 0.005
_LINE = 4096


class Worker:
    """A process that serves `service`, and the streams it has. Made by `Worker.start`."""

    def __init__(self, name: str, process: subprocess.Popen[bytes]) -> None:
        self.name = name
        self.pid = process.pid
        self.capacity = 0
        self.patience_s = 0.0
        self.streams: dict[int, LocalStream] = {}
        self._process = process
        self._transport: asyncio.Transport
        self._printed: asyncio.ReadTransport
        self._next = 1
        self._heard = False
        self._writable: asyncio.Future[None] | None = None
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = loop.create_future()
        self._gone: asyncio.Future[str] = loop.create_future()

    @classmethod
    async def start(cls, name: str, order: bytes) -> Worker:
        """Start the process with `order`, a START frame; `ready` tells when the service is made."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "runtime.workers.serve", "--fd", str(theirs.fileno()), "--name", name]
        with theirs:
            process = subprocess.Popen(  # noqa: ASYNC220, S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=os.environ | ENVIRONMENT,
                pass_fds=[theirs.fileno()],
                process_group=0,  # a terminal's Ctrl-C is the server's, from the first moment on
            )
        worker = cls(name, process)
        try:
            await worker._connect(ours)
        except BaseException:
            process.kill()
            process.wait()
            ours.close()
            raise
        worker._transport.write(order)
        return worker

    async def _connect(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        assert self._process.stdout is not None
        self._printed, _ = await loop.connect_read_pipe(lambda: _LogLines(self.name), self._process.stdout)
        self._transport, _ = await loop.create_unix_connection(lambda: _Line(self), sock=sock)

    @property
    def lost(self) -> bool:
        """Whether it is of no more use."""
        return self._gone.done()

    async def ready(self, timeout_s: float) -> None:
        """Return once the service is made. Raises EngineError."""
        try:
            async with asyncio.timeout(timeout_s):
                await _first(self._ready, self._gone)
        except TimeoutError:
            raise EngineError(self.name, f"the worker was not ready within {timeout_s:g} s", retryable=True) from None
        if not self._ready.done():
            raise EngineError(self.name, f"the worker ended at its start: {self._gone.result()}", retryable=True)
        self._ready.result()

    async def watch(self, clock: Clock, hang_s: float) -> str:
        """Return why the process has gone or has to; look for a hang every quarter of `hang_s`."""
        silent = 0
        while not self._gone.done():
            timer = asyncio.ensure_future(clock.sleep_until(clock.now() + hang_s / _TICKS))
            try:
                await _first(self._gone, timer)
            finally:
                timer.cancel()
            silent = 0 if self._heard else silent + 1
            self._heard = False
            if silent > _TICKS:
                return f"no sign of life for {hang_s:g} s"
            self.send(Op.PING)
        return self._gone.result()

    async def stop(self, reason: str) -> int:
        """End the process and its streams; nothing of it is left on return. Returns its exit status."""
        self.lose(reason)
        self._transport.abort()
        try:
            await self._ended()
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._printed.close()
        await asyncio.sleep(0)
        return self._process.returncode

    async def _ended(self) -> None:
        """Wait for the process to end by itself, as it does when the socket closes, and for its last words."""
        for _ in range(int(_GRACE_S / _LOOK_S)):
            if self._process.poll() is not None and self._printed.is_closing():
                return
            await asyncio.sleep(_LOOK_S)

    # ── the streams ─────────────────────────────────────────────────────────────────────────────────
    def open(self, message: Message) -> LocalStream:
        """Begin a stream; `opened` of it tells what the service says."""
        number = self._next
        frame = pack(Op.OPEN, number, message)
        self._next += 1
        stream = LocalStream(self, number)
        self.streams[number] = stream
        self._transport.write(frame)
        return stream

    def send(self, op: Op, stream: int = 0, payload: Any = None) -> None:
        frame = pack(op, stream, payload)
        if not self._transport.is_closing():
            self._transport.write(frame)

    async def writable(self) -> None:
        """Wait while the socket's buffer is full."""
        if self._writable is not None:
            await asyncio.shield(self._writable)

    def forget(self, stream: int) -> None:
        self.streams.pop(stream, None)

    # ── what the socket reports ─────────────────────────────────────────────────────────────────────
    def take(self, op: Op, stream: int, payload: Any) -> None:
        self._heard = True
        if op is Op.READY:
            self.capacity, self.patience_s = payload["capacity"], payload["patience_s"]
            self._ready.set_result(None)
        elif op is Op.FAILED:
            self._ready.set_exception(EngineError(self.name, payload["problem"], retryable=payload["retryable"]))
            self._ready.exception()
        elif op is not Op.PONG and (open_stream := self.streams.get(stream)):
            open_stream.take(op, payload)

    def hold_writes(self, hold: bool) -> None:
        if hold:
            self._writable = asyncio.get_running_loop().create_future()
        elif self._writable is not None:
            self._writable.set_result(None)
            self._writable = None

    def lose(self, reason: str) -> None:
        """The process is of no more use: every stream fails."""
        self.hold_writes(False)
        if not self._gone.done():
            self._gone.set_result(reason)
        for stream in list(self.streams.values()):
            stream.fail(EngineError(self.name, f"the worker ended: {reason}", retryable=True))


async def _first(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


class _Line(asyncio.Protocol):
    """The socket of a worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._parser = Parser()

    def data_received(self, data: bytes) -> None:
        try:
            for op, stream, payload in self._parser.feed(data):
                self._worker.take(op, stream, payload)
        except (WireError, KeyError, TypeError, asyncio.InvalidStateError) as error:
            self._worker.lose(f"it sent something unreadable ({error})")

    def pause_writing(self) -> None:
        self._worker.hold_writes(True)

    def resume_writing(self) -> None:
        self._worker.hold_writes(False)

    def connection_lost(self, error: Exception | None) -> None:
        self._worker.lose(str(error) if error else "its process ended")


class _LogLines(asyncio.Protocol):
    """What the process prints, line by line, in the server's log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._held = b""

    def data_received(self, data: bytes) -> None:
        *lines, self._held = (self._held + data).split(b"\n")
        if len(self._held) > _LINE:
            lines, self._held = [*lines, self._held], b""
        for line in lines:
            self._write(line)

    def connection_lost(self, error: Exception | None) -> None:
        self._write(self._held)

    def _write(self, line: bytes) -> None:
        text = line[:_LINE].decode("utf-8", "replace").rstrip()
        if text:
            level = logging.DEBUG if text.startswith("Fontconfig warning") else logging.WARNING
            log.log(level, "%s: %s", self._name, text)
