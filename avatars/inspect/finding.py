"""What an inspection finds: rule, where, how much, a picture of the place, what to do."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from avatars.voices.enrol.inspect.finding import Advice

Severity = Literal["error", "warning", "note"]
"""An error: no avatar is made of it. A warning: the avatar will be worse for it. A note is only told."""


class Found(NamedTuple):
    """What a rule finds; times are seconds of the recording, `measured` and `limit` are in `unit`."""

    rule: str
    severity: Severity
    start_s: float
    end_s: float
    measured: float = 0.0
    limit: float = 0.0
    unit: str = ""


class Finding(BaseModel):
    """One place of the recording. `frame` counts from 0; `picture` is that frame as a data URI (JPEG), or empty."""

    model_config = ConfigDict(frozen=True)
    rule: str
    severity: Severity
    start_s: float
    end_s: float
    measured: float
    limit: float
    unit: str
    frame: int
    picture: str
    advice: Advice
