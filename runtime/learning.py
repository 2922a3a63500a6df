"""What one dialog knows, as its files are edited: indexed in the background, and kept when an edit cannot be used."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from knowledge.knowledge import Knowledge
from knowledge.watch import Stamp, stamp
from visavis.errors import VisavisError

log = logging.getLogger(__name__)

TOLD_PERCENT = 10
"""The log tells of an index at every so many per cent."""

Read = Callable[[Knowledge], Awaitable[Knowledge]]
"""Opens the files as they are now; takes what was known before."""


class Learning:
    """`knowledge` is another object after each edit; who holds the one before goes on with that.

    `taken` is called when it has changed in what it says, with what was known before.
    """

    def __init__(
        self, name: str, knowledge: Knowledge, folder: Path, read: Read, taken: Callable[[Knowledge], None]
    ) -> None:
        self.knowledge = knowledge
        self.bad_edit: str | None = None
        """Why the newest edit is not used, for people."""
        self._name, self._folder, self._read, self._taken = name, folder, read, taken
        self._taken_at: Stamp | None = None
        self._reloading = asyncio.Lock()
        self._indexing: asyncio.Task[None] | None = None
        self._percent = 0
        self._failed: str | None = None

    async def reload(self) -> None:
        """Take the files as they are now; what cannot be used is told and the last good version stays."""
        async with self._reloading:
            now = await asyncio.to_thread(stamp, self._folder)
            if now == self._taken_at:
                self.bad_edit = None
                return
            before = self.knowledge
            try:
                self.knowledge = await self._read(before)
            except VisavisError as error:
                log.warning("%s: an edit is not used, the last good version is: %s", self._name, error)
                self.bad_edit = str(error)
                return
            self.bad_edit, self._taken_at = None, now
        if self.knowledge is not before:
            self._taken(before)
            self.index()

    def index(self) -> None:
        """Embed in the background what could not be waited for; what an index before this one began goes on."""
        last, self._indexing = self._indexing, None
        if last is not None:
            last.cancel()
        if not self.knowledge.whole:
            self._indexing = asyncio.create_task(self._complete(last), name=f"index {self._name}")

    def warnings(self) -> list[str]:
        """What is off, for people."""
        found = [self.bad_edit] if self.bad_edit else []
        if not self.knowledge.whole:
            state = self._failed or f"its questions are being indexed ({self._percent} %)"
            found.append(f"{state}; until then they are matched by their words alone")
        return found

    async def close(self) -> None:
        """Stop indexing; what is embedded so far is kept."""
        if self._indexing is not None:
            self._indexing.cancel()
            await asyncio.gather(self._indexing, return_exceptions=True)

    async def _complete(self, last: asyncio.Task[None] | None) -> None:
        if last is not None:
            await asyncio.gather(last, return_exceptions=True)
        partial, self._percent, self._failed = self.knowledge, 0, None
        log.warning("%s: its questions are being indexed; until then they are matched by their words", self._name)
        try:
            whole = await partial.complete(self._progress)
        except Exception as error:
            told = str(error) if isinstance(error, VisavisError) else f"{type(error).__name__}: {error}"
            log.warning("%s: its questions cannot be indexed: %s", self._name, told)
            self._failed = f"its questions cannot be indexed: {told}"
            return
        async with self._reloading:
            if self.knowledge is partial:
                self.knowledge = whole
                log.warning("%s: its questions are indexed", self._name)

    def _progress(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if percent // TOLD_PERCENT > self._percent // TOLD_PERCENT:
            log.warning("%s: %d %% of its questions are indexed", self._name, percent)
        self._percent = percent
