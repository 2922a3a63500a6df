"""Why an edit is not made."""

from __future__ import annotations

from typing import Literal

from visavis.errors import ConfigError, VisavisError

Code = Literal["not_found", "exists", "stale", "invalid", "broken", "unsupported", "changed_since", "busy"]


class EditError(VisavisError):
    """An edit is refused and nothing was changed.

    `code`: not_found | exists | stale (edited since it was read) | invalid (what it says) | broken (the files as they
    stand) | unsupported | changed_since (what an undo would undo) | busy (somebody else is writing). `where`: the key
    in what was sent, or `file:line: key`. `row`: which of several changes it is.
    """

    def __init__(self, code: Code, problem: str, remedy: str, *, where: str = "", row: int | None = None) -> None:
        self.code: Code = code
        self.problem, self.remedy, self.where, self.row = problem, remedy, where, row
        super().__init__(f"{where}: {problem}; {remedy}" if where else f"{problem}; {remedy}")


def place(error: ConfigError) -> str:
    """Where a file is wrong, without the folder that it lies in."""
    return f"{error.path.name}:{error.line}: {error.key}" if error.key else f"{error.path.name}:{error.line}"
