"""What visitors asked and what was decided, where the dialog keeps it: one JSON line each, one file a day."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from agent.days import Days, lines
from agent.redact import redacted
from agent.visitor import clean

Keep = Literal["off", "redacted", "full"]


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
        self._dialog, self._language, self._wall = dialog, language, wall
        self.keep: Keep = keep
        self._days = Days(folder, f"{dialog}: what visitors ask is not kept", days=days, wall=wall)

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
        self._days.add(json.dumps(asdict(asked), ensure_ascii=False) + "\n", now.date())

    def sweep(self) -> None:
        """Delete what is too old, in the background."""
        self._days.sweep()

    async def settled(self) -> None:
        """Return when all is written."""
        await self._days.settled()


def read(folder: Path) -> Iterator[Asked]:
    """What a dialog's journal holds, oldest first; a line that is damaged is left out."""
    for line in lines(folder):
        with contextlib.suppress(ValueError, TypeError):
            yield Asked(**json.loads(line))
