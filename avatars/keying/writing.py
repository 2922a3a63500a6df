"""A keyed still or clip as a file: PNG, MP4 (H.264) before a background, WebM (VP9) that may keep its alpha."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import cv2
import numpy as np

from avatars.keying.picture import Pixels
from avatars.keying.reading import FPS, Refused

_BT709 = 1
_OPTIONS = {
    "libx264": {"preset": "veryfast", "crf": "18"},
    "libvpx-vp9": {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "auto-alt-ref": "0"},
}


class Film:
    """Takes pictures of one size, (h, w, 3) or (h, w, 4); the last row or column of an odd size is left out."""

    def __init__(self, path: Path, suffix: str) -> None:
        self._container: Any = av.open(str(path), "w", format="mp4" if suffix == ".mp4" else "webm")
        self._codec = "libx264" if suffix == ".mp4" else "libvpx-vp9"
        self._stream: Any = None
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None) -> None:
        if self._stream is not None and kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()

    def add(self, picture: Pixels) -> None:
        """Append one picture of a 25th of a second."""
        height, width = (each // 2 * 2 for each in picture.shape[:2])
        alpha = picture.shape[2] == 4
        if self._stream is None:
            self._open(height, width, alpha)
        shown = np.ascontiguousarray(picture[:height, :width])
        frame: Any = av.VideoFrame.from_ndarray(shown, format="rgba" if alpha else "rgb24")
        frame = frame.reformat(format=self._stream.pix_fmt, dst_colorspace=_BT709)
        frame.pts, frame.time_base = self.count, Fraction(1, FPS)
        self._container.mux(self._stream.encode(frame))
        self.count += 1

    def _open(self, height: int, width: int, alpha: bool) -> None:
        stream = self._container.add_stream(self._codec, rate=FPS, options=_OPTIONS[self._codec])
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuva420p" if alpha else "yuv420p"
        stream.codec_context.colorspace = _BT709
        stream.codec_context.thread_count = 1
        if alpha:
            stream.metadata["alpha_mode"] = "1"
        self._stream = stream


def still(path: Path, picture: Pixels) -> None:
    """Write a PNG."""
    code = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
    done, data = cv2.imencode(".png", cv2.cvtColor(picture, code))
    if not done:
        raise Refused("the picture cannot be written", "choose another size")
    path.write_bytes(data.tobytes())
