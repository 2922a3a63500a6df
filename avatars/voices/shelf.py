"""Speech kept as files: one JSON line about it, then its PCM. A file that is not whole is as good as absent."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from visavis.signal import from_bytes, to_bytes
from visavis.words import SpeechChunk, TimedViseme, TimedWord, Viseme

FORMAT = 1
SUFFIX = ".speech"
ROOM_AFTER_CLEARING = 0.9


class Shelf:
    """A folder of speeches under names of our own making, never larger than `max_bytes` for long.

    The speeches that were used least lately go first. Several shelves may share a folder.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self._bytes: int | None = None

    def has(self, name: str) -> bool:
        """Whether a file of that name lies there; whether it is whole shows when it is read."""
        return self._path(name).is_file()

    def get(self, name: str) -> tuple[SpeechChunk, ...] | None:
        """The speech, or None when it is absent or damaged; a damaged file is removed."""
        path = self._path(name)
        try:
            found = _read(path.read_bytes())
        except OSError:
            return None
        except (ValueError, KeyError, TypeError):
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)
        return found

    def put(self, name: str, speech: Sequence[SpeechChunk]) -> None:
        """Keep `speech`, all of it or nothing. A folder that cannot be written keeps nothing."""
        data = _written(speech)
        if len(data) > self._max_bytes:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(temporary).replace(self._path(name))
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._make_room(len(data))

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{SUFFIX}"

    def _make_room(self, added: int) -> None:
        if self._bytes is not None and self._bytes + added <= self._max_bytes:
            self._bytes += added
            return
        files = sorted(self._files(), key=lambda file: file[1])
        total = sum(size for _, _, size in files)
        if total > self._max_bytes:
            for path, _, size in files[:-1]:
                if total <= self._max_bytes * ROOM_AFTER_CLEARING:
                    break
                path.unlink(missing_ok=True)
                total -= size
        self._bytes = total

    def _files(self) -> Iterator[tuple[Path, int, int]]:
        """(path, time of last use, bytes) of every speech and every left-over of a write that was cut off."""
        for entry in os.scandir(self._folder):
            if entry.name.endswith((SUFFIX, ".part")):
                with suppress(OSError):
                    stat = entry.stat()
                    yield Path(entry.path), stat.st_mtime_ns, stat.st_size


def _written(speech: Sequence[SpeechChunk]) -> bytes:
    sound = b"".join(to_bytes(chunk.pcm) for chunk in speech)
    chunks = [
        {
            "samples": len(chunk.pcm),
            "visemes": [(v.start, v.viseme.value) for v in chunk.visemes],
            "words": [(w.start, w.end, w.text, w.at) for w in chunk.words],
        }
        for chunk in speech
    ]
    body = json.dumps(chunks).encode() + b"\n" + sound
    head = {"format": FORMAT, "sha256": hashlib.sha256(body).hexdigest()}
    return json.dumps(head).encode() + b"\n" + body


def _read(data: bytes) -> tuple[SpeechChunk, ...]:
    """Raises ValueError, KeyError or TypeError when `data` is not a whole speech."""
    first, _, body = data.partition(b"\n")
    head = json.loads(first)
    if head["format"] != FORMAT or head["sha256"] != hashlib.sha256(body).hexdigest():
        raise ValueError("damaged")
    about, _, sound = body.partition(b"\n")
    pcm = from_bytes(sound)
    pcm.flags.writeable = False
    chunks: list[dict[str, Any]] = json.loads(about)
    ends = np.cumsum([chunk["samples"] for chunk in chunks], dtype=int)
    if len(pcm) != (ends[-1] if len(ends) else 0):
        raise ValueError("cut off")
    return tuple(
        SpeechChunk(
            pcm[end - chunk["samples"] : end],
            tuple(TimedViseme(start, Viseme(name)) for start, name in chunk["visemes"]),
            tuple(TimedWord(start, stop, text, at) for start, stop, text, at in chunk["words"]),
        )
        for end, chunk in zip(ends, chunks, strict=True)
    )
