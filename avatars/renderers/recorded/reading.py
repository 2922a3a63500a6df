"""Frames of a video by their number, in any order. It runs in worker processes alone: PyAV's wheel carries x264 (GPL).

Decoding begins at the key frame before; what is decoded on the way is kept for a while, so that playing backwards
decodes each group of pictures once.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from visavis.errors import EngineError
from visavis.words import FPS

KEPT = 48 * 1024 * 1024
"""Bytes of decoded pictures that are kept."""
GROUP = 50
"""The most frames from one key frame to the next: more would take too long after a jump."""
SIDE = 4096
ENGINE = "recorded"


class Reader:
    """One video, whose frames are given in one size: BGRA (height, width, 4), or grey (height, width).

    Raises EngineError for a video that is not what the manifest says, or is damaged.
    """

    def __init__(self, path: Path, frames: int, size: tuple[int, int], *, grey: bool = False) -> None:
        self._name, self._size, self._format = path.name, size, "gray" if grey else "bgra"
        try:
            self._file = av.open(str(path), format="mp4", metadata_errors="replace")
            self._stream: Any = self._file.streams.video[0]
            self._pts, self._keys = self._listed()
        except (av.error.FFmpegError, IndexError, OSError) as error:
            raise self._useless("it cannot be read") from error
        if len(self._pts) != frames:
            raise self._useless(f"it has {len(self._pts)} frames and the manifest says {frames}")
        context = self._stream.codec_context
        if context.name != "h264" or not 0 < max(context.width, context.height) <= SIDE:
            raise self._useless(f"it is no H.264 of at most {SIDE} pixels a side")
        context.thread_count = 1
        self._number = {pts: at for at, pts in enumerate(self._pts)}
        self._kept: OrderedDict[int, Any] = OrderedDict()
        self._most = max(4, KEPT // (context.width * context.height * 3 // 2))
        self._coming: Any = iter(())
        self._next = -1
        """The frame that the decoder gives next; -1 before it has begun."""

    def _listed(self) -> tuple[list[int], list[int]]:
        """The time stamp of each frame in the order shown, and which frames are keys."""
        packets = [(p.pts, p.is_keyframe) for p in self._file.demux(self._stream) if p.pts is not None and p.size]
        packets.sort()
        pts = [stamp for stamp, _ in packets]
        keys = [at for at, (_, key) in enumerate(packets) if key]
        gaps = np.diff([*keys, len(pts)]) if keys else np.array([len(pts)])
        if not keys or keys[0] or gaps.max() > GROUP:
            raise self._useless(f"it has more than {GROUP} frames from one key frame to the next")
        wanted = 1 / (FPS * self._stream.time_base)
        if len(pts) > 1 and np.abs(np.diff(pts) - float(wanted)).max() > 1:
            raise self._useless(f"it has not {FPS} frames a second")
        return pts, keys

    def frame(self, number: int) -> NDArray[np.uint8]:
        """The picture of that number, which must be one of the video's."""
        found = self._kept.get(number)
        if found is None:
            try:
                found = self._decoded(number)
            except (av.error.FFmpegError, StopIteration) as error:
                self._next = -1
                raise self._useless(f"it is damaged at frame {number}") from error
        else:
            self._kept.move_to_end(number)
        width, height = self._size
        pixels: NDArray[np.uint8] = found.reformat(width=width, height=height, format=self._format).to_ndarray()
        return pixels

    def _decoded(self, number: int) -> Any:
        key = self._keys[bisect_right(self._keys, number) - 1]
        if not key <= self._next <= number:
            self._file.seek(self._pts[key], stream=self._stream)
            self._coming = self._file.decode(self._stream)
        while True:
            frame = next(self._coming)
            at = self._number.get(frame.pts, -1)
            self._next = at + 1
            self._kept[at] = frame
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            if at == number:
                return frame
            if at > number:
                raise StopIteration

    def _useless(self, why: str) -> EngineError:
        return EngineError(ENGINE, f"{self._name} cannot be played: {why}", "bring the video that was packed")
