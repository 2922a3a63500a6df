"""Who changed what and when: one JSON object a line, from which an edit can be undone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.editing.faults import EditError

LIMIT = 32 * 1024 * 1024
"""Bytes after which a log is begun anew; the one before it is kept as `NAME.1.jsonl`."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One record before and after; None where there was or is none. Without an `id` it is a section's switch."""

    kind: str
    id: str | None
    file: str
    place: int
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A file before and after, as digests, and what was exchanged: (where in the text before, old, new)."""

    before: str
    after: str
    hunks: list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """A line of the log. `undoes`: the id of the edit that this one takes back."""

    id: str
    at: str
    who: str
    library: str
    changes: list[Changed]
    files: dict[str, Rewritten] = field(default_factory=dict)
    undoes: str | None = None


class Log:
    """The edits of one library."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, edit: Edit) -> int:
        """Write a line through to the disk; returns where it begins, for `drop`. Raises EditError."""
        line = json.dumps(asdict(edit), ensure_ascii=False) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > LIMIT:
                self._path.replace(self._path.with_suffix(".1.jsonl"))
            with self._path.open("ab+") as file:
                start = file.seek(0, os.SEEK_END)
                if start:
                    file.seek(-1, os.SEEK_END)
                    line = line if file.read(1) == b"\n" else "\n" + line
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
            return start
        except OSError as error:
            problem = f"the log of edits {self._path} cannot be written: {error.strerror}"
            raise EditError("broken", problem, "check its rights and the room on the disk") from error

    def drop(self, start: int) -> None:
        """Take back the line that begins at `start`: its edit was not made."""
        os.truncate(self._path, start)

    def edits(self) -> list[Edit]:
        """All of them, oldest first; a line that a crash cut short is passed over."""
        return list(self._edits())

    def _edits(self) -> Iterator[Edit]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    yield _edit(json.loads(line))
                except (ValueError, TypeError, KeyError):
                    continue


def _edit(row: dict[str, Any]) -> Edit:
    changes = [Changed(**each) for each in row.pop("changes")]
    files = {
        name: Rewritten(each["before"], each["after"], [(int(at), old, new) for at, old, new in each["hunks"]])
        for name, each in row.pop("files").items()
    }
    return Edit(**row, changes=changes, files=files)
