"""Cases to evaluate with: a CSV file of questions and the entry that each should be answered by."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from visavis.errors import ConfigError

LIMIT = 64 * 1024 * 1024
"""Bytes that a file of cases may have."""
HEADER = "text,expected_id,kind"
NEEDED = ("text", "expected_id")


@dataclass(frozen=True, slots=True)
class Case:
    """A question; `expected_id` is empty where it is off the topic."""

    text: str
    expected_id: str = ""
    kind: str = ""
    line: int = 0


def read_cases(path: Path, known: Collection[str]) -> list[Case]:
    """The cases of a file, whose ids must be among `known`. Raises ConfigError with the line and the column.

    Columns are told by the first line, in any order; semicolons or tabs may stand between them.
    """
    lines = _text(path)
    found = list(_cases(path, lines, known))
    if not found:
        raise ConfigError(path, 1, "", "there is no case in this file", f"write {HEADER} and one question a line")
    return found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise ConfigError(path, 1, "", "there is no such file", "check the path") from error
    except IsADirectoryError as error:
        raise ConfigError(path, 1, "", "this is a folder", "name one file in it") from error
    except OSError as error:
        raise ConfigError(path, 1, "", f"the file cannot be read: {error.strerror}", "check its rights") from error
    if len(raw) > LIMIT:
        raise ConfigError(path, 1, "", f"the file is larger than {LIMIT:,} bytes", "split it")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "", "the file is not UTF-8 text", "save it as CSV UTF-8") from error


def _cases(path: Path, text: str, known: Collection[str]) -> Iterator[Case]:
    rows = _rows(path, text)
    line, first = next(rows, (1, []))
    columns = [each.strip().lower() for each in first]
    if not columns:
        raise ConfigError(path, 1, "", "the file is empty", f"begin with the line {HEADER}")
    for name in NEEDED:
        if columns.count(name) != 1:
            problem = f"the column {name} is {'given twice' if name in columns else 'missing'}"
            raise ConfigError(path, line, name, problem, f"begin with the line {HEADER}")
    for line, row in rows:
        if len(row) > len(columns):
            problem = f"the row has {len(row)} fields, the first line {len(columns)}"
            raise ConfigError(path, line, "", problem, "put a text that holds a comma in double quotes")
        values = dict(zip(columns, (each.strip() for each in row), strict=False))
        yield _case(path, line, values, known)


def _case(path: Path, line: int, values: dict[str, str], known: Collection[str]) -> Case:
    if not values.get("text"):
        raise ConfigError(path, line, "text", "the text is empty", "write the question, or remove the row")
    expected = values.get("expected_id")
    if expected is None:
        problem, remedy = "the row ends before this column", "add a comma; an empty id means off-topic"
        raise ConfigError(path, line, "expected_id", problem, remedy)
    if expected and expected not in known:
        raise ConfigError(path, line, "expected_id", f"no entry in use is {expected!r}", _nearest(expected, known))
    return Case(values["text"], expected, values.get("kind", ""), line)


def _nearest(expected: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(expected, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else "write the id of an entry, or none for an off-topic question"


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise ConfigError(path, line, "", f"this is not CSV: {error}", "check the quotes") from error
        if row is None:
            return
        if any(each.strip() for each in row):
            yield line, row


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)
