"""Recordings of strangers, decoded by a process with limits, frame by frame as they are asked for."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from avatars.inspect.faults import FootageError

FILE_LIMIT: Final = 16 * 1024**3
"""Bytes that a file may have: half an hour of 4K."""
PATIENCE_S: Final = 3600.0
EDGE_LINES: Final = 4
"""Rows and columns at each border whose brightness is told."""
HEAD: Final = struct.Struct(f"<dif{4 * EDGE_LINES}f")
"""Of each frame: its second, whether it was looked at in full size, sharpness, brightness of the border's lines."""
_PICTURES: Final = {b"\xff\xd8\xff": "jpeg_pipe", b"\x89PNG": "png_pipe"}
_ATOMS: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file says of itself. `width` and `height` as it is shown, turned by its metadata."""

    container: str
    """mov (MP4 and MOV), matroska (WebM) or picture."""
    brand: str
    codec: str
    pixels: str
    width: int
    height: int
    turned: int
    fps: float
    duration_s: float
    transfer: str
    """sdr, pq or hlg."""
    alpha: bool
    sound: bool
    small: tuple[int, int]
    """Width and height of the frames that are told."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame: uint8 (height, width, 3), at most 640 pixels on its longer side, and what full size tells."""

    index: int
    time_s: float
    picture: NDArray[np.uint8]
    sharpness: float | None
    """0 for a blur to about 1 for crisp edges; None where this frame was not looked at in full size."""
    edges: NDArray[np.float32] | None
    """(4, 4): mean brightness of the outermost lines at top, bottom, left and right, from the border inwards."""


class Footage:
    """An opened recording; a context manager, as a process works behind it."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], facts: Facts) -> None:
        self.name, self.facts, self._process = name, facts, process
        self._timer = threading.Timer(PATIENCE_S, process.kill)
        self._timer.daemon = True
        self._timer.start()

    @classmethod
    def open(cls, path: Path, name: str) -> Footage:
        """Raises FootageError for what is no recording, is far too large, or cannot be decoded."""
        kind = _kind(path, name)
        command = [sys.executable, "-P", "-m", "avatars.inspect.footage_child", kind]
        with path.open("rb") as file:
            process = subprocess.Popen(  # noqa: S603
                command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
            )
        try:
            told = _line(process, name)
            return cls(name, process, Facts(**{**told, "small": tuple(told["small"])}))
        except BaseException:
            _end(process)
            raise

    def frames(self) -> Iterator[Frame]:
        """All frames, once. Raises FootageError at the end of a file that is cut off or damaged."""
        out, (wide, high) = _out(self._process), self.facts.small
        index = 0
        while out.read(1) == b"F":
            head, data = out.read(HEAD.size), out.read(wide * high * 3)
            if len(data) < wide * high * 3:
                break
            time_s, full, sharpness, *edges = HEAD.unpack(head)
            picture = np.frombuffer(data, np.uint8).reshape(high, wide, 3)
            lines = np.array(edges, np.float32).reshape(4, EDGE_LINES) if full else None
            yield Frame(index, time_s, picture, sharpness if full else None, lines)
            index += 1
        _line(self._process, self.name)

    def __enter__(self) -> Footage:
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _end(self._process)


def _kind(path: Path, name: str) -> str:
    """The demuxer; no other one is ever opened, as some of them read further files."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
        size = path.stat().st_size
    except OSError as error:
        raise FootageError(name, f"it cannot be read: {error.strerror}", "name another file") from error
    if not head:
        raise FootageError(name, "the file is empty", "copy it from the camera again")
    if size > FILE_LIMIT:
        raise FootageError(name, f"it has more than {FILE_LIMIT >> 30} GB", "export it at a lower bit rate")
    if head[4:8] in _ATOMS:
        return "mov"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "matroska"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp_pipe"
    for magic, kind in _PICTURES.items():
        if head.startswith(magic):
            return kind
    raise FootageError(name, "this is no MP4, MOV or WebM file, nor a picture", "export it as MP4 (H.264)")


def _line(process: subprocess.Popen[bytes], name: str) -> dict[str, Any]:
    raw = _out(process).readline(65536)
    try:
        told: dict[str, Any] = json.loads(raw)
    except ValueError as error:
        problem = "it cannot be decoded; it is damaged, or takes too much memory or time"
        raise FootageError(name, problem, "export it again as MP4 (H.264, 1080 x 1920)") from error
    if "problem" in told:
        raise FootageError(name, str(told["problem"]), str(told["remedy"]))
    return told


def _out(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    _out(process).close()
    process.wait()


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"}
