"""Pictures out of a file that a stranger may have made; only for a process of its own, which PyAV shall not outlive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.keying.picture import Pixels

FPS = 25
PIXELS = 9_500_000
"""The largest picture that is taken: 4K with a little to spare."""
_SLACK = 1e-3
_ALPHA_CODECS = {"vp9": "libvpx-vp9", "vp8": "libvpx"}
_STILLS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class Refused(Exception):
    """The file cannot be used: what is wrong, what to do."""


def kind_of(path: Path) -> str:
    """`still`, or the container's name. Raises Refused for anything else; nothing is guessed from the file's name."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(_STILLS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "still"
    if head[4:8] in (b"ftyp", b"moov", b"wide", b"mdat"):
        return "mov"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    raise Refused("it is no MP4, MOV, WebM, PNG, JPEG or WebP", "export it as one of them")


def pictures(path: Path, start_s: float = 0.0, end_s: float | None = None) -> Iterator[Pixels]:
    """What is seen at each 25th of a second from `start_s` to before `end_s`, one picture at least, upright.

    uint8 (h, w, 3), or (h, w, 4) where the file has alpha. Raises Refused, and PyAV's errors for a damaged file.
    """
    if (kind := kind_of(path)) == "still":
        yield _still(path)
        return
    slot, last, latest, gap = 0, None, -1.0, 1 / FPS
    for at_s, frame in _frames(path, kind, start_s):
        gap = at_s - latest if last is not None and at_s > latest else gap
        while last is not None and _due(slot, start_s, at_s, end_s):
            yield _upright(last)
            slot += 1
        if end_s is not None and slot and start_s + slot / FPS >= end_s - _SLACK:
            return
        last, latest = frame, at_s
    if last is None or latest + gap < start_s + _SLACK:
        raise Refused(
            f"it has no picture at {start_s:g} s", f"it ends after {max(latest, 0):.1f} s; name a time before"
        )
    while _due(slot, start_s, latest + gap, end_s):
        yield _upright(last)
        slot += 1


def _due(slot: int, start_s: float, until_s: float, end_s: float | None) -> bool:
    """Whether a slot falls before `until_s`; before `end_s` too, unless it is the first."""
    at_s = start_s + slot / FPS
    return at_s < until_s - _SLACK and (end_s is None or not slot or at_s < end_s - _SLACK)


def _frames(path: Path, kind: str, start_s: float) -> Iterator[tuple[float, Any]]:
    """Decoded frames with their seconds from the first one on; those well before `start_s` are passed over."""
    with av.open(str(path), format=kind, metadata_errors="replace") as container:
        if not container.streams.video:
            raise Refused("there is no picture in it", "record it with a camera")
        stream: Any = container.streams.video[0]
        _check(stream.codec_context.width, stream.codec_context.height)
        first = float(stream.start_time * stream.time_base) if stream.start_time is not None else 0.0
        decoder = _decoder(stream)
        if start_s > 1:
            container.seek(int((start_s + first) / stream.time_base), stream=stream, backward=True)
        for packet in container.demux(stream):
            for frame in decoder.decode(packet):
                _check(frame.width, frame.height)
                at = float(frame.pts * (frame.time_base or stream.time_base)) - first if frame.pts is not None else 0.0
                yield at, frame


def _decoder(stream: Any) -> Any:
    """The stream's decoder; of VP8 and VP9 one that knows alpha."""
    name = _ALPHA_CODECS.get(stream.codec_context.name)
    if name is None or {key.lower(): value for key, value in stream.metadata.items()}.get("alpha_mode") != "1":
        return stream.codec_context
    made: Any = av.CodecContext.create(name, "r")
    made.extradata = stream.codec_context.extradata
    return made


def _upright(frame: Any) -> Pixels:
    with_alpha = any(each.is_alpha for each in frame.format.components)
    space = frame.colorspace if frame.colorspace in (1, 5, 6) else (1 if frame.height >= 720 else 5)
    shown = frame.reformat(format="rgba" if with_alpha else "rgb24", src_colorspace=space)
    turns = round(float(getattr(frame, "rotation", 0) or 0) / 90) % 4
    return np.ascontiguousarray(np.rot90(shown.to_ndarray(), turns))


def _still(path: Path) -> Pixels:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    found: NDArray[Any] | None
    try:
        found = cv2.imdecode(data, cv2.IMREAD_UNCHANGED)
    except cv2.error:
        found = None
    if found is None:
        raise Refused("it is damaged, or larger than 4K", "export it again, at 4K at most")
    if found.dtype == np.uint16:
        found = np.asarray(found // 256, np.uint8)
    _check(found.shape[1], found.shape[0])
    if found.ndim == 2:
        return np.asarray(cv2.cvtColor(found, cv2.COLOR_GRAY2RGB), np.uint8)
    code = cv2.COLOR_BGRA2RGBA if found.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(found, code), np.uint8)


def _check(width: int, height: int) -> None:
    if width * height > PIXELS:
        raise Refused(f"it has {width}x{height} pixels, more than 4K", "scale it down to 3840x2160 at most")
    if min(width, height) < 16:
        raise Refused(f"it has {width}x{height} pixels", "send the recording itself")
