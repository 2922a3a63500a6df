"""Edits of the pronunciation lexicon: one entry at a time, in the files, with comments and order kept."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avatars.voices.lexicon_file import BYTES, LexiconEntry, combined, files
from knowledge.editing import EditError, emit
from knowledge.editing.faults import place
from knowledge.editing.files import Replacing, sole_writer
from knowledge.editing.weave import patched, weave
from visavis.config import Document, build, contents, parsed
from visavis.errors import ConfigError

Record = dict[str, Any]
Make = Callable[[Record | None], Record | None]
"""From an entry as it is, None where there is none, to what it becomes; None takes it away. May raise EditError."""
FIRST = "house.yaml"
"""The file that is made where there is none."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An entry after an edit, None where it is gone; whether it is new."""

    record: Record | None
    created: bool


class LexiconDesk:
    """Reads and writes the files of one folder; for use beside the event loop. Methods raise EditError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._good: list[Record] | None = None
        with suppress(EditError):
            self.records()

    def records(self) -> list[Record]:
        """Every entry as it is written, with the language of its file where it names none.

        While a file is broken it is those that the voices go by: of before.
        """
        try:
            self._good = [each for document, _ in self._read() for each in _told(document)]
        except EditError:
            if self._good is None:
                raise
        return self._good

    def edit(self, name: str, make: Make, *, file: str | None = None) -> Edited:
        """Make an entry what `make` says; a new one is put at the end of `file`, or of the first file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with sole_writer(self._folder):
            parts = self._read()
            found = _find(parts, name)
            current = None if found is None else _told(parts[found[0]][0])[found[1]]
            record = make(current)
            if record is None:
                assert found is not None
                self._write(parts, found[0], lambda entries: entries.pop(found[1]))
                return Edited(None, created=False)
            if found is not None:
                short = _short(parts[found[0]][0], found[1], _checked(record))
                self._write(parts, found[0], lambda entries: entries.__setitem__(found[1], short))
                return Edited(record, created=False)
            record = {"id": record.get("id") or _new_id(record, _ids(parts)), **record}
            if record["id"] in _ids(parts):
                problem = f"{record['id']!r} is there already"
                raise EditError("exists", problem, "give it another id, or change it", where="id")
            _checked(record)
            at = self._file(parts, file)
            self._write(parts, at, lambda entries: entries.append(record))
            return Edited(record, created=True)

    def _read(self) -> list[tuple[Document, bytes]]:
        try:
            raw = [(path, contents(path, BYTES)) for path in files(self._folder)]
            parts = [(parsed(path, each, BYTES), each) for path, each in raw]
            combined([document for document, _ in parts])
        except ConfigError as error:
            problem = f"the lexicon cannot be used as it stands: {error.problem}"
            raise EditError("broken", problem, error.remedy, where=place(error)) from error
        return parts

    def _file(self, parts: list[tuple[Document, bytes]], named: str | None) -> int:
        if not parts:
            path, raw = self._folder / FIRST, b"lexicon: house\nentries: []\n"
            try:
                path.write_bytes(raw)
            except OSError as error:
                problem = f"{FIRST} cannot be made: {error.strerror}"
                raise EditError("broken", problem, "check the rights of the folder") from error
            parts.append((parsed(path, raw), raw))
        names = [document.path.name for document, _ in parts]
        if named is not None and named not in names:
            problem = f"{named[:80]!r} is no file of the lexicon"
            raise EditError("invalid", problem, f"use one of: {', '.join(names)}", where="file")
        return names.index(named) if named is not None else 0

    def _write(self, parts: list[tuple[Document, bytes]], at: int, change: Callable[[list[Record]], object]) -> None:
        document, raw = parts[at]
        data = copy.deepcopy(document.data)
        change(data.setdefault("entries", []))
        try:
            text = raw.decode("utf-8-sig")
            new = patched(text, weave(document.path, text, document.data, data)).encode()
            others = [other for place_, (other, _) in enumerate(parts) if place_ != at]
            combined([*others, parsed(document.path, new, BYTES)])
        except ConfigError as error:
            raise EditError("invalid", error.problem, error.remedy, where=place(error)) from error
        with Replacing({document.path: new}) as replacing:
            replacing.commit()


def _entries(document: Document) -> list[Record]:
    found: list[Record] = document.data.get("entries") or []
    return found


def _told(document: Document) -> list[Record]:
    language = document.data.get("language")
    common = {"language": language} if language else {}
    entries = copy.deepcopy(_entries(document))
    return [{"id": each["id"], "grapheme": each["grapheme"], **common, **each} for each in entries]


def _short(document: Document, row: int, record: Record) -> Record:
    """The record as the file needs it: without a language that the file has for all and that was not written before."""
    if "language" in _entries(document)[row] or record.get("language") != document.data.get("language"):
        return record
    return {key: value for key, value in record.items() if key != "language"}


def _find(parts: list[tuple[Document, bytes]], name: str) -> tuple[int, int] | None:
    for at, (document, _) in enumerate(parts):
        for row, each in enumerate(_entries(document)):
            if each["id"] == name:
                return at, row
    return None


def _ids(parts: list[tuple[Document, bytes]]) -> Container[str]:
    return {each["id"] for document, _ in parts for each in _entries(document)}


def _checked(record: Record) -> Record:
    """The record, when it can stand in a file. Raises EditError with the key that is wrong."""
    try:
        text = "\n".join(emit.lines(record, 0))
        parsed(Path("entry"), text.encode() + b"\n")
        build(LexiconEntry, Document(Path("entry"), record, {}))
    except ConfigError as error:
        raise EditError("invalid", error.problem, error.remedy, where=error.key) from None
    except (UnicodeEncodeError, RecursionError):
        raise EditError("invalid", "a text in it cannot be written", "write plain texts") from None
    return record


def _new_id(record: Record, taken: Container[str]) -> str:
    """An id made of the grapheme."""
    plain = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", str(record.get("grapheme", ""))).lower()).strip("-_")
    base = plain[:40] or "entry"
    found, number = base, 2
    while found in taken:
        found, number = f"{base}-{number}", number + 1
    return found
