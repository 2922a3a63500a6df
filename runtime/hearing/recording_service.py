"""Recordings in a worker process: bytes in, and one stretch of voice at a time out, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from runtime.hearing.recording import Stretch, decoded, stretches
from visavis.engines import Message
from visavis.errors import ClientError
from visavis.signal import to_bytes
from visavis.vad import VAD_RATE
from visavis.words import Pcm

MOST = 26 * 1024 * 1024


@dataclass(slots=True)
class _Reading:
    data: bytearray = field(default_factory=bytearray)
    found: Iterator[Stretch] | None = None
    samples: int = 0


class RecordingService:
    """`append` takes `{"data": bytes}`, then `{"next": True}` as often as there are answers.

    Each is `{"at": s, "pcm": bytes}` at 16 kHz, in the end `{"seconds": s}`; or `{"code", "problem"}` for a file that
    cannot be used.
    """

    patience_s = 120.0

    def __init__(self, capacity: int = 4) -> None:
        self.capacity = capacity
        self._readings: dict[int, _Reading] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._readings[stream] = _Reading()
        return {}

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        reading = self._readings[stream]
        if "data" in message:
            if len(reading.data) + len(message["data"]) > MOST:
                raise ValueError("more bytes than a recording may have")
            reading.data += message["data"]
            return
        if reading.found is None:
            reading.found = stretches(_counted(reading))
        try:
            found = next(reading.found, None)
        except ClientError as error:
            emit({"code": error.code, "problem": str(error)})
            return
        if found is None:
            emit({"seconds": reading.samples / VAD_RATE})
        else:
            emit({"at": found.at / VAD_RATE, "pcm": to_bytes(found.pcm)})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        self.cancel(stream)

    def cancel(self, stream: int) -> None:
        self._readings.pop(stream, None)


def _counted(reading: _Reading) -> Iterator[Pcm]:
    data, reading.data = bytes(reading.data), bytearray()
    for pcm in decoded(data):
        reading.samples += len(pcm)
        yield pcm
