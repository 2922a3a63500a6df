"""Zip files of strangers: looked at before anything of them is written, unpacked with bounds.

Names are plain ASCII ones below the folder, each once whatever its case; nothing is a link; what is packed grows only
so far. The list of files is read only where the end of the archive says that it is short.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from visavis.errors import SetupError

FILES, TOTAL, LIST = 500, 3 * 1024**3, 256 * 1024
"""The most files, bytes unpacked, and bytes of the list of files."""
RATIO, ANYWAY = 200, 8 * 1024**2
"""How many times a file may grow, if it is larger than that."""
PART = 1 << 20
_WORD = "[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_NAME = re.compile(rf"(?:{_WORD}/){{0,3}}{_WORD}(?:\.[A-Za-z0-9_-]{{1,32}}){{0,3}}")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LARGE = b"PK\x06\x07"
"""What stands before the end of an archive whose list may be of any length."""
_END, _END_SIZE, _COMMENT = b"PK\x05\x06", 22, 65_535
_ANEW = "have it exported anew with visavis avatar export"


def refused(problem: str, remedy: str = _ANEW) -> SetupError:
    return SetupError(f"the archive cannot be taken: {problem}", remedy)


def listed(path: Path) -> zipfile.ZipFile:
    """The archive, open, its list looked at. Raises SetupError, OSError."""
    _short_list(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise refused("it is no zip file, or cut off") from error
    try:
        looked_at(archive.infolist())
    except BaseException:
        archive.close()
        raise
    return archive


def _short_list(path: Path) -> None:
    """Refuse a list of files that is long before the library reads it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _COMMENT))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE or tail[max(0, at - 20) : at].startswith(_LARGE):
        raise refused("it is no zip file, or cut off")
    count, length = (int.from_bytes(tail[at + b : at + e], "little") for b, e in ((10, 12), (12, 16)))
    if count > FILES or length > LIST:
        raise refused(f"it has more than {FILES} files")


def looked_at(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise SetupError for the first entry that must not be unpacked."""
    if len(entries) > FILES:
        raise refused(f"it has more than {FILES} files")
    seen: set[str] = set()
    for each in entries:
        name = each.orig_filename
        if each.filename != name or not _NAME.fullmatch(name) or any(map(_DEVICE.fullmatch, name.split("/"))):
            raise refused(f"{name[:80]!r} is no name of a file of a package")
        kind = stat.S_IFMT(each.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise refused(f"{name} is a link or a device")
        if each.flag_bits & 1 or each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(f"{name} is encrypted, or packed in a way that is not read")
        if each.file_size > max(ANYWAY, RATIO * each.compress_size):
            raise refused(f"{name} would grow more than {RATIO} times")
        if name.lower() in seen:
            raise refused(f"{name} is in it twice, if not in the same letters")
        seen.add(name.lower())
    for name in seen:
        parts = name.split("/")
        if any("/".join(parts[:deep]) in seen for deep in range(1, len(parts))):
            raise refused(f"{name} lies below a file")
    if sum(each.file_size for each in entries) > TOTAL:
        raise refused(f"it holds more than {TOTAL >> 30} GB", "scale the video, or shorten it")


def unpack(archive: zipfile.ZipFile, folder: Path) -> dict[str, str]:
    """Write every entry below `folder`; names to sha256. Raises SetupError, OSError."""
    return {each.filename: _unpacked(archive, each, folder / each.filename) for each in archive.infolist()}


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path) -> str:
    digest, left = hashlib.sha256(), entry.file_size
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(entry) as packed, place.open("xb") as file:
            while part := packed.read(PART):
                left -= len(part)
                if left < 0:
                    raise refused(f"{entry.filename} is longer than it says")
                digest.update(part)
                file.write(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise refused(f"{entry.filename} is damaged") from error
    if left:
        raise refused(f"{entry.filename} is shorter than it says")
    return digest.hexdigest()
