"""What visitors asked and what was decided, where the dialog keeps it: one JSON line each, one file a day."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from agent.files import append_private
from agent.redact import redacted
from agent.visitor import clean

log = logging.getLogger(__name__)

Keep = Literal["off", "redacted", "full"]
LARGEST = 16 * 1024 * 1024
"""Bytes of one day's file; what comes after that is not kept."""
WAITING = 1_000
"""Lines that wait to be written; the oldest of more are dropped."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.jsonl")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what became of it: `at` is ISO local time, `id` and `score` are the entry's, if there was one."""

    at: str
    dialog: str
    text: str
    decision: str
    source: str
    id: str | None = None
    score: float | None = None


class Journal:
    """Of one dialog. `note` returns at once; a disk that fails costs lines of the journal, and a warning, alone."""

    def __init__(
        self,
        folder: Path,
        dialog: str,
        *,
        keep: Keep = "off",
        days: int = 30,
        language: str = "en",
        wall: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._folder, self._dialog, self._days, self._wall = folder, dialog, days, wall
        self._language = language
        self.keep: Keep = keep
        self._lines: deque[tuple[date, str]] = deque(maxlen=WAITING)
        self._writing: asyncio.Task[None] | None = None
        self._swept: date | None = None
        self._told = False

    def note(self, text: str, *, decision: str, source: str, id: str | None = None, score: float | None = None) -> None:  # noqa: A002
        """A visitor asked `text`. Nothing is kept when `keep` is `off`."""
        if self.keep == "off":
            return
        now = self._wall()
        asked = Asked(
            now.isoformat(timespec="seconds"), self._dialog, clean(text).text, decision, source, id,
            None if score is None else round(score, 3),
        )  # fmt: skip
        if self.keep == "redacted":
            hidden = "" if source == "review" else redacted(asked.text, self._language)
            asked = replace(asked, text=hidden)
        self._lines.append((now.date(), json.dumps(asdict(asked), ensure_ascii=False) + "\n"))
        self._wake()

    def sweep(self) -> None:
        """Delete what is too old, in the background."""
        self._wake()

    def _wake(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all(), name=f"journal of {self._dialog}")

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
            if size + sum(len(each.encode()) for each in lines) > LARGEST:
                self._warn(f"{path.name} is full")
                return
            append_private(path, "".join(lines))
            self._told = False
        except (OSError, ValueError) as error:
            self._warn(getattr(error, "strerror", None) or type(error).__name__)

    def _warn(self, problem: str) -> None:
        if not self._told:
            log.warning("%s: what visitors ask is not kept: %s", self._dialog, problem)
            self._told = True

    def _delete_old(self) -> None:
        today = self._wall().date()
        if self._swept == today:
            return
        self._swept = today
        oldest = today - timedelta(days=self._days)
        for path in _files(self._folder):
            with contextlib.suppress(OSError, ValueError):
                if date.fromisoformat(path.stem) < oldest:
                    path.unlink()


def _files(folder: Path) -> list[Path]:
    """The journal's files, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(path for path in folder.iterdir() if _DAY.fullmatch(path.name))
    return []


def read(folder: Path) -> Iterator[Asked]:
    """What a dialog's journal holds, oldest first; a line that is damaged is left out."""
    for path in _files(folder):
        with contextlib.suppress(OSError), path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                with contextlib.suppress(ValueError, TypeError):
                    yield Asked(**json.loads(line))
