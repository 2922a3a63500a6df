"""The behaviour trees that dialogs use, as their files are edited: the newest of each that can be used."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from behaviors.trees.loading import Tree, load_tree
from knowledge.watch import Stamp, stamp
from visavis.errors import VisavisError

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""An edit is taken when the files have stood still from one look to the next."""


class Trees:
    """One for the server. A session asks for `current` on every tick, and exchanges its tree when it is idle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bad_edits: dict[str, str] = {}
        """Why the newest edit of a tree is not used, by the tree's name."""
        self._known: dict[str, Tree] = {}

    def open(self, name: str) -> Tree:
        """The tree of that name, read if nobody has. Raises ConfigError for its file, SetupError if there is none."""
        if name not in self._known:
            self._known[name] = load_tree(name, self.folder)
        return self._known[name]

    def current(self, name: str) -> Tree:
        """The newest version of a tree that was opened."""
        return self._known[name]

    def warnings(self) -> list[str]:
        """What is off, for people."""
        return [f"tree {name}: {problem}" for name, problem in sorted(self.bad_edits.items())]

    async def follow(self) -> None:
        """Take edits until cancelled. The folder may come later, go and come back."""
        taken: Stamp | None = None
        seen = await asyncio.to_thread(stamp, self.folder)
        while True:
            await asyncio.sleep(LOOK_S)
            now = await asyncio.to_thread(stamp, self.folder)
            if now == seen and now != taken:
                taken = await self._take(now)
            seen = now

    async def reload(self) -> None:
        """Take the files as they are now; one that cannot be used is told, and its last good version stays."""
        for name in list(self._known):
            try:
                tree = await asyncio.to_thread(load_tree, name, self.folder)
            except VisavisError as error:
                self._refuse(name, str(error))
                continue
            self.bad_edits.pop(name, None)
            if tree != self._known[name]:
                self._known[name] = tree
                log.info("the tree %r was edited", name)

    async def _take(self, now: Stamp) -> Stamp:
        try:
            await self.reload()
        except Exception:
            log.exception("an edit of the trees is not used")
        return now

    def _refuse(self, name: str, problem: str) -> None:
        if self.bad_edits.get(name) != problem:
            self.bad_edits[name] = problem
            log.warning("an edit of the tree %r is not used, the last good version is: %s", name, problem)
