"""Everything that lives as long as the server: worker pools, embedders, dialogs."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import Self

from knowledge.watch import watch
from runtime.dialog import LiveDialog
from runtime.lexicons import Lexicons
from runtime.named_voices import NamedVoices
from runtime.parts import avatar_of, embedder_class
from runtime.sessions import Sessions
from runtime.settings import Dialog, Installation
from runtime.trees import Trees
from runtime.workers.pool import LocalLauncher
from visavis.clock import Clock
from visavis.engines import Context, Embedder, Launcher, Message, Pool, Stream
from visavis.errors import SetupError

log = logging.getLogger(__name__)

FACES = "runtime.workers.face:FaceService"
MANY = 1_000
"""Entries from which going through all that there is takes the garbage collector too long."""


class _Shared:
    """A pool that several engines use: the last one to close it ends its processes."""

    def __init__(self, starting: asyncio.Task[Pool]) -> None:
        self.starting = starting
        self.users = 0


class _Lent:
    """One engine's use of a shared pool."""

    def __init__(self, pool: Pool, give_back: Callable[[], Awaitable[None]]) -> None:
        self._pool = pool
        self._give_back: Callable[[], Awaitable[None]] | None = give_back

    async def open(self, message: Message) -> Stream:
        return await self._pool.open(message)

    async def close(self) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            await give_back()


class SharingLauncher:
    """A launcher that starts each service with the same options once, for as long as anybody uses it."""

    def __init__(self, launcher: LocalLauncher) -> None:
        self._launcher = launcher
        self._pools: dict[str, _Shared] = {}

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> Pool:
        key = f"{service} {workers} {sorted((options or {}).items())}"
        if key not in self._pools:
            starting = self._launcher.pool(service, workers=workers, options=options)
            self._pools[key] = _Shared(asyncio.create_task(starting, name=f"start {service}"))
        shared = self._pools[key]
        shared.users += 1
        try:
            return _Lent(await asyncio.shield(shared.starting), lambda: self._given_back(key, shared))
        except BaseException as error:
            shared.users -= 1
            if isinstance(error, Exception) and self._pools.get(key) is shared:
                del self._pools[key]
            raise

    async def _given_back(self, key: str, shared: _Shared) -> None:
        shared.users -= 1
        if not shared.users and self._pools.get(key) is shared:
            del self._pools[key]
            await shared.starting.result().close()

    async def close(self) -> None:
        """Close every pool, those too that are just starting."""
        starting = [each.starting for each in self._pools.values()]
        for each in starting:
            each.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        await self._launcher.close()


class House:
    """Open one, ask it for dialogs, close it; nothing is left then."""

    def __init__(self, installation: Installation, clock: Clock) -> None:
        self.installation, self.clock = installation, clock
        self.cache = Path(installation.app.cache.dir)
        self._local = LocalLauncher(clock)
        self._sharing = SharingLauncher(self._local)
        self.launcher: Launcher = self._sharing
        self.faces: Pool
        self.dialogs: dict[str, LiveDialog] = {}
        self.lexicons = Lexicons(installation.folder / "lexicon")
        self.trees = Trees(installation.folder / "behaviors")
        self.voices = NamedVoices(self)
        self.sessions = Sessions()
        self._embedders: dict[str, asyncio.Task[Embedder]] = {}
        self._following: asyncio.Future[tuple[None, None, None]] | None = None
        self._closed = False

    @classmethod
    async def open(
        cls,
        installation: Installation,
        clock: Clock,
        dialogs: Sequence[Dialog] | None = None,
        *,
        knowledge_file: Path | None = None,
        visitors: int | None = None,
        soon: bool = False,
    ) -> Self:
        """Start the workers and open the dialogs, all of the installation's unless told otherwise.

        With `knowledge_file` the dialogs know that file alone. For so many `visitors` there are workers; without a
        number for as many as the machine is measured to hold. With `soon` a first index of thousands of questions is
        left to `attend`. Raises VisavisError; then nothing is left open.
        """
        house = cls(installation, clock)
        try:
            chosen = list(dialogs or installation.dialogs.values()) or [installation.dialog(None)]
            house._make_cache()
            async with asyncio.TaskGroup() as group:
                faces = group.create_task(house.start_faces(chosen, visitors))
                for each in chosen:
                    group.create_task(house._open(each, knowledge_file, soon))
            house.faces = faces.result()
            house.dialogs = {each.dialog: house.dialogs[each.dialog] for each in chosen}
        except BaseExceptionGroup as errors:
            await house.close()
            raise errors.exceptions[0] from None
        except BaseException:
            await house.close()
            raise
        return house

    def _make_cache(self) -> None:
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"the cache folder {self.cache} cannot be made: {error.strerror}"
            raise SetupError(problem, "set cache.dir in app.yaml to a folder that can be written") from error

    async def _open(self, dialog: Dialog, knowledge_file: Path | None, soon: bool) -> None:
        self.dialogs[dialog.dialog] = await LiveDialog.open(self, dialog, knowledge_file=knowledge_file, soon=soon)

    async def start_faces(self, dialogs: Sequence[Dialog], visitors: int | None = None) -> Pool:
        """The processes that draw; the first dialog's avatar warms them up and shows how many they hold."""
        avatar = avatar_of(dialogs[0], self.installation)
        warm = {"avatar": str(avatar.folder), "renderer": avatar.renderer, "look": {}}
        workers, options = self.renderers(), {"warm": warm}
        if visitors is None:
            return await self.launcher.pool(FACES, workers=workers, options=options)
        workers = min(workers, visitors)
        return await self.launcher.pool(FACES, workers=workers, options=options | {"capacity": -(-visitors // workers)})

    @property
    def names(self) -> Collection[str]:
        """The dialogs that are served."""
        return self.dialogs

    def renderers(self) -> int:
        """How many processes draw: one a core unless the installation says otherwise."""
        wanted = self.installation.app.workers.renderers
        return wanted if isinstance(wanted, int) else _cores()

    def warnings(self) -> list[str]:
        """What is off, for `/readyz` and people."""
        found = [warning for dialog in self.dialogs.values() for warning in dialog.warnings()] + self.trees.warnings()
        return [*found, f"lexicon: {self.lexicons.bad_edit}"] if self.lexicons.bad_edit else found

    def attend(self) -> None:
        """Prepare the fixed answers, index and follow edits of files, in the background, until `close`."""
        for dialog in self.dialogs.values():
            dialog.attend()
        self._settle()
        self._following = asyncio.gather(self._follow(), self._follow_lexicon(), self.trees.follow())

    async def _follow(self) -> None:
        async for changed in watch(self.installation.folder / "knowledge"):
            log.info("changed: %s", ", ".join(sorted(path.name for path in changed)))
            for dialog in self.dialogs.values():
                try:
                    await dialog.reload()
                except Exception:
                    log.exception("%s: an edit is not used", dialog.name)
            self._settle()

    async def _follow_lexicon(self) -> None:
        async for _ in watch(self.lexicons.folder):
            try:
                await self.pronounce()
            except Exception:
                log.exception("an edit of the lexicon is not used")

    async def pronounce(self) -> bool:
        """Take the lexicon's files as they are now; whether every voice speaks by them."""
        if await self.lexicons.reload():
            for dialog in self.dialogs.values():
                dialog.repronounce()
        return self.lexicons.bad_edit is None

    def _settle(self) -> None:
        """Take what is here to stay out of the garbage collector's rounds, which a large library makes long."""
        if any(len(each.knowledge.faq()) > MANY for each in self.dialogs.values()):
            gc.collect(1)
            gc.freeze()

    async def take_in(self, library: str) -> bool:
        """Take the files of a library as they are now; whether all dialogs that know it answer from them."""
        knowing = [each for each in self.dialogs.values() if library in each.settings.knowledge]
        await asyncio.gather(*(each.reload() for each in knowing))
        return all(each.bad_edit is None for each in knowing)

    def context(self, language: str, phrases: tuple[str, ...] = ()) -> Context:
        return Context(language, self.launcher, self.cache, phrases)

    async def embedder(self, language: str) -> Embedder:
        """The language's embedder, loaded once for all dialogs that use it."""
        found, choice = embedder_class(language, self.installation)
        key = choice.model_dump_json()
        if key not in self._embedders:
            opening = found.open(self.context(language), **choice.options)
            self._embedders[key] = asyncio.create_task(opening, name=f"load {choice.engine}")
        return await asyncio.shield(self._embedders[key])

    async def close(self) -> None:
        """End everything that it started. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await self.voices.close()
        dialogs = await asyncio.gather(*(each.close() for each in self.dialogs.values()), return_exceptions=True)
        loaded = await asyncio.gather(*self._embedders.values(), return_exceptions=True)
        embedders = [each for each in loaded if not isinstance(each, BaseException)]
        engines = await asyncio.gather(*(each.close() for each in embedders), return_exceptions=True)
        await self._sharing.close()
        for problem in (*dialogs, *engines):
            if problem is not None:
                log.error("a part could not be closed: %s", problem)


def _cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
