"""What is wrong with knowledge files, and what looks wrong: for `visavis kb check`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from knowledge.library import Part, assemble, files
from knowledge.lint import alike, lint
from knowledge.problem import Problem, refusal
from knowledge.schema import KnowledgeFile
from visavis.config import build, read
from visavis.engines import Embedder
from visavis.errors import ConfigError


class Checks:
    """Checks files at the local time `now`; each file is read once, also where it is a neighbour of another."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._read: dict[Path, Part | ConfigError] = {}

    def part(self, path: Path) -> Part:
        """One file that can be used, by itself and beside the other files of its library. Raises ConfigError."""
        part = self._part(path)
        assemble([part])
        assemble([*(each for each in self.library(part) if each is not part), part])
        return part

    def library(self, part: Part) -> list[Part]:
        """The files of the part's library that can be read, in their order."""
        own = part[0].path
        found: list[Part] = []
        for path in files(own.parent):
            if path.resolve() == own.resolve():
                found.append(part)
                continue
            try:
                other = self._part(path)
            except ConfigError:
                continue
            if other[1].knowledge == part[1].knowledge:
                found.append(other)
        return found if any(each is part for each in found) else [*found, part]

    def problems(self, path: Path) -> list[Problem]:
        """Everything wrong with one file, and what its words show, in order of line."""
        try:
            part = self.part(path)
        except ConfigError as error:
            return [refusal(error)]
        return sorted(lint(part, self.library(part), self._now), key=lambda each: each.line)

    async def alike(self, path: Path, embedder: Embedder, cache: Path) -> list[Problem]:
        """Questions of a file that can be used which mean nearly the same as others. Raises EngineError."""
        part = self.part(path)
        return await alike(part, self.library(part), self._now, embedder, cache)

    def _part(self, path: Path) -> Part:
        key = path.absolute()
        if key not in self._read:
            try:
                document = read(path)
                self._read[key] = document, build(KnowledgeFile, document)
            except ConfigError as error:
                self._read[key] = error
        found = self._read[key]
        if isinstance(found, ConfigError):
            raise found
        return found


def check(path: Path) -> list[Problem]:
    """Everything wrong with one file, by itself and beside the other files of its library, in order of line."""
    return Checks(datetime.now()).problems(path)
