"""Every frame as a small picture, on disk while an inspection lasts: which ones are shown is known only afterwards."""

from __future__ import annotations

import base64
import tempfile
from types import TracebackType

import cv2
import numpy as np
from numpy.typing import NDArray

LONGEST = 360
"""Pixels of the longer side."""
QUALITY = 80


class Album:
    """A context manager; the pictures go with it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._places: list[tuple[int, int]] = []

    def add(self, picture: NDArray[np.uint8]) -> None:
        """Append a frame: uint8 (height, width, 3), red, green and blue."""
        scale = min(1.0, LONGEST / max(picture.shape[:2]))
        size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
        small = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
        data = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, QUALITY))[1].tobytes()
        self._places.append((self._file.tell(), len(data)))
        self._file.write(data)

    def picture(self, index: int) -> str:
        """A frame as a data URI; empty where there is none of that number."""
        if not 0 <= index < len(self._places):
            return ""
        place, length = self._places[index]
        self._file.seek(place)
        data = self._file.read(length)
        self._file.seek(0, 2)
        return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"

    def __enter__(self) -> Album:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()
