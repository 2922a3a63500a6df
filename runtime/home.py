"""What a dialog needs of the house that it lives in."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from runtime.lexicons import Lexicons
from runtime.settings import Installation
from runtime.trees import Trees
from visavis.clock import Clock
from visavis.engines import Context, Embedder, Launcher, Pool


class Home(Protocol):
    installation: Installation
    clock: Clock
    cache: Path
    launcher: Launcher
    faces: Pool
    lexicons: Lexicons
    trees: Trees

    @property
    def names(self) -> Collection[str]:
        """The dialogs that are served."""
        ...

    def context(self, language: str, phrases: tuple[str, ...] = ()) -> Context: ...

    async def embedder(self, language: str) -> Embedder: ...
