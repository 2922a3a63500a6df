"""Lines that are kept for a while: one file a day, written in the background, the old ones deleted."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from agent.files import append_private

log = logging.getLogger(__name__)

LARGEST = 16 * 1024 * 1024
"""Bytes of one day's file; what comes after that is not kept."""
WAITING = 1_000
"""Lines that wait to be written; the oldest of more are dropped."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.jsonl")


class Days:
    """Below a folder. `add` returns at once; a disk that fails costs lines and one warning, that `what` is not kept."""

    def __init__(
        self, folder: Path, what: str, *, days: int, wall: Callable[[], datetime] = datetime.now, largest: int = LARGEST
    ) -> None:
        self._folder, self._what, self._days, self._wall, self._largest = folder, what, days, wall, largest
        self._lines: deque[tuple[date, str]] = deque(maxlen=WAITING)
        self._writing: asyncio.Task[None] | None = None
        self._swept: date | None = None
        self._told = False

    def add(self, line: str, day: date) -> None:
        """Keep a line, its end included, in the file of the day."""
        self._lines.append((day, line))
        self.sweep()

    def sweep(self) -> None:
        """Delete what is too old and write what waits, in the background."""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name=f"write {self._folder.name}")

    async def settled(self) -> None:
        """Return when all is written."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write_all(self) -> None:
        await asyncio.to_thread(self._delete_old)
        while self._lines:
            day, line = self._lines.popleft()
            lines = [line]
            while self._lines and self._lines[0][0] == day:
                lines.append(self._lines.popleft()[1])
            await asyncio.to_thread(self._append, day, lines)

    # ── on the disk, in a thread ──
    def _append(self, day: date, lines: list[str]) -> None:
        path = self._folder / f"{day.isoformat()}.jsonl"
        try:
            size = path.stat().st_size if path.exists() else 0
            if size + sum(len(each.encode()) for each in lines) > self._largest:
                self._warn(f"{path.name} is full")
                return
            append_private(path, "".join(lines))
            self._told = False
        except (OSError, ValueError) as error:
            self._warn(getattr(error, "strerror", None) or type(error).__name__)

    def _warn(self, problem: str) -> None:
        if not self._told:
            log.warning("%s: %s", self._what, problem)
            self._told = True

    def _delete_old(self) -> None:
        today = self._wall().date()
        if self._swept == today:
            return
        self._swept = today
        oldest = today - timedelta(days=self._days)
        for path in files(self._folder):
            with contextlib.suppress(OSError, ValueError):
                if date.fromisoformat(path.stem) < oldest:
                    path.unlink()


def files(folder: Path) -> list[Path]:
    """The files of the days, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if _DAY.fullmatch(path.name))
    return []


def lines(folder: Path) -> Iterator[str]:
    """What is kept, oldest first; a file that cannot be read is left out."""
    for path in files(folder):
        with contextlib.suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            yield from file
