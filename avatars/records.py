"""What every record of a consent is made of: hashes, who approved, what is left of what was taken back."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PERSON = 80
"""Characters of a person's or a company's name."""


class Approval(BaseModel):
    """Who or what found that the person allowed it: an engine's name, or a person's."""

    model_config = ConfigDict(frozen=True)
    how: Literal["asr", "person"]
    by: str = Field(min_length=1, max_length=PERSON)
    at: datetime


class Tombstone(BaseModel):
    """All that is left of a likeness that was taken back."""

    model_config = ConfigDict(frozen=True)
    sha256: str
    revoked: datetime


def now() -> datetime:
    """This second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """The file's hash; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
