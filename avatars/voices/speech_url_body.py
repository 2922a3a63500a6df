"""The body of a speech answer, as it comes: PCM with or without a WAV header, cut anywhere."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.voices.edge import Edge
from visavis.errors import EngineError
from visavis.signal import empty
from visavis.words import Pcm

HEADER = 65_536
"""Bytes within which a WAV file's sound must begin."""
_OTHERS = {b"ID3": "MP3", b"fLaC": "FLAC", b"OggS": "Ogg", b"\x1aE\xdf\xa3": "WebM", b"<!DO": "HTML", b"<htm": "HTML"}
_RATE = re.compile(r"rate=(\d{4,6})")
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_UNKNOWN = 0x7FFF_0000
"""Sizes from here on stand for "until it ends"."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How samples are written: `kind` is numpy's, `width` bytes a sample."""

    hz: int
    channels: int
    kind: str
    width: int


class SpeechBody:
    """Bytes in, PCM at 24 kHz out. `media` is the answer's content type, `hz` the rate of sound without a header."""

    def __init__(self, engine: str, media: str, hz: int) -> None:
        if media.startswith(("text/", "application/json")):
            raise EngineError(engine, f"it answered with {media[:40]}, not with sound", "check `url` and `model`")
        if media.startswith(("audio/mpeg", "audio/mp3", "audio/aac", "audio/mp4", "audio/ogg", "audio/flac")):
            raise self._packed(engine, media.split(";")[0])
        told = _RATE.search(media)
        self._engine = engine
        self._bare = _Layout(int(told.group(1)) if told else hz, 1, "<i2", 2)
        self._layout: _Layout | None = None
        self._edge: Edge | None = None
        self._raw = bytearray()
        self._left = _UNKNOWN

    def push(self, data: bytes) -> Pcm:
        """The sound that became known. Raises EngineError."""
        self._raw += data
        if self._layout is None:
            self._layout = self._looked_at()
            if self._layout is None:
                return empty()
            self._edge = Edge(self._engine, self._layout.hz)
        assert self._edge is not None
        frame = self._layout.width * self._layout.channels
        whole = min(len(self._raw), self._left) // frame * frame
        piece = bytes(self._raw[:whole])
        del self._raw[:whole]
        if self._left < _UNKNOWN:
            self._left -= whole
        return self._edge.push(_samples(piece, self._layout))

    def flush(self) -> Pcm:
        """The rest of the sound; half a sample at its end is dropped."""
        return self._edge.flush() if self._edge is not None else empty()

    def _looked_at(self) -> _Layout | None:
        """How the sound is written, None while that cannot be told."""
        if len(self._raw) < 4:
            return None
        head = bytes(self._raw[:4])
        if head == b"RIFF":
            return self._wav()
        for magic, name in _OTHERS.items():
            if head.startswith(magic):
                raise self._packed(self._engine, name)
        return self._bare

    def _wav(self) -> _Layout | None:
        at, layout = 12, None
        while len(self._raw) >= at + 8:
            name, size = struct.unpack_from("<4sI", self._raw, at)
            at += 8
            if name == b"data" and layout is not None:
                del self._raw[:at]
                self._left = size if 0 < size < _UNKNOWN else _UNKNOWN
                return layout
            if name == b"fmt " and len(self._raw) >= at + size:
                layout = self._format(bytes(self._raw[at : at + size]))
            at += size + size % 2
        if at > HEADER or len(self._raw) > HEADER:
            raise EngineError(self._engine, "it sent a WAV file without sound", "try response_format: pcm")
        return None

    def _format(self, content: bytes) -> _Layout:
        if len(content) >= 16:
            kind, channels, hz, _, _, bits = struct.unpack_from("<HHIIHH", content)
            if kind == _EXTENSIBLE and len(content) >= 26:
                kind = struct.unpack_from("<H", content, 24)[0]
            name = {(_PCM, 16): "<i2", (_PCM, 32): "<i4", (_FLOAT, 32): "<f4", (_FLOAT, 64): "<f8"}.get((kind, bits))
            if name and 1 <= channels <= 8:
                return _Layout(hz, channels, name, bits // 8)
        raise EngineError(self._engine, "it sent a WAV file of an unknown kind", "try response_format: pcm")

    @staticmethod
    def _packed(engine: str, name: str) -> EngineError:
        return EngineError(engine, f"it answered with {name}", "it must answer with pcm or wav: see response_format")


def _samples(piece: bytes, layout: _Layout) -> NDArray[Any]:
    """One channel: int16, or floats in -1..1."""
    samples = np.frombuffer(piece, layout.kind)
    if layout.channels == 1 and layout.kind == "<i2":
        return samples.astype(np.int16)
    scale = {"<i2": 2.0**15, "<i4": 2.0**31}.get(layout.kind, 1.0)
    return np.asarray(samples.reshape(-1, layout.channels).mean(axis=1, dtype=np.float64) / scale)
