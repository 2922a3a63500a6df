"""The process that decodes one recording: the file on standard input; facts, frames and an end on standard output.

`python -m avatars.inspect.footage_child mov < clip.mp4`
"""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.inspect.footage import EDGE_LINES, HEAD, Facts
from visavis.confined import confine

MEMORY = 3 * 1024**3
"""Bytes of address space."""
CPU_S = 3000
SMALL = 640
"""Pixels of the longer side of the frames that are told."""
EVERY = 5
"""Of so many frames one is looked at in full size."""
MOST_PIXELS = 4096 * 2304
MOST_PHOTO_PIXELS = 64_000_000
LONGEST_S = 45 * 60.0
MISSING = 0.02
"""Share of the announced length, besides half a second, that may be absent or too much."""
LOST = 0.02
_TRANSFERS = {16: "pq", 18: "hlg"}


class Refused(Exception):
    """The recording cannot be looked at: what is wrong, what to do."""


def main(kind: str, file: BinaryIO, out: BinaryIO) -> None:
    """Tell the facts, then every frame, then an end; or what is wrong."""
    confine(MEMORY, CPU_S)
    try:
        end: dict[str, Any] = told(kind, file, out)
    except Refused as refused:
        end = {"problem": refused.args[0], "remedy": refused.args[1]}
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error).partition(":")[0]
        end = {"problem": f"it is damaged: {reason[:80]}", "remedy": "copy it from the camera, or export it, again"}
    except MemoryError:
        end = {"problem": "decoding it takes too much memory", "remedy": "export it as MP4 (H.264, 1080 x 1920)"}
    with contextlib.suppress(BrokenPipeError):
        out.write(b"E" * bool(_started) + json.dumps(end).encode() + b"\n")
        out.flush()


_started: list[bool] = []


def told(kind: str, file: BinaryIO, out: BinaryIO) -> dict[str, Any]:
    """Write facts and frames; what the end says."""
    opened: Any = av.open(file, format=kind, metadata_errors="replace")
    with opened as container:
        if not container.streams.video:
            raise Refused("there is no picture in it", "record it with a camera")
        stream: Any = container.streams.video[0]
        _check_size(stream.codec_context.width, stream.codec_context.height, kind)
        said = _announced(container, stream)
        if said > LONGEST_S:
            raise Refused(f"it lasts {said / 60:.0f} minutes, more than {LONGEST_S / 60:g}", "cut out what is needed")
        stream.thread_type, stream.codec_context.thread_count = "AUTO", 2
        writer = _Writer(out, container, stream, kind, said)
        broken = packets = 0
        for packet in container.demux(stream):
            packets += 1
            try:
                for frame in packet.decode():
                    writer.take(frame)
            except av.error.InvalidDataError:
                broken += 1
    writer.check(said, broken, packets)
    return {"frames": writer.count, "broken": broken}


def _check_size(width: int, height: int, kind: str) -> None:
    most = MOST_PHOTO_PIXELS if kind.endswith("_pipe") else MOST_PIXELS
    if width * height > most:
        raise Refused(f"its picture has {width} x {height} pixels", "export it at 1080 x 1920, or at 4K at the most")


def _announced(container: Any, stream: Any) -> float:
    """Seconds that the file says it lasts; 0 where it says nothing."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1e6 if container.duration else 0.0


class _Writer:
    """Takes decoded frames; the first one decides what the facts are."""

    def __init__(self, out: BinaryIO, container: Any, stream: Any, kind: str, said: float) -> None:
        self.count, self.last_s, self.first_s = 0, 0.0, 0.0
        self._out, self._container, self._stream, self._kind, self._said = out, container, stream, kind, said
        self._shape = (0, 0)

    def take(self, frame: Any) -> None:
        if frame.is_corrupt and not self.count:
            return
        if not self.count:
            self._tell(frame)
        if (frame.width, frame.height) != self._shape:
            raise Refused("the size of its picture changes on the way", "export it as one MP4 file")
        second = float(frame.time) if frame.time is not None else self.count / max(self._rate, 1.0)
        self.first_s = second if not self.count else self.first_s
        self.last_s = second - self.first_s
        if self.last_s > LONGEST_S or self.count > LONGEST_S * 130:
            raise Refused(f"it lasts longer than {LONGEST_S / 60:g} minutes", "cut out what is needed")
        self._frame(frame, self.last_s)
        self.count += 1

    def check(self, said: float, broken: int, packets: int) -> None:
        """Raise Refused for a file that is not what it says it is."""
        if not self.count:
            raise Refused("there is no picture in it that can be decoded", "copy it from the camera again")
        if self._kind.endswith("_pipe"):
            return
        if self.count == 1:
            raise Refused("there is a single frame in it", "record a video")
        lasts = self.last_s + 1 / max(self._rate, 1.0)
        if said and lasts < said * (1 - MISSING) - 0.5:
            raise Refused(f"it is cut off: it should last {said:.1f} s and ends after {lasts:.1f} s", "copy it again")
        if said and lasts > said * (1 + MISSING) + 0.5:
            raise Refused(f"it says that it lasts {said:.1f} s and has {lasts:.1f} s", "export it again")
        if broken > max(1, LOST * packets):
            raise Refused(f"{broken} of its {packets} packets are damaged", "copy it again")

    def _tell(self, frame: Any) -> None:
        stream, self._shape = self._stream, (frame.width, frame.height)
        _check_size(frame.width, frame.height, self._kind)
        self._turns = round(frame.rotation / 90) % 4
        self._rate = float(stream.average_rate or 0)
        wide, high = self._shape[:: -1 if self._turns % 2 else 1]
        scale = min(1.0, SMALL / max(wide, high))
        self._small = (max(2, round(wide * scale)), max(2, round(high * scale)))
        metadata = self._container.metadata
        alpha = any(each.is_alpha for each in frame.format.components) or stream.metadata.get("alpha_mode") == "1"
        brand = metadata.get("major_brand", "").strip()
        facts = Facts(
            "picture" if self._kind.endswith("_pipe") else self._kind, brand[:8], str(stream.codec_context.name),
            frame.format.name, wide, high, frame.rotation, self._rate, self._said,
            _TRANSFERS.get(int(frame.color_trc), "sdr"), alpha, bool(self._container.streams.audio), self._small,
        )  # fmt: skip
        self._out.write(json.dumps(asdict(facts)).encode() + b"\n")
        _started.append(True)

    def _frame(self, frame: Any, second: float) -> None:
        wide, high = self._small[:: -1 if self._turns % 2 else 1]
        small = frame.reformat(width=wide, height=high, format="rgb24", interpolation="AREA").to_ndarray()
        full, sharp, edges = self.count % EVERY == 0, 0.0, np.zeros((4, EDGE_LINES), np.float32)
        if full:
            grey = np.ascontiguousarray(np.rot90(frame.reformat(format="gray").to_ndarray(), self._turns))
            sharp, edges = sharpness(grey), border(grey)
        turned = np.ascontiguousarray(np.rot90(small, self._turns))
        self._out.write(b"F" + HEAD.pack(second, int(full), sharp, *edges.ravel().tolist()) + turned.tobytes())


def sharpness(grey: NDArray[np.uint8]) -> float:
    """How much of the strongest edges' height lies within two pixels: noise and contrast do not count."""
    fine = cv2.absdiff(grey, cv2.blur(grey, (5, 5)))
    coarse = cv2.absdiff(grey, cv2.blur(grey, (33, 33)))
    return _high(fine) / max(_high(coarse), 8.0)


def _high(values: Any) -> float:
    """The 99.5th percentile of bytes."""
    counts = np.cumsum(np.bincount(values.ravel(), minlength=256))
    return float(np.searchsorted(counts, 0.995 * counts[-1]))


def border(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(4, EDGE_LINES): mean brightness of the lines at top, bottom, left and right, from the border inwards."""
    sides = (grey, grey[::-1], grey.T, grey.T[::-1])
    found = np.zeros((4, EDGE_LINES), np.float32)
    for row, each in zip(found, sides, strict=True):
        lines = each[:EDGE_LINES].mean(axis=1)
        row[: len(lines)] = lines
    return found


if __name__ == "__main__":
    av.logging.set_level(None)
    cv2.setNumThreads(1)
    with contextlib.suppress(BrokenPipeError):
        main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
