"""What an edit makes of the files, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.editing.files import digest
from knowledge.editing.log import Edit, Rewritten
from knowledge.editing.shelf import Shelf
from knowledge.editing.weave import Patch, patched
from knowledge.library import assemble, parts
from visavis.config import contents
from visavis.errors import ConfigError

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Plan:
    """The shelf that was read, and what to exchange in its files."""

    shelf: Shelf
    patches: Mapping[Path, list[Patch]]

    @cached_property
    def contents(self) -> dict[Path, bytes]:
        """The files that change, as they are to be."""
        found: dict[Path, bytes] = {}
        for path, patches in self.patches.items():
            raw = self.shelf.raw[path]
            mark = BOM if raw.startswith(BOM) else b""
            found[path] = mark + patched(raw.decode("utf-8-sig"), patches).encode()
        return found

    def check(self) -> None:
        """Raises ConfigError where the edited library could not be used."""
        assemble(parts(self.shelf.name, self.shelf.folder, {**self.shelf.raw, **self.contents}))

    def current(self) -> bool:
        """Whether the files to be replaced still hold what was read."""
        try:
            return all(contents(path) == self.shelf.raw[path] for path in self.contents)
        except ConfigError:
            return False

    def files(self) -> dict[str, Rewritten]:
        """For the log: what is exchanged where."""
        found: dict[str, Rewritten] = {}
        for path, patches in self.patches.items():
            raw = self.shelf.raw[path]
            text = raw.decode("utf-8-sig")
            hunks = [(each.start, text[each.start : each.end], each.text) for each in patches]
            found[path.name] = Rewritten(digest(raw), digest(self.contents[path]), hunks)
        return found


def taken_back(shelf: Shelf, edit: Edit) -> Plan | None:
    """What makes the files, to the byte, what they were before an edit; None where one was touched since."""
    found: dict[Path, list[Patch]] = {}
    paths = {path.name: path for path in shelf.raw}
    for name, file in edit.files.items():
        path = paths.get(name)
        if path is None or digest(shelf.raw[path]) != file.after:
            return None
        shift, found[path] = 0, []
        for at, old, new in file.hunks:
            found[path].append(Patch(at + shift, at + shift + len(new), old))
            shift += len(new) - len(old)
    return Plan(shelf, found)
