"""Answering."""

from __future__ import annotations

from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.leaves.leaf import Doing
from visavis.words import Utterance

PAUSE_S = 0.6
"""So long after a voice it is known whether it said something."""


class Reply(Doing):
    """Answer the newest question; a newer one takes its place, unless the body goes on speaking.

    A question that is typed or touched while somebody speaks is answered when the voice is over.
    """

    kind = "reply"

    class Parameters(Doing.Parameters):
        waits: bool = Field(default=False, description="Whether a question waits until nothing plays at all.")

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._waits = parameters.waits
        self._why = ""

    def update(self) -> Status:
        question = self.attention.question
        early = self._too_early(question)
        if question is not None and not early:
            self._why = f"a question came by {question.via}"
            self.attention.show("thinking")
            self.drop()
            self.attention.answering()
            self.start(self.body.answer())
            self.attention.show("idle")
        elif not self.started:
            return self.fail(early)
        return self.poll(self._why)

    def _too_early(self, question: Utterance | None) -> str:
        """Why nothing is answered yet; empty when it may be."""
        if question is None:
            return "nobody asks"
        if self.body.playing is not None if self._waits else self.attention.audible:
            return "a question waits for the end of what plays"
        if question.via != "voice" and not self.attention.hushed(PAUSE_S):
            return "a question waits until nobody speaks"
        return ""
