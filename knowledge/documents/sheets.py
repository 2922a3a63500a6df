"""Excel workbooks: each sheet a heading, each row a line that names its columns."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from knowledge.documents import tables
from knowledge.documents.blocks import Block, Unreadable, join

ROWS = 20_000
COLUMNS = 60
HEAD_LENGTH = 80
_SENTENCE = re.compile(r"[.!?;。！？；]$")
_CURRENCY = re.compile(r"\[\$([^\]-]+)|([€£¥$元])")
_DEFAULT_NAME = re.compile(r"^(?:sheet|tabelle|feuil|工作表|hoja)\s*\d*$", re.IGNORECASE)


def read(raw: bytes) -> list[Block]:
    """The blocks of an .xlsx file; of a formula the value that was saved with it. Raises Unreadable."""
    import openpyxl  # type: ignore[import-untyped]

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        blocks: list[Block] = []
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                blocks += _sheet(sheet)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(
            f"Excel's parts in it are broken ({type(error).__name__})", "save it again in Excel"
        ) from error
    return blocks


def _sheet(sheet: Any) -> Iterator[Block]:
    table: list[list[str]] = []
    bold: list[bool] = []
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS), 1):
        if number > ROWS:
            raise Unreadable(f"the sheet {sheet.title!r} has more than {ROWS:,} rows", "split it")
        cells = [written(each.value, getattr(each, "number_format", "")) for each in row]
        table.append(cells)
        filled = [each for each in row if each.value is not None]
        bold.append(len(filled) > 1 and all(each.font is not None and each.font.b for each in filled))
    blocks = [block for first, last in _parts(table) for block in _part(table[first:last], bold[first:last])]
    if blocks and not _DEFAULT_NAME.match(sheet.title):
        yield Block("heading", join([sheet.title]), 1)
    yield from blocks


def _parts(table: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Runs of rows between empty ones."""
    start = 0
    for at in range(len(table) + 1):
        if at == len(table) or not any(table[at]):
            if at > start:
                yield start, at
            start = at + 1


def _part(table: Sequence[list[str]], bold: Sequence[bool]) -> Iterator[Block]:
    """A table; lines of one cell above it are its heading, or a note."""
    at = 0
    while at < len(table) and sum(map(bool, table[at])) == 1:
        text = next(filter(None, table[at]))
        at += 1
        heading = at < len(table) and len(text) <= HEAD_LENGTH and not _SENTENCE.search(text)
        yield Block("heading", text, 2) if heading else Block("text", text)
    rest = [_from_first(table[at:], row) for row in table[at:]]
    yield from tables.rows(rest, True if rest and bold[at] else None)


def _from_first(table: Sequence[list[str]], row: list[str]) -> list[str]:
    """A row without the columns at the left that are empty in the whole table."""
    first = min(next(at for at, cell in enumerate(each) if cell) for each in table if any(each))
    return row[first:]


def written(value: Any, form: str = "") -> str:
    """A cell's value as it is read: dates as 2026-12-31, times as 09:30, per cent and currency as the format says."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case int() | float():
            return _number(value, form or "")
    return join([str(value)])


def _number(value: float, form: str) -> str:
    if "%" in form:
        return f"{value * 100:.6g} %"
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.12g}"
    if "0.00" in form and "." in text and len(text.rpartition(".")[2]) == 1:
        text += "0"
    sign = _CURRENCY.search(form)
    return f"{text} {(sign[1] or sign[2]).strip()}" if sign else text
