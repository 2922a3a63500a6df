"""Whether a file is an ONNX model that needs no other file, read without the library, which trusts what it reads.

ONNX is a protocol buffer (`onnx.proto`): fields with a number and a wire type. What is looked at are the model's
graph, functions and whatever tensors they hold, whose values must not lie outside the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

LIMIT = 512 * 1024 * 1024
DEPTH = 24
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MODEL_FIELDS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26})
_INSIDE: dict[str, dict[int, str]] = {
    "model": {7: "graph", 25: "function", 20: "training"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
}
"""Which fields of a message hold which messages."""
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14


class _Broken(Exception):
    """This is no protocol buffer."""


def onnx_fault(file: BinaryIO, size: int) -> str:
    """Why it is no model that can be taken, or nothing."""
    if size > LIMIT:
        return f"it has more than {LIMIT >> 20} MB"
    data = memoryview(file.read(LIMIT))
    try:
        numbers = {number for number, _, _ in _fields(data)}
        if not {1, 7} <= numbers or not numbers <= _MODEL_FIELDS:
            return "it is no ONNX model"
        return "it keeps values in other files" if _outside(data, "model", 0) else ""
    except _Broken:
        return "it is no ONNX model, or cut off"


def _outside(data: memoryview, kind: str, depth: int) -> bool:
    """Whether a tensor in this message refers to another file."""
    if depth > DEPTH:
        raise _Broken
    if kind == "tensor":
        return any(n == _EXTERNAL_DATA or (n == _DATA_LOCATION and value) for n, value, _ in _fields(data))
    inside = _INSIDE[kind]
    return any(
        _outside(held, inside[number], depth + 1)
        for number, _, held in _fields(data)
        if number in inside and held is not None
    )


def _fields(data: memoryview) -> Iterator[tuple[int, int, memoryview | None]]:
    """Number, value if it is a varint, and bytes if it has some, of each field. Raises _Broken."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        value, held = 0, None
        if wire == _VARINT:
            value, at = _varint(data, at)
        elif wire == _BYTES:
            length, at = _varint(data, at)
            held = data[at : at + length]
            at += length
        elif wire in (_FIXED64, _FIXED32):
            at += 8 if wire == _FIXED64 else 4
        else:
            raise _Broken
        if not number or at > len(data):
            raise _Broken
        yield number, value, held


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        if at >= len(data):
            raise _Broken
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at
    raise _Broken
