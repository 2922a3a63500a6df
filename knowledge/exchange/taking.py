"""Taking in what a file brings: into a new knowledge file, or into the library that is there, all of it or nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.editing.draft import Change, Done, Draft
from knowledge.editing.editor import Editor
from knowledge.editing.faults import EditError
from knowledge.editing.kinds import Record, key_of
from knowledge.editing.plan import Plan
from knowledge.editing.shelf import Shelf, take
from knowledge.exchange.contents import Incoming, Row, canonical
from knowledge.exchange.faults import Fault
from knowledge.normalise import normalise
from visavis.errors import ConfigError

WHO = "kb import"


@dataclass(slots=True)
class Taken:
    """What became of the rows; `files` are pictures and sounds that came along. Empty lists where nothing was done."""

    into: Path
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    written: bool = False


def merge(
    found: Incoming, library: str, folder: Path, logs: Path, *, file: str | None, skip_bad: bool, dry_run: bool
) -> Taken:
    """Put rows into a library that is there: records of the same id are replaced, others added at the end.

    What the format cannot say of a record stays as it is. `file`: where new records are put, else the first file that
    has the section; `logs`: where edits are recorded, so that this one can be taken back. Raises EditError.
    """
    shelf = take(library, folder)
    taken = Taken(
        folder / file if file else shelf.parts[0][0].path, refused=list(found.faults), notes=list(found.notes)
    )
    if found.about:
        taken.notes.append("fallback, thresholds and switches of the knowledge base stay as they are")
    if taken.refused and not skip_bad:
        return taken
    rows = [_resolved(row, shelf) for row in found.rows]
    before = {(kind, each[key_of(kind)]): each for kind in {row.kind for row in rows} for each in shelf.records(kind)}
    changes = [Change(row.kind, _name(row), _making(row), file=file) for row in rows]
    with _files(found.files, folder, taken, dry_run):
        if taken.refused and not skip_bad:
            return taken
        try:
            if dry_run:
                done = _tried(shelf, changes)
            else:
                done = Editor(folder, logs).edit(library, changes, WHO, atomic=not skip_bad)
        except EditError as error:
            if error.row is None:
                raise
            done = [error]
            rows = [rows[error.row]]
        _count(rows, done, before, taken)
        refused = any(isinstance(each, EditError) for each in done)
        taken.written = not dry_run and bool(done) and not (refused and not skip_bad)
        if not taken.written and not dry_run:
            taken.added, taken.changed, taken.unchanged = [], [], []
    return taken


def create(
    found: Incoming, data: Callable[[Sequence[Row]], dict[str, Any]], path: Path, *, skip_bad: bool, dry_run: bool
) -> Taken:
    """Write a knowledge file that is not there yet; `data` makes its content of the rows. Raises ConfigError."""
    from knowledge.exchange.newfile import placed, text, verified

    taken = Taken(path, refused=list(found.faults), notes=list(found.notes))
    rows = list(found.rows)
    while not taken.refused or skip_bad:
        raw = text(data(rows)).encode()
        try:
            verified(path, raw)
        except ConfigError as error:
            at = placed(rows, error)
            if at is None:
                raise
            taken.refused.append(_fault(rows.pop(at), error.key, error.problem, error.remedy))
            continue
        with _files(found.files, path.parent, taken, dry_run):
            taken.added = [_name(row) for row in rows]
            if not dry_run and not (taken.refused and not skip_bad):
                _written(path, raw)
                taken.written = True
        break
    return taken


def _resolved(row: Row, shelf: Shelf) -> Row:
    """A row without an id of its own takes that of the entry that asks the same, and no other's."""
    if row.named or row.kind not in ("faq", "keywords", "greetings"):
        return row
    asked = {normalise(each) for each in _texts(row.record.get("ask"))}
    taken = {each["id"] for each in shelf.records(row.kind)}
    for each in shelf.records(row.kind):
        if asked & {normalise(ask) for ask in _texts(each.get("ask"))}:
            return _called(row, each["id"])
    name, number = _name(row), 2
    while name in taken and asked:
        name, number = f"{_name(row)}-{number}", number + 1
    return _called(row, name)


def _called(row: Row, name: str) -> Row:
    record = {**row.record, "id": name}
    return Row(row.kind, record, row.row, row.held, row.named, row.sheet)


def _making(row: Row) -> Callable[[Record | None], Record | None]:
    def make(current: Record | None) -> Record | None:
        if current is None:
            return row.record
        new = _kept(row, current)
        return current if canonical(row.kind, new) == canonical(row.kind, current) else new

    return make


def _kept(row: Row, current: Record) -> Record:
    """The row's record, with what its file cannot say as it is now."""
    if row.held is None:
        return row.record
    found = dict(row.record)
    for key, value in current.items():
        if isinstance(value, dict):
            inner = {name: each for name, each in value.items() if f"{key}.{name}" not in row.held}
            if inner:
                found[key] = {**inner, **found.get(key, {})}
        elif key not in row.held:
            found[key] = value
    return canonical(row.kind, found)


def _tried(shelf: Shelf, changes: Sequence[Change]) -> list[Done | EditError]:
    """What the changes would do. Raises EditError."""
    draft = Draft(shelf)
    done: list[Done | EditError] = []
    for row, change in enumerate(changes):
        try:
            done.append(draft.apply(change, row))
        except EditError as error:
            done.append(error)
    try:
        Plan(shelf, draft.patches()).check()
    except ConfigError as error:
        row_of = draft.row_of(error)
        raise EditError("invalid", error.problem, error.remedy, where=error.key, row=row_of) from error
    return done


def _count(
    rows: Sequence[Row], done: Sequence[Done | EditError], before: dict[tuple[str, str], Record], taken: Taken
) -> None:
    for row, each in zip(rows, done, strict=True):
        if isinstance(each, EditError):
            taken.refused.append(_fault(row, each.where, each.problem, each.remedy))
        elif each.created:
            taken.added.append(each.id)
        else:
            same = before.get((row.kind, each.id)) == each.record
            (taken.unchanged if same else taken.changed).append(each.id)


def _fault(row: Row, key: str, problem: str, remedy: str) -> Fault:
    column = key.rpartition("].")[2] if "]." in key else key
    return Fault(row.row, column, problem, remedy, row.sheet)


def _name(row: Row) -> str:
    return str(row.record[key_of(row.kind)])


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


# ── files ──
@contextmanager
def _files(files: dict[str, bytes], folder: Path, taken: Taken, dry_run: bool) -> Iterator[None]:
    """The pictures and sounds in their places, and gone again unless something was written."""
    missing: dict[Path, bytes] = {}
    for name, raw in sorted(files.items()):
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            taken.refused.append(Fault(1, name, "it would be put outside of the folder", "make its folder a plain one"))
        elif path.exists() and (not path.is_file() or path.read_bytes() != raw):
            taken.refused.append(Fault(1, name, "another file of that name is there", "rename one of the two"))
        elif not path.exists():
            missing[path] = raw
    taken.files = sorted(files) if not taken.refused else []
    made: list[Path] = []
    try:
        if not dry_run and not taken.refused:
            for path, raw in missing.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                _written(path, raw)
                made.append(path)
        yield
    finally:
        if not taken.written:
            for path in made:
                path.unlink(missing_ok=True)


def _written(path: Path, raw: bytes) -> None:
    """A new file, whole or not at all. Raises ConfigError where it cannot be written, or is there by now."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        part.write_bytes(raw)
        os.link(part, path)
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise ConfigError(path, 1, "", reason, "name another file, or check the rights of the folder") from error
    finally:
        part.unlink(missing_ok=True)
