"""Pictures into coded packets, without delay. It runs in worker processes alone: PyAV's wheel carries x264 (GPL)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import av
import cv2
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

from visavis.words import FPS, Codec

cv2.setNumThreads(1)

GOP = 250
"""Pictures between key frames that nobody asked for (10 s)."""
_SMPTE170M = 6
_MPEG_RANGE = 1
_GREY = 128
_LIMITED = np.rint(np.arange(256) * (219 / 255) + 16).astype(np.uint8)
"""Full to limited range, so that a page reads back as grey what the alpha channel held."""

_OPTIONS: dict[Codec, tuple[str, dict[str, str]]] = {
    "h264": ("libx264", {"preset": "ultrafast", "tune": "zerolatency", "profile": "baseline"}),
    "vp8": ("libvpx", {"deadline": "realtime", "cpu-used": "-16", "lag-in-frames": "0", "static-thresh": "500"}),
}
_QUALITY: dict[Codec, str] = {"h264": "qp", "vp8": "crf"}
"""A constant quantiser spares x264 the half-size copy by which it judges pictures: a third of its time."""
QUALITY = 23


class Encoder:
    """One stream of pictures of one size: BGRA in, one packet out for each.

    H.264 is Annex B with its parameter sets in band at every key frame. With `alpha` the coded picture is
    twice as high: the (premultiplied) picture, and under it its alpha channel as luma. `quality` is the
    quantiser: lower is better and bigger.
    """

    def __init__(self, codec: Codec, width: int, height: int, *, alpha: bool = False, quality: int = QUALITY) -> None:
        if width % 2 or height % 2:
            raise ValueError(f"a picture of {width}x{height} cannot be coded; both sides must be even")
        self._height = height
        self._coded_height = 2 * height if alpha else height
        self._planes = _scratch(width, self._coded_height)
        self._single = _scratch(width, height)
        self._count = 0
        self._context = _context(codec, width, self._coded_height, quality)

    def encode(self, picture: NDArray[np.uint8], *, key: bool = False) -> tuple[bytes, bool]:
        """Code one BGRA picture; returns the packet and whether it is a key frame. Raises RuntimeError."""
        self.convert(picture)
        return self.code(key=key)

    def convert(self, picture: NDArray[np.uint8]) -> None:
        """The first half of `encode`: take the colours over. `code` follows before any other encoder is used."""
        cv2.cvtColor(picture, cv2.COLOR_BGRA2YUV_I420, dst=self._single)
        if self._coded_height != self._height:
            self._stack(picture)

    def code(self, *, key: bool = False) -> tuple[bytes, bool]:
        """The second half: code what was converted."""
        frame = av.VideoFrame.from_numpy_buffer(self._planes, format="yuv420p")
        frame.pts = self._count
        frame.pict_type = PictureType.I if key or not self._count else PictureType.NONE
        self._count += 1
        packets = self._context.encode(frame)
        if len(packets) != 1:
            raise RuntimeError(f"the encoder gave {len(packets)} packets for one picture")
        return bytes(packets[0]), packets[0].is_keyframe

    def _stack(self, picture: NDArray[np.uint8]) -> None:
        """Lay the picture's planes and, under the luma, its alpha into the coded picture; chroma there stays grey."""
        high, width = self._height, self._planes.shape[1]
        self._planes[:high] = self._single[:high]
        cv2.LUT(cv2.extractChannel(picture, 3), _LIMITED, dst=self._planes[high : 2 * high])
        chroma = self._single[high:].reshape(2, -1)
        stacked = self._planes[2 * high :].reshape(2, -1)
        stacked[:, : high * width // 4] = chroma
        stacked[:, high * width // 4 :] = _GREY


@cache
def _scratch(width: int, height: int) -> NDArray[np.uint8]:
    """The I420 planes of every encoder of that size: what is coded is copied at once, and shared memory stays warm."""
    return np.empty((height * 3 // 2, width), np.uint8)


def _context(codec: Codec, width: int, height: int, quality: int) -> Any:
    name, options = _OPTIONS[codec]
    context: Any = av.CodecContext.create(name, "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, FPS), Fraction(FPS)
    context.options = options | {_QUALITY[codec]: str(quality)}
    context.gop_size = GOP
    context.thread_count = 1
    context.color_range = _MPEG_RANGE
    context.colorspace = context.color_primaries = context.color_trc = _SMPTE170M
    if codec == "vp8":
        context.bit_rate = 2_000_000
    context.open()
    return context
