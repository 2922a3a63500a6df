"""Reading and editing knowledge for clients, and taking each edit into the running dialogs at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from knowledge.editing import KINDS, Change, Done, Edit, EditError, Editor, Shelf, Switch, etag
from knowledge.knowledge import Knowledge
from runtime.capabilities import without
from runtime.settings import Dialog

log = logging.getLogger(__name__)
T = TypeVar("T")
LIVE_S = 10.0
"""How long an answer waits until the edit is live; then it says that it is not yet."""


class Served(Protocol):
    """A dialog that is served, as far as it matters here."""

    settings: Dialog

    @property
    def knowledge(self) -> Knowledge:
        """What it knows now."""
        ...

    def warnings(self) -> list[str]:
        """What is off, for people."""
        ...


class Home(Protocol):
    """The house, as far as it matters here."""

    @property
    def dialogs(self) -> Mapping[str, Served]: ...

    async def take_in(self, library: str) -> bool:
        """Take a library's files as they are now; whether all that know it answer from them."""
        ...


class Desk:
    """One for the server. Methods raise EditError."""

    def __init__(self, folder: Path, logs: Path, home: Callable[[], Home]) -> None:
        self._editor, self._home = Editor(folder, logs), home
        self._writing = asyncio.Lock()
        self._loading: set[asyncio.Task[bool]] = set()

    async def names(self) -> list[str]:
        """The libraries that there are."""
        return await asyncio.to_thread(self._editor.names)

    async def open(self, library: str) -> Shelf:
        """What a library says now."""
        return await asyncio.to_thread(self._editor.open, library)

    async def log(self, library: str) -> list[Edit]:
        """The edits of a library, oldest first."""
        return await asyncio.to_thread(self._editor.log, library)

    async def edit(
        self, library: str, changes: Sequence[Change | Switch], who: str, *, atomic: bool = True
    ) -> tuple[list[Done | EditError], bool]:
        """What became of each change, and whether that is live."""
        for kind in {each.kind for each in changes}:
            self.supports(library, kind)
        rows = await self._write(lambda: self._editor.edit(library, changes, who, atomic=atomic))
        return rows, await self._live(library)

    async def undo(self, library: str, who: str, count: int) -> tuple[list[Edit], bool]:
        """The edits that were taken back, and whether that is live."""
        undone = await self._write(lambda: self._editor.undo(library, who, count))
        return undone, await self._live(library)

    def supports(self, library: str, kind: str) -> None:
        """Raises EditError where every dialog that knows the library has a brain that such records mean nothing to."""
        reasons = [without(each.settings, kind) for _, each in self.served(library)]
        if reasons and all(reasons):
            remedy = "use the library in a dialog that answers from it, or edit the file"
            raise EditError("unsupported", str(reasons[0]), remedy, where=kind)

    def served(self, library: str) -> list[tuple[str, Served]]:
        """The dialogs that know a library, by name."""
        return [(name, each) for name, each in self._home().dialogs.items() if library in each.settings.knowledge]

    async def knowledge(self, library: str) -> Knowledge:
        """What a dialog that knows the library answers from."""
        served = self.served(library)
        if not served:
            await self.open(library)
            problem = f"no dialog that is served knows {library!r}"
            raise EditError("unsupported", problem, "name it under `knowledge` in a dialog's file, or use `kb try`")
        return served[0][1].knowledge

    async def _write(self, work: Callable[[], T]) -> T:
        async with self._writing:
            return await asyncio.to_thread(work)

    async def _live(self, library: str) -> bool:
        taking = asyncio.create_task(self._home().take_in(library), name=f"take in {library}")
        self._loading.add(taking)
        taking.add_done_callback(self._done)
        done, _ = await asyncio.wait({taking}, timeout=LIVE_S)
        return bool(done) and taking.exception() is None and taking.result()

    def _done(self, taking: asyncio.Task[bool]) -> None:
        self._loading.discard(taking)
        if not taking.cancelled() and taking.exception() is not None:
            log.error("an edit is not live: %s", taking.exception())


def summary(shelf: Shelf) -> dict[str, Any]:
    """What there is of each kind."""
    return {kind: {"count": len(shelf.records(kind)), "enabled": shelf.enabled(kind)} for kind in KINDS}


def tag_of(shelf: Shelf, kind: str) -> str:
    """The tag of a section: all of its records and its switch."""
    return etag([shelf.enabled(kind), shelf.records(kind)])
