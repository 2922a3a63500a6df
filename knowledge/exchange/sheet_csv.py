"""CSV: one kind of record, a row each; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from knowledge.editing.kinds import Record
from knowledge.exchange import table
from knowledge.exchange.columns import column
from knowledge.exchange.contents import Incoming
from knowledge.exchange.faults import Fault

BOM = "\ufeff"
CELL = 1_000_000
"""Characters that a cell may have."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"-\d{1,9}")
_DELIMITERS = (",", ";", "\t")


def write(kind: str, records: Sequence[Record], bom: bool = False) -> bytes:
    """The records as CSV in UTF-8, with a byte order mark where Excel is to open it.

    A cell that a spreadsheet would take for a formula has an apostrophe before it, which `read` takes off again.
    """
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(
        [guarded(cell) for cell in line] for line in table.lines(kind, records)
    )
    return ((BOM if bom else "") + out.getvalue()).encode()


def read(raw: bytes, kind: str) -> Incoming:
    """The records of a CSV file, whichever of , ; and tab is between its cells."""
    found = Incoming()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        found.faults.append(Fault(row, "", "the file is not UTF-8 text", 'save it as "CSV UTF-8"'))
        return found
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        found.faults.append(Fault(row, "", "this is not a CSV file", "export it again from its program"))
        return found
    lines: list[table.Line] = []
    csv.field_size_limit(CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, kind), strict=True)
    try:
        lines += (table.Line(number, [unguarded(cell) for cell in cells]) for number, cells in enumerate(reader, 1))
    except csv.Error as error:
        found.faults.append(Fault(len(lines) + 1, "", f"this is not CSV: {error}", "check the quotes of this row"))
        return found
    if not lines:
        found.faults.append(Fault(1, "", "the file is empty", "begin with a row of column names, such as ask,say"))
    table.read(kind, lines, found)
    return found


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """What was written, of a cell that was guarded."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _delimiter(text: str, kind: str) -> str:
    """What stands between the column names of the first line."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")

    def known(delimiter: str) -> int:
        names = (each.strip().strip('"') for each in first.split(delimiter))
        return sum(column(kind, each) is not None for each in names)

    return max(_DELIMITERS, key=known)
