"""Something wrong, or that looks wrong, in a knowledge file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from visavis.config import Document
from visavis.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Problem:
    """An error keeps the file from being used, a warning does not; `str()` is `path:line: key: problem; remedy`."""

    severity: Literal["error", "warning"]
    path: Path
    line: int
    key: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: " + (f"{self.key}: " if self.key else "")
        return f"{where}{self.problem}; {self.remedy}"


def refusal(error: ConfigError) -> Problem:
    """What keeps a file from being used."""
    return Problem("error", error.path, error.line, error.key, error.problem, error.remedy)


def warning(document: Document, key: str, problem: str, remedy: str) -> Problem:
    """What looks wrong at `key` of a file."""
    return Problem("warning", document.path, document.line_of(key), key, problem, remedy)
