"""The kinds of value that leaves' parameters share."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from visavis.config import suggest
from visavis.words import ACTIONS


def _action(value: str) -> str:
    if value not in ACTIONS:
        raise ValueError(f"there is no action {value!r}; {suggest(value, ACTIONS)}")
    return value


def _in_order(value: tuple[float, float]) -> tuple[float, float]:
    if value[0] > value[1]:
        raise ValueError(f"{value[0]:g} is more than {value[1]:g}; write the smaller number first")
    return value


Action = Annotated[str, AfterValidator(_action), WithJsonSchema({"enum": list(ACTIONS)})]
_Span = Annotated[float, Field(ge=0.04, le=86_400)]
Between = Annotated[tuple[_Span, _Span], AfterValidator(_in_order)]
"""Two numbers of seconds, from which one between is drawn."""
