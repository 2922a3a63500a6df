"""Asking for facts."""

from __future__ import annotations

from typing import Any, Self

from py_trees.common import Status
from pydantic import Field, model_validator

from behaviors.attention import EPSILON, FACTS, Attention
from behaviors.leaves.leaf import Leaf, Seconds
from behaviors.ports import Occasion, Urgency
from visavis.config import Strict
from visavis.words import Emotion, Mood


class When(Leaf):
    """Succeed while every fact that is named is as it says; one of a list will do."""

    kind = "when"

    class Parameters(Strict):
        present: bool | None = Field(default=None, description="Somebody is there.")
        speaking: bool | None = Field(default=None, description="The visitor speaks.")
        audible: bool | None = Field(default=None, description="The avatar is heard, or held in the middle.")
        held: bool | None = Field(default=None, description="The avatar has fallen silent in the middle.")
        question: bool | None = Field(default=None, description="A question waits.")
        occasion: tuple[Occasion, ...] | None = Field(default=None, description="One of these occasions has come.")
        order: tuple[Urgency, ...] | None = Field(default=None, description="An order of such urgency waits.")
        scripted: bool | None = Field(default=None, description="A script has its next piece ready.")
        taken_over: bool | None = Field(default=None, description="An operator speaks as the avatar.")
        frozen: bool | None = Field(default=None, description="The safety stop is set.")
        mood: tuple[Mood, ...] | None = Field(default=None, description="One of these moods is shown.")
        emotion: tuple[Emotion, ...] | None = Field(default=None, description="One of these feelings is shown.")
        quiet_s: Seconds | None = Field(default=None, description="Nobody has spoken for at least so long.")

        @model_validator(mode="after")
        def _asks(self) -> Self:
            if all(getattr(self, name) is None for name in type(self).model_fields):
                raise ValueError("it asks for nothing; name a fact, such as `present: true`")
            return self

    def __init__(self, name: str, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, attention, parameters)
        asked = {fact: getattr(parameters, fact) for fact in FACTS}
        self._asked = {fact: wanted for fact, wanted in asked.items() if wanted is not None}

    def update(self) -> Status:
        for fact, wanted in self._asked.items():
            found = FACTS[fact](self.attention)
            if not _fits(found, wanted):
                return self.fail(f"{fact} is {_plain(found)}")
        self.feedback_message = ", ".join(f"{fact} is {_plain(FACTS[fact](self.attention))}" for fact in self._asked)
        return Status.SUCCESS


def _fits(found: Any, wanted: Any) -> bool:
    match wanted:
        case bool():
            return found is wanted
        case tuple():
            return found in wanted
    return bool(found >= wanted - EPSILON)


def _plain(found: Any) -> str:
    return "none" if found is None else str(found).lower()
