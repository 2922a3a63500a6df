"""What a dialog's file says of how feelings give way to the situation."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from behaviors.tact import YIELDING, Plight, Rule, Told
from visavis.config import Strict
from visavis.words import FELT, Emotion


class TactRule(Strict):
    """Shown in place of a sentence's own feeling; rules of a dialog go before the shipped ones."""

    visitor: tuple[Plight, ...] = Field(default=(), description="How the visitor is, by the words of the question.")
    answer: tuple[Told, ...] = Field(default=(), description="What the sentence tells.")
    instead_of: tuple[Emotion, ...] = Field(default=YIELDING, description="The feelings that give way.")
    show: Emotion
    at: float = Field(default=FELT, ge=0, le=1, description="How strongly.")

    @model_validator(mode="after")
    def _about_something(self) -> Self:
        if not self.visitor and not self.answer:
            raise ValueError("the rule names neither a visitor nor an answer; add `visitor: [complaint]`")
        return self

    @property
    def rule(self) -> Rule:
        """The same for `behaviors`."""
        return Rule(self.show, self.at, self.visitor, self.answer, self.instead_of)
