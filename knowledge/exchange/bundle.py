"""A skill as a ZIP archive: its intents and questions, the pictures and sounds that it shows, and a manifest."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from knowledge.documents import archive
from knowledge.documents.blocks import Unreadable
from knowledge.editing.kinds import Record
from knowledge.exchange.contents import Incoming, Row
from knowledge.exchange.faults import Fault
from knowledge.fields import PICTURES, SOUNDS, VIDEOS, inside
from visavis.config import contents
from visavis.errors import SetupError

FORMAT, VERSION = "visavis.skill", 1
MANIFEST, SKILL, FILES = "manifest.json", "skill.json", "files/"
FILE_LIMIT = 32 * 1024 * 1024
"""Bytes that one picture, video or sound may have."""
TEXT_LIMIT = 4 * 1024 * 1024
MEMBERS = 500
_STAMP = (1980, 1, 1, 0, 0, 0)


def write(skill: Record, language: str, folder: Path) -> bytes:
    """The archive of one skill; its files are taken from `folder`. Raises ConfigError, SetupError."""
    members: dict[str, bytes] = {SKILL: _json(skill)}
    for name in sorted(set(named(skill))):
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise SetupError(f"{name} leads out of the folder of the knowledge", "put the file itself there")
        raw = contents(path, FILE_LIMIT)
        if len(raw) > FILE_LIMIT:
            raise SetupError(f"{name} is larger than {FILE_LIMIT >> 20} MB", "make it smaller, or link to it")
        members[FILES + name] = raw
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "skill": skill["id"],
        "language": language,
        "sha256": {name: sha256(raw).hexdigest() for name, raw in sorted(members.items())},
    }
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6) as made:
        for name, raw in [(MANIFEST, _json(manifest)), *sorted(members.items())]:
            info = ZipInfo(name, _STAMP)
            info.compress_type, info.external_attr = ZIP_DEFLATED, 0o100644 << 16
            made.writestr(info, raw)
    return out.getvalue()


def read(raw: bytes) -> Incoming:
    """The skill of an archive, and its files, once every sha256 is right. Nothing is written."""
    found = Incoming()
    try:
        with archive.opened(raw) as opened:
            manifest = _object(opened, MANIFEST)
            _take(opened, manifest, found)
    except Unreadable as error:
        found.rows, found.files = [], {}
        found.faults.append(Fault(1, "", error.problem, error.remedy))
    return found


def named(skill: Mapping[str, Any]) -> Iterator[str]:
    """The files below the knowledge folder that a skill shows."""
    for intent in skill["intents"]:
        for key in ("image", "video", "audio"):
            name = intent.get("show", {}).get(key)
            if name and not name.startswith("https://"):
                yield name


def _take(opened: ZipFile, manifest: dict[str, Any], found: Incoming) -> None:
    if manifest.get("format") != FORMAT:
        raise Unreadable("it is not the archive of a skill", "take one that `visavis kb export` wrote")
    if manifest.get("version") != VERSION:
        raise Unreadable(f"it is of version {manifest.get('version')!r}, not {VERSION}", "export it again")
    sums = manifest.get("sha256")
    names = [each.filename for each in opened.infolist() if not each.is_dir() and each.filename != MANIFEST]
    if not isinstance(sums, dict) or sorted(sums) != sorted(names) or SKILL not in sums or len(names) > MEMBERS:
        raise Unreadable("its manifest does not name what is in it", "export it again")
    for name in sorted(names):
        limit = TEXT_LIMIT if name == SKILL else FILE_LIMIT
        part = archive.member(opened, name, limit)
        if sha256(part).hexdigest() != sums[name]:
            raise Unreadable(f"{name[:80]} is not what the manifest says", "export it again; it was changed on the way")
        if name != SKILL:
            found.files[_file(name)] = part
    skill = _object(opened, SKILL)
    found.language = manifest["language"] if isinstance(manifest.get("language"), str) else None
    found.rows.append(Row("skills", skill, 1, sheet=SKILL))


def _file(name: str) -> str:
    """Where a member is put, below the knowledge folder."""
    path = name.removeprefix(FILES)
    if path == name or not path.lower().endswith((*PICTURES, *VIDEOS, *SOUNDS)):
        raise Unreadable(f"{name[:80]} is no picture, video or sound", "take it out of the archive")
    try:
        return inside(path)
    except ValueError as error:
        raise Unreadable(str(error).partition(";")[0], "export it again") from error


def _object(opened: ZipFile, name: str) -> dict[str, Any]:
    try:
        found = json.loads(archive.member(opened, name, TEXT_LIMIT))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} in it is not JSON", "export it again") from error
    if not isinstance(found, dict):
        raise Unreadable(f"{name} in it holds nothing", "export it again")
    return found


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
