"""Tells when knowledge files or their documents change, once a burst of edits is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from knowledge.fields import DOCUMENTS

SUFFIXES = (".yaml", ".yml", *DOCUMENTS)
QUIET_MS = 200


Stamp = frozenset[tuple[str, int, int, int]]


def stamp(folder: Path) -> Stamp:
    """The files that matter as they stand now: two that are equal say that nothing was changed in between."""
    found: set[tuple[str, int, int, int]] = set()
    for path in folder.rglob("*"):
        if path.name.endswith(SUFFIXES):
            with suppress(OSError):  # it may just have gone
                status = path.stat()
                found.add((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return frozenset(found)


async def watch(folder: Path, stop: asyncio.Event | None = None) -> AsyncIterator[frozenset[Path]]:
    """The files that changed, came or went, each time `folder` has been quiet for 200 ms; ends when `stop` is set.

    The folder is watched, not the files: editors replace a file rather than write into it. One that is not there yet is
    waited for.
    """
    from watchfiles import Change, awatch

    def ours(_: Change, path: str) -> bool:
        return path.endswith(SUFFIXES) and not Path(path).name.startswith(".")

    while stop is None or not stop.is_set():
        try:
            async for changes in awatch(folder, watch_filter=ours, debounce=1_600, step=QUIET_MS, stop_event=stop):
                yield frozenset(Path(path) for _, path in changes)
            return
        except FileNotFoundError:
            if not await asyncio.to_thread(folder.parent.is_dir):
                return
        await _made(folder, stop)
        paths = await asyncio.to_thread(lambda: list(folder.rglob("*")))
        if found := frozenset(path for path in paths if ours(Change.added, str(path))):
            yield found


async def _made(folder: Path, stop: asyncio.Event | None) -> None:
    """Return when the folder is there, in one that is."""
    from watchfiles import awatch

    async for _ in awatch(folder.parent, step=QUIET_MS, stop_event=stop, recursive=False, yield_on_timeout=True):
        if await asyncio.to_thread(folder.is_dir):
            return
