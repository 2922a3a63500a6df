"""What an inspection finds: rule, where, how much, what to do, in the language of whoever recorded."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

Severity = Literal["error", "warning", "note"]
"""An error stops the enrolment, a warning costs likeness, a note is only told."""


class Found(NamedTuple):
    """What a rule finds in the whole take; times are seconds of it."""

    rule: str
    severity: Severity
    start_s: float
    end_s: float
    measured: float
    limit: float
    unit: str


class Advice(BaseModel):
    """What to do about it."""

    model_config = ConfigDict(frozen=True)
    en: str
    zh: str


class Finding(BaseModel):
    """`start_s` and `end_s` are seconds of the recording `file`; `measured` and `limit` are in `unit`."""

    model_config = ConfigDict(frozen=True)
    rule: str
    severity: Severity
    file: str
    start_s: float
    end_s: float
    measured: float
    limit: float
    unit: str
    advice: Advice
