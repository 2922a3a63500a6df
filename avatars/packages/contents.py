"""Whether a file of a package holds what its name says, by its content; what is not known is not taken.

Weights are safetensors or ONNX with everything inside: neither can carry code that runs, as a pickle can.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from avatars.packages.onnx_file import onnx_fault

HEADER = 16 * 1024 * 1024
TEXT = 4 * 1024 * 1024
"""Bytes that a header of weights, and a text, may have."""
_BITS = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1,
         "U16": 2, "U32": 4, "U64": 8, "F8_E4M3": 1, "F8_E5M2": 1}  # fmt: skip


def fault(path: Path) -> str:
    """Why the file cannot be part of a package, or nothing. Raises OSError."""
    check = _CHECKS.get(path.suffix)
    if check is None:
        return f"files that end in {path.suffix or 'nothing'} are not taken; there may be {', '.join(sorted(_CHECKS))}"
    with path.open("rb") as file:
        found = check(file, path.stat().st_size)
    return f"it is not what its name says: {found}" if found else ""


def is_model(path: Path) -> bool:
    """Whether its name is that of weights."""
    return path.suffix in (".safetensors", ".onnx")


def _safetensors(file: BinaryIO, size: int) -> str:
    length = int.from_bytes(file.read(8), "little")
    if size < 10 or not 2 <= length <= min(HEADER, size - 8):
        return "it has no safetensors header"
    try:
        header = json.loads(file.read(length))
        tensors = [each for name, each in header.items() if name != "__metadata__"]
        spans = sorted((*each["data_offsets"], _bytes(each)) for each in tensors)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return "its safetensors header cannot be read"
    at = 0
    for begin, end, needed in spans:
        if begin != at or end - begin != needed:
            return "its tensors do not lie where its header says"
        at = end
    return "" if at == size - 8 - length else "it is cut off, or more follows its tensors"


def _bytes(tensor: dict[str, list[int]]) -> int:
    shape = tensor["shape"]
    if any(not isinstance(side, int) or side < 0 for side in (*shape, *tensor["data_offsets"])):
        raise ValueError(shape)
    count = 1
    for side in shape:
        count *= side
    return count * _BITS[str(tensor["dtype"])]


def _npy(file: BinaryIO, size: int) -> str:
    try:
        version = np.lib.format.read_magic(file)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, _, dtype = reader(file)
    except (ValueError, KeyError, RecursionError):
        return "it is no array"
    if dtype.hasobject or dtype.kind not in "fiub":
        return "it holds objects, not numbers"
    count = 1
    for side in shape:
        count *= side
    return "" if file.tell() + count * dtype.itemsize == size else "it is cut off"


def _text(file: BinaryIO, size: int) -> str:
    if size > TEXT:
        return "it is too large for a text"
    try:
        return "it is no text" if "\0" in file.read().decode("utf-8") else ""
    except UnicodeDecodeError:
        return "it is no text"


def _begins(at: int, *marks: bytes) -> Callable[[BinaryIO, int], str]:
    def check(file: BinaryIO, size: int) -> str:
        head = file.read(16)[at:]
        return "" if head.startswith(marks) else "it begins otherwise"

    return check


_CHECKS: dict[str, Callable[[BinaryIO, int], str]] = {
    ".safetensors": _safetensors,
    ".onnx": onnx_fault,
    ".npy": _npy,
    ".mp4": _begins(4, b"ftyp"),
    ".png": _begins(0, b"\x89PNG\r\n\x1a\n"),
    ".jpg": _begins(0, b"\xff\xd8\xff"),
    ".webp": _begins(8, b"WEBP"),
    **dict.fromkeys((".yaml", ".json", ".txt", ".md", ".svg"), _text),
}
