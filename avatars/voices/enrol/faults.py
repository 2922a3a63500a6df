"""What can be wrong with an enrolment, told to whoever enrols."""

from __future__ import annotations

from visavis.errors import ClientError


class EnrolError(ClientError):
    """Something cannot be enrolled, approved or used. `code` is that of the REST answer.

    `where` names the file or the field; `str()` is `where: problem; remedy`.
    """

    def __init__(self, code: str, problem: str, remedy: str, *, where: str = "") -> None:
        self.problem, self.remedy, self.where = problem, remedy, where
        super().__init__(
            code, f"{where}: {problem}; {remedy}" if where else f"{problem}; {remedy}", param=where or None
        )
