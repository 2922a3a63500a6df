"""A service for the pool's tests; it says back what it is told, and misbehaves on request."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable

from visavis.engines import Message
from visavis.errors import AtCapacity, EngineError

Emit = Callable[[Message], bool]


class Echo:
    def __init__(self, capacity: int = 2, fail: str = "", die_unless: str = "", patience_s: float = 0.0) -> None:
        self.patience_s = patience_s
        if fail:
            raise EngineError("echo", fail)
        if die_unless and not os.path.exists(die_unless):  # noqa: PTH110
            os._exit(3)
        self.capacity = capacity
        self.names: dict[int, str] = {}
        self.told: list[str] = []

    def open(self, stream: int, message: Message) -> Message:
        if message.get("full"):
            raise AtCapacity("echo", 1)
        if message.get("refuse"):
            raise ValueError("no such thing")
        self.names[stream] = message.get("name", "")
        return {"hello": self.names[stream], "pid": os.getpid()}

    def append(self, stream: int, message: Message, emit: Emit) -> None:
        getattr(self, "do_" + message.get("do", "echo"))(stream, message, emit)

    def end(self, stream: int, emit: Emit) -> None:
        emit({"bye": self.names.pop(stream)})

    def cancel(self, stream: int) -> None:
        self.told.append(self.names.pop(stream))

    def do_echo(self, stream: int, message: Message, emit: Emit) -> None:
        emit({"echo": message.get("data")})

    def do_raise(self, stream: int, message: Message, emit: Emit) -> None:
        raise ValueError("the picture is upside down")

    def do_engine_error(self, stream: int, message: Message, emit: Emit) -> None:
        raise EngineError("echo", "not now", retryable=True)

    def do_unsendable(self, stream: int, message: Message, emit: Emit) -> None:
        emit({"echo": object()})

    def do_many(self, stream: int, message: Message, emit: Emit) -> None:
        for n in range(message["n"]):
            emit({"n": n})

    def do_until_cancelled(self, stream: int, message: Message, emit: Emit) -> None:
        n = 0
        while emit({"n": n}):
            n += 1
            time.sleep(0.001)
        self.told.append(f"stopped {self.names[stream]}")

    def do_told(self, stream: int, message: Message, emit: Emit) -> None:
        emit({"told": self.told, "open": sorted(self.names.values())})

    def do_sleep(self, stream: int, message: Message, emit: Emit) -> None:
        time.sleep(message["s"])
        emit({"slept": True})

    def do_print(self, stream: int, message: Message, emit: Emit) -> None:
        print("to stdout")
        print("to stderr", file=sys.stderr)
        emit({})

    def do_garbage(self, stream: int, message: Message, emit: Emit) -> None:
        sock = socket.socket(fileno=os.dup(int(sys.argv[sys.argv.index("--fd") + 1])))
        sock.sendall(b"\xff" * 1000)
        time.sleep(60)

    def do_environment(self, stream: int, message: Message, emit: Emit) -> None:
        emit(dict(os.environ))
