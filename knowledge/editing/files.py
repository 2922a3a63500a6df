"""One writer at a time, and files that are replaced whole or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from knowledge.editing.faults import EditError

WAIT_S = 10.0


@contextmanager
def sole_writer(folder: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold the folder against every other writer, in this process and in others. Raises EditError after `wait_s`."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        problem = f"the folder {folder.name} cannot be opened: {error.strerror}"
        raise EditError("broken", problem, "check that it is there and may be read") from error
    try:
        deadline = time.monotonic() + wait_s
        while not _taken(handle):
            if time.monotonic() > deadline:
                problem = "somebody else is writing these files"
                raise EditError("busy", problem, "try again in a moment")
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def digest(raw: bytes) -> str:
    """The content of a file as a short word."""
    return sha256(raw).hexdigest()


class Replacing:
    """New contents of files, written beside them; `commit` puts them in place, leaving without it takes them away."""

    def __init__(self, contents: Mapping[Path, bytes]) -> None:
        self._contents = contents
        self._waiting: dict[Path, Path] = {}

    def __enter__(self) -> Replacing:
        try:
            for path, raw in self._contents.items():
                self._waiting[path] = _beside(path.resolve(), raw)
        except OSError as error:
            self.__exit__()
            problem = f"{path.name} cannot be written: {error.strerror}"
            raise EditError("broken", problem, "check the rights of the folder and the room on the disk") from error
        return self

    def commit(self) -> None:
        """Put each in place, in order of name."""
        for path in sorted(self._waiting):
            target = path.resolve()
            try:
                self._waiting[path].replace(target)
            except OSError as error:
                problem = f"{path.name} cannot be replaced: {error.strerror}"
                raise EditError("broken", problem, "check the rights of the folder") from error
            del self._waiting[path]
            _sync(target.parent)

    def __exit__(self, *_: object) -> None:
        for path in self._waiting.values():
            path.unlink(missing_ok=True)


def _beside(target: Path, raw: bytes) -> Path:
    """A hidden file in the same folder with the target's mode and owner."""
    status = target.stat()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            os.fchmod(file.fileno(), status.st_mode & 0o7777)
            with suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
