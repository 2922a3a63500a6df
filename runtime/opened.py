"""A knowledge base opened by itself, as the operator's tools need it: no voice, no face, no model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from knowledge.cache import Done, nobody
from knowledge.knowledge import Knowledge
from knowledge.library import files, load_file
from runtime.parts import embedder_class
from runtime.settings import Installation
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.config import read, suggest
from visavis.engines import Context, Embedder
from visavis.errors import ConfigError, SetupError


@asynccontextmanager
async def opened_file(folder: Path, path: Path, done: Done = nobody) -> AsyncIterator[Knowledge]:
    """One file as a knowledge base, with the embedder that `app.yaml` in `folder` names. Raises VisavisError.

    Here as below `done` is told how many texts are embedded, of how many.
    """
    language = load_file(path).language
    async with embedder_for(Installation(folder, required=False, with_dialogs=False), language) as (context, embedder):
        yield await Knowledge.open_file(path, context, embedder, done=done)


def opened_dialog(folder: Path, name: str | None, done: Done = nobody) -> AbstractAsyncContextManager[Knowledge]:
    """What a dialog knows; without a name the first. Raises VisavisError."""
    installation = Installation(folder)
    dialog = installation.dialog(name)
    return _opened(installation, dialog.knowledge, dialog.language, done)


def opened(folder: Path, which: str, done: Done = nobody) -> AbstractAsyncContextManager[Knowledge]:
    """The knowledge base of a file's path, of a dialog's name or of a library's name. Raises VisavisError."""
    path = Path(which)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return opened_file(folder, path, done)
    installation = Installation(folder, required=False)
    if which in installation.dialogs:
        return opened_dialog(folder, which, done)
    languages = _libraries(folder / "knowledge")
    if which in languages:
        return _opened(installation, (which,), languages[which], done)
    if path.is_dir():
        raise ConfigError(path, 1, "", "this is a folder", "name one file in it")
    names = sorted({*installation.dialogs, *languages})
    remedy = suggest(which, names) if names else "name a file, or a configuration folder with --config DIR"
    raise SetupError(f"there is no file, dialog or knowledge base {which!r}", remedy)


@asynccontextmanager
async def _opened(
    installation: Installation, names: tuple[str, ...], language: str, done: Done
) -> AsyncIterator[Knowledge]:
    async with embedder_for(installation, language) as (context, embedder):
        yield await Knowledge.open(names, installation.folder / "knowledge", context, embedder, done=done)


@asynccontextmanager
async def embedder_for(installation: Installation, language: str) -> AsyncIterator[tuple[Context, Embedder]]:
    """The language's embedder and what it was made with, closed at the end. Raises VisavisError."""
    launcher = LocalLauncher(LoopClock())
    try:
        found, choice = embedder_class(language, installation)
        context = Context(language, launcher, Path(installation.app.cache.dir))
        embedder: Embedder = await found.open(context, **choice.options)
        try:
            yield context, embedder
        finally:
            await embedder.close()
    finally:
        await launcher.close()


def _libraries(folder: Path) -> dict[str, str]:
    """The names of the libraries in a folder, with their languages; a file that cannot be read is left out."""
    found: dict[str, str] = {}
    for path in files(folder) if folder.is_dir() else ():
        try:
            data = read(path).data
        except ConfigError:
            continue
        if isinstance(data, dict) and isinstance(data.get("knowledge"), str):
            found.setdefault(data["knowledge"], str(data.get("language", "en")))
    return found
