"""What a recording is by its first bytes, whatever its name says."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from avatars.voices.enrol.faults import EnrolError

SUFFIXES: Final = (".wav", ".mp3", ".m4a", ".mp4", ".mov", ".aac")
"""Endings of the files that are taken."""
FORMAT_OF: Final = {".wav": "wav", ".mp3": "mp3", ".m4a": "mov", ".mp4": "mov", ".mov": "mov", ".aac": "aac"}
"""FFmpeg's demuxer of each; no other one is ever opened, as some of them read further files."""
HEAD: Final = 512 * 1024
"""Bytes from the beginning that decide; a cover picture may stand before the sound."""
_ATOMS: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")


def format_of(head: bytes) -> str | None:
    """wav, mp3, mov or aac; None for anything else."""
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] in _ATOMS:
        return "mov"
    return _framed(_after_tag(head), tagged=head[:3] == b"ID3")


def checked(name: str, head: bytes) -> str:
    """The demuxer for a file called `name` that begins with `head`. Raises EnrolError."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise EnrolError("invalid", f"{suffix or 'no ending'} is no format that is taken", _remedy(), where=name)
    if not head:
        raise EnrolError("invalid", "the file is empty", "record it again", where=name)
    found = format_of(head)
    if found is None:
        raise EnrolError(
            "invalid", f"this is no {suffix[1:]} file, nor another one that is taken", _remedy(), where=name
        )
    if found != FORMAT_OF[suffix]:
        real = {"mov": "m4a, mp4 or mov"}.get(found, found)
        raise EnrolError("invalid", f"it is called {suffix} but is {real}", "give it its right ending", where=name)
    return found


def announced_bytes(head: bytes) -> int | None:
    """The length that a wav file gives itself; None where its writer did not know, as while streaming."""
    size = int.from_bytes(head[4:8], "little")
    return None if head[:4] != b"RIFF" or size in (0, 0xFFFFFFFF) or size >= 0x7FFFFF00 else size + 8


def _remedy() -> str:
    return f"send one of: {', '.join(each[1:] for each in SUFFIXES)}"


def _after_tag(head: bytes) -> bytes:
    """What follows an ID3v2 tag, whose length stands in four bytes of seven bits."""
    if head[:3] != b"ID3" or len(head) < 10:
        return head
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    return head[10 + length :]


def _framed(sound: bytes, *, tagged: bool) -> str | None:
    """mp3 or aac by the first frame's header: eleven set bits, then version and layer."""
    sound = sound.lstrip(b"\0")
    if len(sound) < 2:
        return "mp3" if tagged else None
    if sound[0] != 0xFF or sound[1] & 0xE0 != 0xE0:
        return None
    layer = sound[1] >> 1 & 3
    if layer == 0:
        return "aac" if sound[1] & 0xF0 == 0xF0 else None
    return "mp3"
