"""Whether a person allowed his likeness to be used: who, for whom, for what, and who of this house has seen it.

`consent.json` is the record and travels with the package, whose manifest names it by its hash. `approval.json` says
that a person here has looked at what was signed or said; it stays here, so that whoever takes a package looks anew.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from avatars.packages.manifest import Manifest, Sha256
from avatars.records import PERSON, Approval, Tombstone, file_sha256, now, write
from visavis.errors import SetupError

CONSENT, APPROVAL = "consent.json", "approval.json"
REVOKED = ".revoked"
"""The folder beside the avatars for what is left of those that were taken back."""
LIMIT = 64 * 1024


class Consent(BaseModel):
    """The record. What was signed or said is not in it: its hash is."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    format: Literal[1] = 1
    person: str = Field(min_length=1, max_length=PERSON, pattern=r"\w")
    company: str = Field(min_length=1, max_length=PERSON, pattern=r"\w")
    purpose: str = Field(min_length=1, max_length=500, pattern=r"\w")
    document_sha256: Sha256
    given: date
    recordings: tuple[Sha256, ...] = Field(min_length=1, max_length=64)
    """Of which recordings an avatar may be made."""


class Approved(BaseModel):
    """`approval.json`: of which record, and by whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    consent: Sha256
    approval: Approval


def record(folder: Path, manifest: Manifest) -> Consent:
    """The record that the manifest names. Raises SetupError where that is not there, or is for other recordings."""
    place = folder / CONSENT
    if not place.is_file():
        raise SetupError(f"{manifest.name}: there is no {CONSENT}", "nobody's likeness is used without consent")
    if manifest.consent is None or file_sha256(place) != manifest.consent:
        problem = f"{manifest.name}: {CONSENT} is not the record that the manifest names by its hash"
        raise SetupError(problem, "take the package anew from whoever made it")
    try:
        found = Consent.model_validate_json(_bytes(place))
    except (OSError, ValidationError) as error:
        raise SetupError(f"{place} cannot be read", "take the package anew from whoever made it") from error
    if manifest.source is None or manifest.source.video not in found.recordings:
        problem = f"{manifest.name}: the consent is not for the recording that the avatar was made of"
        raise SetupError(problem, "have the person sign for this recording")
    return found


def approval(folder: Path, manifest: Manifest) -> Approval | None:
    """Who of this house has approved the record that is there now, if anybody. Raises nothing."""
    try:
        found = Approved.model_validate_json(_bytes(folder / APPROVAL))
    except (OSError, ValidationError):
        return None
    return found.approval if found.consent == manifest.consent else None


def require(folder: Path, manifest: Manifest) -> None:
    """Nothing for a drawn avatar; for a recorded one its record, approved. Raises SetupError."""
    if manifest.synthetic == "drawn":
        return
    record(folder, manifest)
    if approval(folder, manifest) is None:
        problem = f"{manifest.name}: nobody here has approved its consent"
        raise SetupError(problem, f"look at it, then: visavis avatar approve {manifest.name} --by NAME")


def approve(folder: Path, manifest: Manifest, by: str, clock: Callable[[], datetime] = now) -> Approval:
    """A person, named, has looked at what was signed and found it right. Raises SetupError, OSError."""
    record(folder, manifest)
    who = " ".join(by.split())
    if not 0 < len(who) <= PERSON:
        raise SetupError("nobody is named" if not who else "the name is too long", "give the name of who has looked")
    given = Approval(how="person", by=who, at=clock())
    approved = Approved(consent=manifest.consent or "", approval=given)
    write(folder / APPROVAL, approved.model_dump_json(indent=1).encode())
    return given


def revoke(folder: Path, manifest: Manifest, clock: Callable[[], datetime] = now) -> Tombstone | None:
    """Delete a recorded avatar; the hash of what was signed and a date stay, so that no archive brings it back.

    Raises OSError, and SetupError for a drawn one, which nobody can take back.
    """
    if manifest.synthetic == "drawn":
        raise SetupError(f"{manifest.name} is drawn: it is nobody's likeness", f"remove the folder {folder}")
    stone = None
    try:
        stone = Tombstone(sha256=record(folder, manifest).document_sha256, revoked=clock())
        (folder.parent / REVOKED).mkdir(mode=0o700, exist_ok=True)
        write(folder.parent / REVOKED / f"{stone.sha256}.json", stone.model_dump_json().encode())
    except SetupError:
        pass  # of a record that cannot be read there is nothing to keep
    gone = folder.with_name(f".gone-{folder.name}.{secrets.token_hex(6)}")
    folder.rename(gone)
    shutil.rmtree(gone)
    return stone


def stone_of(avatars: Path, consent: Consent) -> Tombstone | None:
    """What is left of an avatar of that consent, if it was taken back."""
    try:
        return Tombstone.model_validate_json(_bytes(avatars / REVOKED / f"{consent.document_sha256}.json"))
    except (OSError, ValidationError):
        return None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LIMIT)
