"""Tables of records: rows of cells into records and back, whatever file they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.editing.kinds import Record
from knowledge.exchange.columns import Column, column, columns, record
from knowledge.exchange.contents import Incoming, Row
from knowledge.exchange.faults import Fault
from visavis.config import suggest


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells as texts, and its number in the file."""

    number: int
    cells: Sequence[str]


def lines(kind: str, records: Sequence[Record]) -> Iterator[list[str]]:
    """The header, and a row for each record; of a skill, one for each intent."""
    known = columns(kind)
    yield [each.name for each in known]
    for each in records:
        if kind != "skills":
            yield [column.cell(each) for column in known]
            continue
        for intent in each["intents"]:
            yield [column.cell({"": each} if column.path[0] == "" else intent) for column in known]


def read(kind: str, table: Sequence[Line], into: Incoming, sheet: str = "") -> None:
    """Add the records of a table, whose first line is the header, to what comes in."""
    table = [each for each in table if any(cell.strip() for cell in each.cells)]
    if not table:
        return
    header = _header(kind, table[0], into, sheet)
    if header is None:
        return
    held = frozenset(".".join(filter(None, each.path)) for each in header if each)
    if kind == "skills":
        _skills(header, table[1:], into, sheet)
        return
    rows: list[Row] = []
    for line in table[1:]:
        made = record(_pairs(header, line))
        if (
            rows
            and made.get("id")
            and rows[-1].record.get("id") == made["id"]
            and _another_wording(rows[-1].record, made)
        ):
            continue
        rows.append(Row(kind, made, line.number, held, sheet=sheet))
    into.rows += rows


def _header(kind: str, line: Line, into: Incoming, sheet: str) -> list[Column | None] | None:
    header: list[Column | None] = []
    for cell in line.cells:
        found = column(kind, cell) if cell.strip() else None
        if cell.strip() and found is None:
            remedy = suggest(cell.strip().lower(), [each.name for each in columns(kind)])
            into.faults.append(Fault(line.number, cell.strip(), "there is no such column", remedy, sheet))
            return None
        if found is not None and found.form != "texts" and found in header:
            into.faults.append(Fault(line.number, cell.strip(), "the column is there twice", "remove one", sheet))
            return None
        header.append(found)
    return header


def _pairs(header: Sequence[Column | None], line: Line) -> list[tuple[Column, str]]:
    return [(column, cell) for column, cell in zip(header, line.cells, strict=False) if column is not None]


def _another_wording(before: Record, more: Record) -> bool:
    """Whether a row only asks the same entry in other words; then they are added to it."""
    if not more.get("ask") or any(more[key] != before.get(key) for key in more if key not in ("ask", "id")):
        return False
    asks = [
        each for part in (before.get("ask"), more["ask"]) for each in ([part] if isinstance(part, str) else part or [])
    ]
    before["ask"] = list(dict.fromkeys(asks))
    return True


def _skills(header: Sequence[Column | None], table: Sequence[Line], into: Incoming, sheet: str) -> None:
    """Rows of one skill, wherever they stand, are its intents; what it is itself is said in any of them."""
    skills: dict[str, tuple[Record, int]] = {}
    for line in table:
        pairs = _pairs(header, line)
        own = record(
            [(Column(each.name, each.path[1:], each.form), cell) for each, cell in pairs if each.path[0] == ""]
        )
        intent = record([(each, cell) for each, cell in pairs if each.path[0] != ""])
        if not isinstance(own.get("id"), str):
            into.faults.append(Fault(line.number, "skill", "the row names no skill", "write the skill's id", sheet))
            continue
        skill, _ = skills.setdefault(own["id"], ({"id": own["id"], "intents": []}, line.number))
        for key, value in own.items():
            if skill.setdefault(key, value) != value:
                problem = f"{value!r} is not what a row above says of the skill"
                into.faults.append(Fault(line.number, f"skill {key}", problem, "write the same in all its rows", sheet))
        skill["intents"].append(intent)
    into.rows += [Row("skills", skill, row, sheet=sheet) for skill, row in skills.values()]


def section(value: Any) -> str:
    """What a sheet's name says, to compare it with a kind's."""
    return str(value).strip().lower()
