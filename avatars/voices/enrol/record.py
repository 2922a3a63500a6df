"""What is kept of an enrolled voice: `voice.json` in its folder."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from avatars.records import PERSON as PERSON
from avatars.records import Approval as Approval
from avatars.records import Tombstone as Tombstone
from avatars.voices.enrol.inspect.amount import ProfileName
from avatars.voices.enrol.scripts import Language

NAME = r"^[a-z0-9][a-z0-9_-]{0,63}$"


class Consent(BaseModel):
    """The spoken authorisation. What was heard is not kept, only how like the script it is."""

    model_config = ConfigDict(frozen=True)
    audio_sha256: str
    script: str
    script_sha256: str
    language: Language
    speaker: str
    company: str
    recorded: datetime
    similarity: float
    """Of its voice to the training recordings'."""
    threshold: float
    sentence: float | None = None
    """Likeness of the heard sentence to the script; None where nothing could hear it."""
    heard_by: str = ""
    approval: Approval | None = None


class Voice(BaseModel):
    """One enrolled voice. `files` are those beside this one, with their sha256."""

    model_config = ConfigDict(frozen=True)
    format: Literal[1] = 1
    name: str = Field(pattern=NAME)
    qid: str
    language: Language
    gender: int = 0
    """1 for a low voice, 2 for a high one, 0 where it is not told; by pitch alone, so only a hint."""
    profile: ProfileName
    created: datetime
    consent: Consent
    files: dict[str, str]
    effective_s: float
    findings: dict[str, int] = {}
    """How many of each rule."""
    similarity: float | None = None
    """Of what it says to the recordings; None until it has spoken."""
    spoken_by: str = ""
    """The engine that spoke when that was measured."""

    @property
    def usable(self) -> bool:
        """Whether it may speak."""
        return self.consent.approval is not None
