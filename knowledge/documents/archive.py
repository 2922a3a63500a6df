"""ZIP files from strangers: looked at before anything is unpacked, and unpacked with a limit."""

from __future__ import annotations

import io
import stat
import zlib
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from knowledge.documents.blocks import Unreadable

MEMBERS = 2_000
UNPACKED = 200 * 1024 * 1024
"""Bytes that all members together may have."""
RATIO = 200
"""How much smaller than its content a large member may be."""
LARGE = 1024 * 1024
_BROKEN = "the archive is broken", "open it in the program that it comes from, and save it again"


def opened(raw: bytes) -> ZipFile:
    """The archive, once its list of members is seen to be harmless. Raises Unreadable."""
    try:
        archive = ZipFile(io.BytesIO(raw))
        members = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Unreadable(*_BROKEN) from error
    if len(members) > MEMBERS:
        raise Unreadable(f"the archive has more than {MEMBERS:,} members", "take out what is not needed")
    if sum(each.file_size for each in members) > UNPACKED:
        raise Unreadable(f"the archive unpacks to more than {UNPACKED >> 20} MB", "split it, or take out its pictures")
    seen: set[str] = set()
    for each in members:
        _check(each)
        if each.filename.casefold() in seen:
            raise Unreadable(f"{each.filename[:80]!r} is in the archive twice", "pack it again")
        seen.add(each.filename.casefold())
    return archive


def _check(member: ZipInfo) -> None:
    name = member.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name or not name:
        raise Unreadable(f"{name[:80]!r} leads out of the archive", "pack it again, with names below one folder")
    if member.flag_bits & 0x1:
        raise Unreadable("it is protected by a password", "save it without the password")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unreadable(f"{name[:80]!r} is not a plain file", "put the file itself into the archive")
    if member.file_size > LARGE and member.file_size > RATIO * max(member.compress_size, 1):
        raise Unreadable("it unpacks to far more than it holds", "save it again in the program that it comes from")


def member(archive: ZipFile, name: str, limit: int = UNPACKED) -> bytes:
    """One member, of at most `limit` bytes. Raises Unreadable."""
    try:
        with archive.open(name) as file:
            raw = file.read(limit + 1)
    except (
        KeyError,
        BadZipFile,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
    ) as error:
        raise Unreadable(*_BROKEN) from error
    if len(raw) > limit:
        raise Unreadable(f"{name[:80]!r} has more than {limit:,} bytes", "make it smaller")
    return raw
