"""What crosses the socket between the server and a worker: length-prefixed msgpack.

A frame is a little-endian u32 length and a msgpack list `[op, stream, payload]`. Nothing is pickled, so
neither side can make the other run anything.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import msgpack  # type: ignore[import-untyped]

LIMIT = 64 << 20
"""Bytes of the largest frame; a longer one is garbage."""
WINDOW = 32
"""Appends of one stream that may be on their way or waiting at the worker."""
ACK_EVERY = WINDOW // 4
"""The worker reports that many handled appends of a stream at once."""

_LENGTH = struct.Struct("<I")


class Op(IntEnum):
    """To the worker: START to RESUME. From the worker: READY to PONG."""

    START = 0
    """payload: {service, options}"""
    OPEN = 1
    APPEND = 2
    END = 3
    CANCEL = 4
    PING = 5
    PAUSE = 6
    """Hand the stream no more appends: its replies lie unread."""
    RESUME = 7

    READY = 20
    """payload: {capacity, patience_s}"""
    FAILED = 21
    """The service could not be made; payload as for ERROR."""
    HELLO = 22
    REPLY = 23
    DONE = 24
    ERROR = 25
    """payload: {problem, retryable, full}; `full`: the service takes no more streams."""
    ACK = 26
    """payload: how many appends were handled"""
    PONG = 27


Frame = tuple[Op, int, Any]


class WireError(Exception):
    """The other side sent something that is no frame."""


def pack(op: Op, stream: int = 0, payload: Any = None) -> bytes:
    """One frame. Raises TypeError for what msgpack cannot carry and ValueError for what is too long."""
    body: bytes = msgpack.packb([int(op), stream, payload])
    if len(body) > LIMIT:
        raise ValueError(f"a message of {len(body):,} bytes is over the limit of {LIMIT:,}")
    return _LENGTH.pack(len(body)) + body


class Parser:
    """Cuts a byte stream into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Yield the frames completed by `data`; use it up before feeding again. Raises WireError."""
        held = self._held
        held += data
        at = 0
        try:
            while len(held) - at >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(held, at)
                if length > LIMIT:
                    raise WireError(f"a frame of {length:,} bytes is over the limit of {LIMIT:,}")
                end = at + _LENGTH.size + length
                if end > len(held):
                    break
                body = bytes(memoryview(held)[at + _LENGTH.size : end])
                at = end
                yield _frame(body)
        finally:
            del held[:at]


def _frame(body: bytes) -> Frame:
    try:
        op, stream, payload = msgpack.unpackb(body)
        if not isinstance(stream, int):
            raise WireError("a stream is not a number")
        return Op(op), stream, payload
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise WireError(f"a frame cannot be read: {error}") from error
