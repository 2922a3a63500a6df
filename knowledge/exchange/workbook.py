"""XLSX: a sheet for each kind of record and one for the library; the same library always gives the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from knowledge.documents import archive
from knowledge.documents.blocks import Unreadable
from knowledge.documents.sniff import verify
from knowledge.editing.kinds import KINDS
from knowledge.exchange import table
from knowledge.exchange.contents import Contents, Incoming
from knowledge.exchange.faults import Fault
from visavis.errors import SetupError

LIBRARY = "library"
CELL = 32_767
"""Characters that Excel keeps of a cell."""
ROWS = 100_000
COLUMNS = 200
_STAMP = (1980, 1, 1, 0, 0, 0)
_TIME = datetime(1980, 1, 1)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"ask": 50, "say": 70, "text": 40, "title": 24, "when": 30, "any": 30}


def write(contents: Contents) -> bytes:
    """The library as a workbook. Raises SetupError where a text does not fit into a cell."""
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    book.remove(book.active)
    book.properties.creator, book.properties.created = "Visavis", _TIME
    _fill(book.create_sheet(LIBRARY), [["key", "value"], *_about(contents)])
    for kind in KINDS:
        if contents.records.get(kind):
            _fill(book.create_sheet(kind), table.lines(kind, contents.records[kind]))
    if len(book.worksheets) > 1:
        book.active = 1
    out = io.BytesIO()
    book.save(out)
    return _repacked(out.getvalue())


def _about(contents: Contents) -> Iterator[list[str]]:
    yield ["knowledge", contents.name]
    yield ["language", contents.language]
    for key, value in contents.about.items():
        if key == "fallback":
            says = value["say"]
            yield ["fallback", says if isinstance(says, str) else "\n".join(says)]
        elif key == "thresholds":
            yield from ([f"thresholds.{name}", str(number)] for name, number in value.items())
        else:
            yield [key, str(value).lower()]


def _fill(sheet: Any, lines: Any) -> None:
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    top = Alignment(vertical="top", wrap_text=True)
    for number, line in enumerate(lines, 1):
        for at, text in enumerate(line, 1):
            if not text:
                continue
            if len(text) > CELL:
                problem = f"{sheet.title}, row {number}: {len(text):,} characters do not fit into a cell of Excel"
                raise SetupError(problem, "export as JSON")
            if _ILLEGAL.search(text):
                problem = f"{sheet.title}, row {number}: {text[:40]!r} holds control characters"
                raise SetupError(problem, "remove them, or export as JSON")
            cell = sheet.cell(number, at, _ESCAPED.sub("_x005F_", text))
            cell.data_type, cell.number_format, cell.alignment = "s", "@", top
            if number == 1:
                cell.font = Font(bold=True)
                sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(text, 14)
    sheet.freeze_panes = "B2"


def _repacked(raw: bytes) -> bytes:
    """The same workbook without the time at which it was written."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(raw)) as made, ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name in made.namelist():
            part = made.read(name)
            if name == "docProps/core.xml":
                part = _MODIFIED.sub(rb"\g<1>" + _TIME.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            info = ZipInfo(name, _STAMP)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, part)
    return out.getvalue()


# ── reading ──
def read(raw: bytes, kind: str) -> Incoming:
    """The records of a workbook: of each sheet that is called like a kind, else of the first as records of `kind`."""
    import openpyxl

    found = Incoming()
    try:
        verify("file.xlsx", raw)
        archive.opened(raw).close()
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheets = {sheet.title: list(_lines(sheet)) for sheet in book.worksheets}
    except Unreadable as error:
        found.faults.append(Fault(1, "", error.problem, error.remedy))
        return found
    except Exception as error:
        problem = f"Excel's parts in it are broken ({type(error).__name__})"
        found.faults.append(Fault(1, "", problem, "save it again in Excel"))
        return found
    named = {title: table.section(title) for title in sheets}
    if not any(name in KINDS for name in named.values()):
        first = next((title for title, lines in sheets.items() if lines and named[title] != LIBRARY), None)
        named = {} if first is None else {first: kind}
        if first is None:
            found.faults.append(Fault(1, "", "the workbook is empty", "begin with a row of column names"))
    for title, name in named.items():
        if name == LIBRARY:
            _take_about(sheets[title], found)
        elif name in KINDS:
            table.read(name, sheets[title], found, sheet=title)
        elif sheets[title]:
            found.notes.append(f"the sheet {title!r} is left out; it is not called like a kind of record")
    return found


def _lines(sheet: Any) -> Iterator[table.Line]:
    for number, row in enumerate(sheet.iter_rows(max_col=COLUMNS, values_only=True), 1):
        if number > ROWS:
            raise Unreadable(f"the sheet {sheet.title!r} has more than {ROWS:,} rows", "split it")
        cells = [_text(value) for value in row]
        if any(cells):
            yield table.Line(number, cells)


def _text(value: Any) -> str:
    """What a cell says, as an operator would type it into a knowledge file."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat("T", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
    return _UNESCAPED.sub("_", str(value))


def _take_about(lines: list[table.Line], found: Incoming) -> None:
    """What the first sheet says of the library; unknown keys are left out with a remark."""
    for line in lines:
        key, value = [*line.cells, "", ""][:2]
        key = key.strip()
        if key == "knowledge":
            found.name = value.strip()
        elif key == "language":
            found.language = value.strip()
        elif key == "fallback":
            says = [text for each in value.splitlines() if (text := " ".join(each.split()))]
            found.about["fallback"] = {"say": says[0] if len(says) == 1 else says}
        elif key.startswith("thresholds."):
            number = _number(value)
            found.about.setdefault("thresholds", {})[key.removeprefix("thresholds.")] = number
        elif key.endswith(".enabled") and key.removesuffix(".enabled") in KINDS:
            found.about[key] = value.strip().lower() == "true"
        elif key != "key":
            found.notes.append(f"{LIBRARY}, row {line.number}: {key!r} is not known and left out")


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value
