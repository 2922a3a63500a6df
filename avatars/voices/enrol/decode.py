"""Recordings of strangers, decoded by a process with limits: it takes nobody along and reads no other file."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from avatars.voices.enrol import sniff
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.sound import Recording, Source
from visavis.signal import from_bytes

log = logging.getLogger(__name__)

FILE_LIMIT = 1024**3
"""Bytes that a file may have; half an hour of video as a telephone makes it."""
PATIENCE_S = 300.0
_SHORTER = "cut it, or record it in several files"


def decoded(path: Path, name: str, *, longest_s: float) -> Recording:
    """The sound of the file at `path`, which people call `name`. Blocks; call it in a thread or a worker.

    Raises EnrolError for what is no recording, is damaged, or lasts longer than `longest_s`.
    """
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT:
            raise EnrolError("too_large", f"it has more than {FILE_LIMIT >> 20} MB", _SHORTER, where=name)
        with path.open("rb") as file:
            head = file.read(sniff.HEAD)
        kind = sniff.checked(name, head)
        said = sniff.announced_bytes(head) if kind == "wav" else None
        if said is not None and size < said:
            problem = f"it is cut off: it should have {said:,} bytes and has {size:,}"
            raise EnrolError("invalid", problem, "send the whole file", where=name)
    except OSError as error:
        raise EnrolError(
            "not_found", f"it cannot be read: {error.strerror}", "name another file", where=name
        ) from error
    return decoded_as(kind, path, name, longest_s=longest_s)


def decoded_as(kind: str, path: Path, name: str, *, longest_s: float) -> Recording:
    """The same by the demuxer `kind`, whatever the file's name and size. Raises EnrolError."""
    return _told(_run(path, kind, longest_s, name), name)


def _run(path: Path, kind: str, longest_s: float, name: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-m", "avatars.voices.enrol.decode_child", kind, f"{longest_s:g}"]
    try:
        with path.open("rb") as file:
            return subprocess.run(  # noqa: S603
                command, stdin=file, capture_output=True, timeout=PATIENCE_S, check=False, env=_environment()
            )
    except subprocess.TimeoutExpired as error:
        raise EnrolError("invalid", f"decoding takes longer than {PATIENCE_S:g} s", _SHORTER, where=name) from error


def _told(done: subprocess.CompletedProcess[bytes], name: str) -> Recording:
    head, _, sound = done.stdout.partition(b"\n")
    try:
        told = json.loads(head)
        if "problem" in told:
            raise EnrolError("invalid", str(told["problem"]), str(told["remedy"]), where=name)
        return Recording(name, from_bytes(sound), Source.read(told))
    except (ValueError, KeyError, TypeError) as error:
        log.warning("the decoder ended with %s", done.returncode)
        problem = "it cannot be decoded; it is damaged or far too large"
        raise EnrolError("invalid", problem, "export it again as wav", where=name) from error


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"}
