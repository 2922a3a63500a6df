"""The process that hosts one service: `python -m runtime.workers.serve --fd N`.

A synchronous loop. Between calls, and at every `emit`, it takes in whatever has arrived without waiting,
so that a cancel overtakes the appends queued before it. Streams take turns, one call each. The process
ends when the server closes its end of the socket, and also when the server is gone while a call hangs.
"""

from __future__ import annotations

import argparse
import importlib
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections import deque
from typing import Any, NoReturn

from runtime.workers.wire import ACK_EVERY, Op, Parser, WireError, pack
from visavis.engines import Message, Service
from visavis.errors import AtCapacity, EngineError

_READ = 1 << 18
_GRACE_S = 2.0
"""How long a call may go on after the server has gone."""


class _Gone(Exception):
    """The server closed the socket."""


class _Stream:
    """What waits for one stream, and whether it may be handed out."""

    __slots__ = ("cancelled", "handled", "opened", "paused", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[tuple[Op, Any]] = deque()
        self.paused = False
        self.opened = False
        self.cancelled = False
        self.handled = 0


class _Host:
    """One service and the streams it serves."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._parser = Parser()
        self._streams: dict[int, _Stream] = {}
        self._turns: deque[int] = deque()
        self._cancelled: deque[int] = deque()
        self._service: Service

    def run(self) -> None:
        """Serve until the server is gone. Raises WireError when it sends what is no frame."""
        try:
            self._start()
            while True:
                self._take_in(wait=not self._has_work())
                while self._cancelled:
                    self._forget(self._cancelled.popleft())
                self._step()
        except _Gone:
            for stream in list(self._streams):
                self._forget(stream)

    # ── the socket ──────────────────────────────────────────────────────────────────────────────────
    def _send(self, op: Op, stream: int = 0, payload: Any = None) -> None:
        frame = pack(op, stream, payload)
        try:
            self._sock.sendall(frame)
        except OSError as error:
            raise _Gone from error

    def _take_in(self, *, wait: bool) -> None:
        """Sort all that has arrived into the streams; with `wait`, sleep until something has."""
        flags = 0 if wait else socket.MSG_DONTWAIT
        while True:
            try:
                data = self._sock.recv(_READ, flags)
            except BlockingIOError:
                return
            except OSError as error:
                raise _Gone from error
            if not data:
                raise _Gone
            for op, stream, payload in self._parser.feed(data):
                self._sort(op, stream, payload)
            if len(data) < _READ:
                return
            flags = socket.MSG_DONTWAIT

    def _sort(self, op: Op, stream: int, payload: Any) -> None:
        if op is Op.PING:
            self._send(Op.PONG, 0, payload)
            return
        if op is Op.OPEN:
            self._streams[stream] = _Stream()
            self._turns.append(stream)
        held = self._streams.get(stream)
        if held is None or held.cancelled:
            return
        if op is Op.CANCEL:
            held.cancelled = True
            held.waiting.clear()
            self._cancelled.append(stream)
        elif op in (Op.PAUSE, Op.RESUME):
            held.paused = op is Op.PAUSE
        else:
            held.waiting.append((op, payload))

    # ── the calls ───────────────────────────────────────────────────────────────────────────────────
    def _start(self) -> None:
        frames: list[tuple[Op, int, Any]] = []
        while not frames:
            data = self._sock.recv(_READ)
            if not data:
                raise _Gone
            frames.extend(self._parser.feed(data))
        op, _, payload = frames[0]
        if op is not Op.START:
            raise WireError(f"the first frame is {op.name}, not START")
        try:
            self._service = _load(payload["service"])(**payload["options"])
            ready = {
                "capacity": int(self._service.capacity),
                "patience_s": float(getattr(self._service, "patience_s", 0.0)),
            }
        except Exception as error:
            traceback.print_exc()
            self._send(Op.FAILED, 0, _problem(error))
            raise _Gone from error
        self._send(Op.READY, 0, ready)

    def _has_work(self) -> bool:
        return bool(self._cancelled) or any(s.waiting and not s.paused for s in self._streams.values())

    def _step(self) -> None:
        """One call of the next stream that has something waiting."""
        for _ in range(len(self._turns)):
            stream = self._turns.popleft()
            held = self._streams.get(stream)
            if held is None:
                continue
            self._turns.append(stream)
            if held.waiting and not held.paused:
                self._call(stream, held, *held.waiting.popleft())
                return

    def _call(self, stream: int, held: _Stream, op: Op, payload: Any) -> None:
        try:
            if op is Op.OPEN:
                hello = self._service.open(stream, payload)
                held.opened = True
                self._send(Op.HELLO, stream, hello)
            elif op is Op.APPEND:
                self._service.append(stream, payload, _Emit(self, stream, held))
                self._count(stream, held)
            elif op is Op.END:
                self._service.end(stream, _Emit(self, stream, held))
                self._finish(stream, Op.DONE, None)
        except (_Gone, WireError):
            raise
        except Exception as error:
            if not isinstance(error, EngineError):
                traceback.print_exc()
            if held.opened:
                self._tell_cancel(stream)
            self._finish(stream, Op.ERROR, _problem(error))

    def _count(self, stream: int, held: _Stream) -> None:
        held.handled += 1
        if held.handled >= ACK_EVERY and not held.cancelled:
            self._send(Op.ACK, stream, held.handled)
            held.handled = 0

    def emit(self, stream: int, held: _Stream, message: Message) -> bool:
        self._take_in(wait=False)
        if held.cancelled:
            return False
        self._send(Op.REPLY, stream, message)
        return True

    def _finish(self, stream: int, op: Op, payload: Any) -> None:
        held = self._streams.pop(stream, None)
        if held is not None and not held.cancelled:
            self._send(op, stream, payload)

    def _forget(self, stream: int) -> None:
        held = self._streams.pop(stream, None)
        if held is not None and held.opened:
            self._tell_cancel(stream)

    def _tell_cancel(self, stream: int) -> None:
        try:
            self._service.cancel(stream)
        except Exception:
            traceback.print_exc()


class _Emit:
    """What a call is given to send its replies with."""

    __slots__ = ("_held", "_host", "_stream")

    def __init__(self, host: _Host, stream: int, held: _Stream) -> None:
        self._host, self._stream, self._held = host, stream, held

    def __call__(self, message: Message) -> bool:
        return self._host.emit(self._stream, self._held, message)


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _problem(error: Exception) -> Message:
    if isinstance(error, AtCapacity):
        return {"problem": error.problem, "retryable": True, "full": True}
    if isinstance(error, EngineError):
        return {"problem": error.problem, "retryable": error.retryable, "full": False}
    text = str(error) or "no further explanation"
    return {"problem": f"{type(error).__name__}: {text}", "retryable": False, "full": False}


def _leave_with(server: socket.socket) -> None:
    """End the process when the server has gone, even while a call hangs."""
    watch = select.poll()
    watch.register(server, 0)
    watch.poll()
    time.sleep(_GRACE_S)
    os._exit(1)


def main(argv: list[str] | None = None) -> NoReturn:
    """Serve until the server closes the socket whose descriptor `--fd` names."""
    parser = argparse.ArgumentParser(prog="runtime.workers.serve")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--name", default="", help="shown in the process list")
    sock = socket.socket(fileno=parser.parse_args(argv).fd)
    for sign in (signal.SIGINT, signal.SIGTERM):  # both may reach the whole group; the server says when to end
        signal.signal(sign, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(sock,), daemon=True).start()
    status = 0
    try:
        _Host(sock).run()
    except WireError as error:
        print(f"the server sent something unreadable: {error}", file=sys.stderr)  # noqa: T201
        status = 1
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
