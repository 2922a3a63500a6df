"""Records that come in, checked one by one, with the column that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.editing.kinds import KINDS, key_of
from knowledge.exchange.contents import Incoming, Row, canonical
from knowledge.exchange.faults import Fault
from knowledge.exchange.naming import identifier, slug
from visavis.config import Document, Strict, build
from visavis.errors import ConfigError

Column = Callable[[str], str]
"""The column of a file that a record's key stands in."""
_RECORD = Path("record")


def refusal(model: type[Strict], record: Any, row: int, sheet: str = "", column: Column = str) -> Fault | None:
    """What is wrong with a record by itself, or None."""
    try:
        build(model, Document(_RECORD, record, {}))
    except ConfigError as error:
        return Fault(row, column(error.key), error.problem, error.remedy, sheet)
    return None


def checked(found: Incoming, column: Callable[[str, str], str] = lambda kind, key: key) -> Incoming:
    """Rows that can be used, each with an id and in its canonical form; the others as faults."""
    rows: list[Row] = []
    taken: dict[tuple[str, str], int] = {}
    named = {
        (row.kind, str(row.record.get(key_of(row.kind), ""))) for row in found.rows if isinstance(row.record, dict)
    }
    for row in found.rows:
        made = _with_id(row, lambda kind, name: (kind, name) in taken or (kind, name) in named)
        told = _column(column, row.kind)
        fault = refusal(KINDS[row.kind], made.record, row.row, row.sheet, told)
        key = key_of(row.kind)
        if fault is None and (name := (row.kind, made.record[key])) in taken:
            problem = f"{name[1]!r} is the {key} of row {taken[name]} too"
            fault = Fault(row.row, told(key), problem, "give it another, or put both into one row", row.sheet)
        if fault is not None:
            found.faults.append(fault)
            continue
        taken[row.kind, made.record[key]] = row.row
        rows.append(replace(made, record=canonical(row.kind, made.record)))
    found.rows = rows
    found.faults.sort(key=lambda each: (each.sheet, each.row))
    return found


def _column(column: Callable[[str, str], str], kind: str) -> Column:
    return lambda key: column(kind, key)


def _with_id(row: Row, is_taken: Callable[[str, str], bool]) -> Row:
    if row.kind == "documents" or not isinstance(row.record, dict):
        return row
    intents = row.record.get("intents")
    record = row.record
    if row.kind == "skills" and isinstance(intents, list):
        record = {**record, "intents": _named(intents)}
    if record.get("id"):
        return replace(row, record=record)
    name = identifier(first_words(record) or row.kind, _Taken(row.kind, is_taken))
    return replace(row, record={"id": name, **record}, named=False)


def _named(intents: list[Any]) -> list[Any]:
    taken = {each["id"] for each in intents if isinstance(each, dict) and isinstance(each.get("id"), str)}
    found: list[Any] = []
    for each in intents:
        if isinstance(each, dict) and not each.get("id"):
            name = identifier(first_words(each), taken)
            taken.add(name)
            each = {"id": name, **each}
        found.append(each)
    return found


class _Taken:
    """The ids of a kind that are taken."""

    def __init__(self, kind: str, is_taken: Callable[[str, str], bool]) -> None:
        self._kind, self._is_taken = kind, is_taken

    def __contains__(self, name: object) -> bool:
        return self._is_taken(self._kind, str(name))


def first_words(record: Mapping[str, Any]) -> str:
    """The text by which a record is named: its first question, words or answer."""
    for key in ("ask", "title", "any", "all", "say", "on"):
        value = record.get(key)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and value.strip():
            return value
    return ""


def library_name(text: str) -> str:
    """A name for a library, made of a file's or a category's."""
    return text if re.fullmatch(r"[\w-][\w.-]{0,63}", text) else slug(text) or "imported"
