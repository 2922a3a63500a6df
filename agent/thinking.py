"""Who may answer what no entry answers: a language model, or somebody else's service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agent.question import Question
from knowledge.passages import Passage
from visavis.words import Reply


class Thinks(Protocol):
    """Makes answers up. It never raises what it can step over."""

    sees: bool
    """Whether it takes pictures."""

    async def answer(self, question: Question, passages: Sequence[Passage]) -> Reply | None:
        """The reply once its first sentence is there; None when there is none in time."""
        ...
