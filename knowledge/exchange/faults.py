"""Why a row is not taken in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is refused: where, what is wrong, what to do. `row` counts as the file's program counts, from 1.

    `sheet` is that of a workbook, or the section of a file; `column` may be empty.
    """

    row: int
    column: str
    problem: str
    remedy: str
    sheet: str = ""

    def __str__(self) -> str:
        sheet = f"{self.sheet}, " if self.sheet else ""
        column = f", {self.column}" if self.column else ""
        return f"{sheet}row {self.row}{column}: {self.problem}; {self.remedy}"
