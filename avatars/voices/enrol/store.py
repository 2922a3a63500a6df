"""The folder of enrolled voices: a folder a voice, written whole or not at all, taken back with hardly a trace."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from avatars.records import file_sha256 as file_sha256
from avatars.records import now as now
from avatars.records import sha256 as sha256
from avatars.records import write as write
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import NAME, PERSON, Approval, Tombstone, Voice

VOICE, REVOKED, CLIP, EMBEDDING, SAMPLE = "voice.json", "revoked.json", "clip.wav", "embedding.json", "sample.wav"
SPOKEN = "spoken"
"""The subfolder for whatever the voice has said and is kept."""
PROFILE = "profile.npz"
STALE_S = 3600.0
"""After so long nobody is writing a voice any more that is not in its place."""
_STONE = ".revoked.json"


def folder_of(cache: Path) -> Path:
    """Where enrolled voices lie: beside the cache."""
    return cache.parent / "voices"


class Store:
    """Methods block and raise EnrolError; a name is checked before it becomes a path."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self.folder, self._now = folder, clock

    def path(self, name: str) -> Path:
        """The voice's folder, whether it is there or not."""
        if not re.fullmatch(NAME, name):
            problem = f"{name[:80]!r} is no name of a voice"
            raise EnrolError("invalid", problem, "use lower-case letters, digits, - and _", where="name")
        return self.folder / name

    def names(self) -> list[str]:
        """The voices that are there."""
        if not self.folder.is_dir():
            return []
        return sorted(e.name for e in self.folder.iterdir() if re.fullmatch(NAME, e.name) and (e / VOICE).is_file())

    def has(self, name: str) -> bool:
        return (self.path(name) / VOICE).is_file()

    def known(self, name: str) -> bool:
        """Whether there is such a voice, or was until it was taken back."""
        return self.has(name) or (self.path(name) / REVOKED).is_file()

    def load(self, name: str) -> Voice:
        """A voice's record, approved or not."""
        path = self.path(name)
        try:
            found = Voice.model_validate_json((path / VOICE).read_bytes())
        except FileNotFoundError:
            raise self._absent(name, path) from None
        except (OSError, ValidationError) as error:
            problem = f"its record cannot be read ({type(error).__name__})"
            raise EnrolError("broken", problem, f"enrol it again, or remove {path}", where=name) from error
        if found.name != name:
            raise EnrolError("broken", f"its record is that of {found.name!r}", "enrol it again", where=name)
        return found

    def usable(self, name: str) -> Voice:
        """A voice that may speak, its files as they were enrolled."""
        found = self.load(name)
        if not found.usable:
            remedy = f"have a person listen: visavis voice approve {name} --by NAME"
            raise EnrolError("no_consent", "its authorisation is not approved", remedy, where=name)
        for each, digest in found.files.items():
            if file_sha256(self.path(name) / each) != digest:
                raise EnrolError("broken", f"{each} is not the file that was enrolled", "enrol it again", where=name)
        return found

    def add(self, voice: Voice, files: Mapping[str, bytes]) -> Voice:
        """Keep a new voice; its files' hashes are entered into the record."""
        place = self.path(voice.name)
        if self.has(voice.name):
            problem, remedy = "there is a voice of that name", "revoke it first, or choose another name"
            raise EnrolError("exists", problem, remedy, where=voice.name)
        kept = voice.model_copy(update={"files": {name: sha256(data) for name, data in files.items()}})
        self.sweep()
        made = self.folder / f".new-{secrets.token_hex(6)}"
        try:
            made.mkdir(parents=True, mode=0o700)
            for name, data in files.items():
                (made / name).write_bytes(data)
            (made / VOICE).write_text(kept.model_dump_json(indent=1), "utf-8")
            if (place / REVOKED).is_file():
                shutil.copy(place / REVOKED, made / REVOKED)
            if place.exists():
                shutil.rmtree(place)
            made.rename(place)
        except OSError as error:
            shutil.rmtree(made, ignore_errors=True)
            problem = f"it cannot be kept: {error.strerror}"
            raise EnrolError(
                "failed", problem, "free some space, or check the folder's rights", where=voice.name
            ) from error
        return kept

    def update(self, voice: Voice, files: Mapping[str, bytes] | None = None) -> Voice:
        """Change the record of a voice that is there, and add files to it."""
        place, files = self.path(voice.name), files or {}
        self.load(voice.name)
        for name, data in files.items():
            write(place / name, data)
        kept = voice.model_copy(update={"files": voice.files | {n: sha256(d) for n, d in files.items()}})
        write(place / VOICE, kept.model_dump_json(indent=1).encode())
        return kept

    def approve(self, name: str, by: str) -> Voice:
        """A person, named, has listened and found that the authorisation is right."""
        found, who = self.load(name), " ".join(by.split())
        if not 0 < len(who) <= PERSON:
            problem = f"the name has more than {PERSON} characters" if who else "nobody is named"
            raise EnrolError("invalid", problem, "give the name of who has listened", where="by")
        if found.usable:
            return found
        if found.consent.similarity < found.consent.threshold:
            problem = "the authorisation is not spoken by the voice itself"
            raise EnrolError("no_consent", problem, "record it with the speaker", where=name)
        consent = found.consent.model_copy(update={"approval": Approval(how="person", by=who, at=self._now())})
        return self.update(found.model_copy(update={"consent": consent}))

    def revoke(self, name: str) -> Tombstone:
        """Delete the voice and all that was made of it; a hash and a date stay."""
        place = self.path(name)
        if not (place / VOICE).is_file():
            raise self._absent(name, place)
        try:
            digest = self.load(name).consent.audio_sha256
        except EnrolError:
            digest = ""
        stone = Tombstone(sha256=digest, revoked=self._now())
        write(place / _STONE, stone.model_dump_json().encode())
        gone = self.folder / f".gone-{name}.{secrets.token_hex(6)}"
        place.rename(gone)
        self._bury(gone)
        return stone

    def _bury(self, gone: Path) -> None:
        """Delete what is taken back; its stone takes its place."""
        stone = gone / _STONE
        if stone.is_file():
            place = self.path(gone.name.removeprefix(".gone-").rpartition(".")[0])
            place.mkdir(mode=0o700, exist_ok=True)
            stone.replace(place / REVOKED)
        shutil.rmtree(gone)

    def sweep(self) -> None:
        """Go on with revocations that were cut off, and remove voices that were never finished."""
        if not self.folder.is_dir():
            return
        for each in self.folder.glob(".gone-*"):
            self._bury(each)
        for each in self.folder.glob(".new-*"):
            if each.stat().st_mtime < time.time() - STALE_S:
                shutil.rmtree(each, ignore_errors=True)

    def _absent(self, name: str, place: Path) -> EnrolError:
        if (place / REVOKED).is_file():
            return EnrolError("not_found", "its owner has taken it back", "use another voice", where=name)
        known = ", ".join(self.names()) or "none yet"
        return EnrolError("not_found", f"there is no enrolled voice {name!r}", f"there are: {known}", where="voice")
