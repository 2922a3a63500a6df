"""Answering."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.leaves.leaf import Doing


class Reply(Doing):
    """Answer the newest question; a newer one takes its place, unless the body goes on speaking."""

    kind = "reply"

    class Parameters(Doing.Parameters):
        waits: bool = Field(default=False, description="Whether a question waits until nothing plays at all.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._waits = parameters.waits
        self._why = ""

    def update(self) -> Status:
        question = self.attention.question
        if question is not None and not self._too_early():
            self._why = f"a question came by {question.via}"
            self.attention.show("thinking")
            self.drop()
            self.attention.answering()
            self.start(self.body.answer())
            self.attention.show("idle")
        elif not self.started:
            return self.fail("nobody asks" if question is None else "a question waits for the end of what plays")
        return self.poll(self._why)

    def _too_early(self) -> bool:
        return self.body.playing is not None if self._waits else self.attention.audible
