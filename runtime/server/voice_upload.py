"""Recordings as they come over HTTP: whole, or in the pieces that `Content-Range` tells."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

from fastapi import Request

from avatars.voices.enrol import upload
from avatars.voices.enrol.decode import FILE_LIMIT
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.task import Task, Tasks, Upload

_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


async def take(request: Request, tasks: Tasks, task_id: str, role: str, name: str) -> Upload:
    """Take the body as a file called `name`, or as a piece of it; for one at a time. Raises EnrolError."""
    task = await asyncio.to_thread(tasks.load, task_id)
    file = upload.begin(tasks, task, role, name)
    start, end, total = _piece(request)
    upload.allowed(task, file, start, total)
    most = FILE_LIMIT if end is None else end - start + 1
    path = upload.place(tasks, task, file)
    if not start:
        await _cleared(tasks, task, role, file)
    took = await _streamed(request, path, start, most)
    if end is not None and took != most:
        await asyncio.to_thread(_cut, path, start)
        raise EnrolError("invalid", f"{took} of {most} bytes came", "send the piece again", where=file.name)
    file.size, file.total = start + took, total if end is not None else start + took
    if not file.size:
        raise EnrolError("invalid", "the file is empty", "record it again", where=file.name)
    upload.put(task, role, file)
    task.note(f"{role} has {file.size} bytes", tasks.now())
    await asyncio.to_thread(tasks.save, task)
    return file


async def _cleared(tasks: Tasks, task: Task, role: str, file: Upload) -> None:
    """Forget an earlier file of the same role before its bytes are overwritten: the new one may break off."""
    earlier = upload.taken_out(task, role)
    if earlier is None:
        return
    await asyncio.to_thread(tasks.save, task)
    if earlier.kept != file.kept:
        await asyncio.to_thread((tasks.path(task.id) / earlier.kept).unlink, missing_ok=True)


def _piece(request: Request) -> tuple[int, int | None, int | None]:
    """First and last byte and the whole's length; a body without a range is the whole."""
    said = request.headers.get("content-range")
    if said is None:
        length = request.headers.get("content-length", "")
        return 0, None, int(length) if length.isdecimal() and len(length) < 16 else None
    found = _RANGE.fullmatch(said)
    start, end, total = map(int, found.groups()) if found else (0, -1, 0)
    if not start <= end < total:
        raise EnrolError("invalid", "it is no range", "write `bytes 0-1023/4096`", where="Content-Range")
    return start, end, total


async def _streamed(request: Request, path: Path, start: int, most: int) -> int:
    """Write the body from `start` on; the bytes that came. What is too long is cut off again."""
    took = 0
    with await asyncio.to_thread(path.open, "r+b" if start else "wb") as file:
        file.seek(start)
        async for piece in request.stream():
            took += len(piece)
            if took > most:
                file.truncate(start)
                raise EnrolError("too_large", f"more than {most:,} bytes came", "cut the recording", where=path.name)
            await asyncio.to_thread(file.write, piece)
        file.truncate()
    return took


def _cut(path: Path, size: int) -> None:
    with suppress(OSError), path.open("r+b") as file:
        file.truncate(size)
