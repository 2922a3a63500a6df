"""The service that writes films: coded pictures passed through, sound coded to AAC, MP4.

It runs in worker processes alone, as PyAV does. The film is in order for streaming (`moov` first) and says
in its metadata that it is synthetic.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from visavis.engines import Message
from visavis.errors import EngineError
from visavis.words import FPS, RATE, SLOT

BITRATE = 64_000


class MuxService:
    """Writes one film a stream.

    open `{path, width, height, metadata}`; width 0 is sound alone. append `{slots: [[pcm, packet | None, key], …]}`,
    one item for each 40 ms; the picture before stays where there is no packet. end emits `{slots, pictures}`
    when the file is whole; cancel removes it.
    """

    capacity = 8

    def __init__(self) -> None:
        self._films: dict[int, _Film] = {}

    def open(self, stream: int, message: Message) -> Message:
        try:
            self._films[stream] = _Film(Path(message["path"]), message["width"], message["height"], message["metadata"])
        except OSError as error:
            raise EngineError("film", f"{message['path']} cannot be written: {error.strerror}") from error
        return {}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        with _io_errors():
            for pcm, packet, key in message["slots"]:
                self._films[stream].add(pcm, packet, key=key)

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        film = self._films[stream]
        with _io_errors():
            film.finish()
        del self._films[stream]
        emit({"slots": film.slots, "pictures": film.pictures})

    def cancel(self, stream: int) -> None:
        film = self._films.pop(stream, None)
        if film is not None:
            film.discard()


class _io_errors:  # noqa: N801
    """Turns what the disk says into an EngineError for a person."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise EngineError("film", f"it cannot be written: {error.strerror or error}") from error


class _Film:
    """One file. A picture is held until the next one comes, as only then its duration is known."""

    def __init__(self, path: Path, width: int, height: int, metadata: dict[str, str]) -> None:
        self.slots = 0
        self.pictures = 0
        self._path = path
        options = {"movflags": "faststart+use_metadata_tags"}
        self._file: Any = av.open(str(path), "w", format="mp4", container_options=options)
        self._file.metadata.update(metadata)
        self._video: Any = self._file.add_mux_stream("h264", rate=FPS, width=width, height=height) if width else None
        self._audio: Any = self._file.add_stream("aac", rate=RATE, layout="mono")
        self._audio.bit_rate = BITRATE
        self._held: tuple[int, bytes, bool] | None = None

    def add(self, pcm: bytes, packet: bytes | None, *, key: bool) -> None:
        if self._video is not None and packet is not None:
            self._release()
            self._held = self.slots, packet, key
        sound = av.AudioFrame.from_ndarray(np.frombuffer(pcm, np.int16)[None], format="s16", layout="mono")
        sound.sample_rate, sound.pts, sound.time_base = RATE, self.slots * SLOT, Fraction(1, RATE)
        self._file.mux(self._audio.encode(sound))
        self.slots += 1

    def finish(self) -> None:
        self._release()
        self._file.mux(self._audio.encode(None))
        self._file.close()

    def discard(self) -> None:
        try:
            self._file.close()
        finally:
            self._path.unlink(missing_ok=True)

    def _release(self) -> None:
        if self._held is None:
            return
        slot, data, key = self._held
        packet: Any = av.Packet(data)
        packet.stream, packet.time_base = self._video, Fraction(1, FPS)
        packet.pts = packet.dts = slot
        packet.duration = self.slots - slot
        packet.is_keyframe = key
        self._file.mux(packet)
        self.pictures += 1
        self._held = None
