"""A worker that tells what a picture costs: CPU milliseconds to draw, to convert and to code it."""

from __future__ import annotations

import time
from collections.abc import Callable

from runtime.workers.face import SessionFace
from runtime.workers.moments import unpack_moment
from visavis.engines import Message


class CostService:
    """open as for `FaceService`. append `{moments}` emits the means `{draw_ms, convert_ms, code_ms, bytes}`."""

    capacity = 64

    def __init__(self) -> None:
        self._faces: dict[int, SessionFace] = {}

    def open(self, stream: int, message: Message) -> Message:
        self._faces[stream] = SessionFace(message)
        return self._faces[stream].hello

    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None:
        face = self._faces[stream]
        spent = [0.0, 0.0, 0.0]
        size = 0
        for packed in message["moments"]:
            times = [time.thread_time()]
            face.renderer.draw(unpack_moment(packed), face.picture)
            times.append(time.thread_time())
            face.encoder.convert(face.picture)
            times.append(time.thread_time())
            size += len(face.encoder.code()[0])
            times.append(time.thread_time())
            spent = [total + after - before for total, before, after in zip(spent, times, times[1:], strict=False)]
        count = len(message["moments"])
        draw, convert, code = (1000 * total / count for total in spent)
        emit({"draw_ms": draw, "convert_ms": convert, "code_ms": code, "bytes": size / count})

    def end(self, stream: int, emit: Callable[[Message], bool]) -> None:
        del self._faces[stream]

    def cancel(self, stream: int) -> None:
        self._faces.pop(stream, None)
