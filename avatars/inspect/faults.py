"""What makes a recording impossible to look at."""

from __future__ import annotations

from visavis.errors import ClientError


class FootageError(ClientError):
    """The file cannot be looked at: `str()` is `file: problem; remedy`."""

    def __init__(self, where: str, problem: str, remedy: str, *, code: str = "invalid") -> None:
        self.where, self.problem, self.remedy = where, problem, remedy
        super().__init__(code, f"{where}: {problem}; {remedy}", param=where)
