"""What the files of a library say at one moment, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.editing.faults import EditError, place
from knowledge.editing.kinds import KINDS, Record, key_of
from knowledge.library import Part, files, names, parts
from visavis.config import contents, suggest
from visavis.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library as its files say it; what is returned is not to be changed."""

    name: str
    folder: Path
    parts: tuple[Part, ...]
    raw: Mapping[Path, bytes]

    @property
    def language(self) -> str:
        return self.parts[0][1].language

    def records(self, kind: str) -> list[Record]:
        """All records of a kind, in order of the files."""
        return [each for document, _ in self.parts for each in items(document.data, kind)]

    def get(self, kind: str, name: str) -> Record:
        """A record by its id. Raises EditError."""
        for each in self.records(kind):
            if each[key_of(kind)] == name:
                return each
        raise missing(kind, name)

    def enabled(self, kind: str) -> bool:
        """Whether the section is switched on."""
        return all(stated for _, stated in self.switches(kind))

    def switches(self, kind: str) -> Iterator[tuple[Path, bool]]:
        """The files that say whether a section is on, and what they say."""
        for document, _ in self.parts:
            section = document.data.get(kind)
            if isinstance(section, dict) and "enabled" in section:
                yield document.path, section["enabled"]

    def counts(self) -> dict[str, int]:
        """How many records there are of each kind."""
        return {kind: len(self.records(kind)) for kind in KINDS}


def items(data: dict[str, Any], kind: str) -> list[Record]:
    """The records of a kind in one file's data."""
    section: Any = data.get(kind) or []
    found: list[Record] = section if isinstance(section, list) else section.get("items", [])
    return found


def missing(kind: str, name: str) -> EditError:
    """The error of a record that is not there."""
    return EditError("not_found", f"there is no {name[:80]!r} in {kind}", "list the ids of the section")


def take(name: str, folder: Path) -> Shelf:
    """The library of that name as it stands on the disk. Raises EditError."""
    try:
        raw = {path: contents(path) for path in files(folder)} if folder.is_dir() else {}
        found = parts(name, folder, raw)
    except ConfigError as error:
        known = names(folder)
        if name not in known:
            remedy = suggest(name[:80], known) if known else "write its file first"
            raise EditError("not_found", f"there is no knowledge base {name[:80]!r}", remedy) from error
        problem = f"the knowledge base cannot be used as it stands: {error.problem}"
        raise EditError("broken", problem, error.remedy, where=place(error)) from error
    return Shelf(name, folder, tuple(found), raw)
