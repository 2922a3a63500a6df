"""The service that codes speech for who downloads it, as it comes: MP3, Opus, FLAC, AAC.

It runs in worker processes alone, as PyAV does. What has room for it says that the sound is synthetic.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import av
import numpy as np

from visavis.engines import Message
from visavis.signal import from_bytes
from visavis.words import RATE, Pcm

CODECS = {"mp3": ("mp3", "libmp3lame"), "opus": ("ogg", "libopus"), "flac": ("flac", "flac"), "aac": ("adts", "aac")}
"""The container and the coder of each format."""
BITRATE = 64_000


class SoundService:
    """`open` takes format (a key of `CODECS`) and metadata; `append` takes pcm (bytes at 24 kHz) and answers with
    {data: bytes}, maybe none; `end` answers with the rest."""

    capacity = 32

    def __init__(self) -> None:
        self._coders: dict[int, _Coder] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._coders[stream] = _Coder(*CODECS[message["format"]], message["metadata"])
        return {}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        emit({"data": self._coders[stream].code(from_bytes(message["pcm"]))})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        emit({"data": self._coders.pop(stream).finish()})

    def cancel(self, stream: int) -> None:
        self._coders.pop(stream, None)


class _Pipe:
    """What a container writes to; it cannot go back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._written)
        self._written.clear()
        return data


class _Coder:
    def __init__(self, container: str, codec: str, metadata: dict[str, str]) -> None:
        self._pipe = _Pipe()
        self._container: Any = av.open(self._pipe, "w", format=container)
        self._container.metadata.update(metadata)
        stream: Any = self._container.add_stream(codec, rate=RATE, layout="mono")
        self._stream = stream
        if codec != "flac":
            self._stream.bit_rate = BITRATE
        self._pts = 0

    def code(self, pcm: Pcm) -> bytes:
        if len(pcm):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm)[None], format="s16", layout="mono")
            frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self._pts
            self._pts += len(pcm)
            self._container.mux(self._stream.encode(frame))
        return self._pipe.taken()

    def finish(self) -> bytes:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        return self._pipe.taken()
