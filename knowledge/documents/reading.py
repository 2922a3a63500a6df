"""Documents read in a process of their own, with limits, and kept by what they hold."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import subprocess
import sys
import threading
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path, PurePosixPath

from knowledge.documents import markdown, plaintext, sniff
from knowledge.documents.blocks import TEXT_LIMIT, Block, Unreadable, packed, unpacked

log = logging.getLogger(__name__)

FILE_LIMIT = 32 * 1024 * 1024
"""Bytes that a document may have."""
PATIENCE_S = 120.0
"""How long one document may take to be read."""
VERSION = "1"
"""Changes whenever a reader comes to read the same file otherwise."""
_SPLIT = "split it into several documents"
_KEPT_CHARACTERS = 20_000_000
_LIGHT = {".md": markdown.read, ".txt": plaintext.read}


def blocks_of(name: str, raw: bytes, cache: Path | None = None) -> tuple[Block, ...]:
    """The blocks of a document whose name tells its format. Blocks; call it in a thread.

    What was read once is kept in memory, and in the folder `cache`. Raises Unreadable.
    """
    if len(raw) > FILE_LIMIT:
        raise Unreadable(f"it is larger than {FILE_LIMIT >> 20} MB", _SPLIT)
    suffix = PurePosixPath(name).suffix.lower()
    suffix = ".html" if suffix == ".htm" else suffix
    key = hashlib.blake2b(f"{VERSION}{suffix}\0".encode() + raw, digest_size=20).hexdigest()
    known = _MEMORY.get(key)
    if known is None and (known := _load(cache, key)) is None:
        sniff.verify(name, raw)
        known = _light(suffix, raw) if suffix in _LIGHT else _heavy(suffix, raw)
    _MEMORY.put(key, known)
    if suffix not in _LIGHT:
        _save(cache, key, known)
    return known


def checked(blocks: list[Block]) -> tuple[Block, ...]:
    """The blocks, if there is text in them and not too much. Raises Unreadable."""
    found = tuple(each for each in blocks if each.text)
    if not any(each.kind != "heading" for each in found):
        raise Unreadable("there is no text in it", "write something into it, or take it out of the list")
    if sum(len(each.text) for each in found) > TEXT_LIMIT:
        raise Unreadable(f"it has more than {TEXT_LIMIT:,} characters of text", _SPLIT)
    return found


def _light(suffix: str, raw: bytes) -> tuple[Block, ...]:
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8 text", "save it as UTF-8") from error
    if len(text) > TEXT_LIMIT:
        raise Unreadable(f"it has more than {TEXT_LIMIT:,} characters of text", _SPLIT)
    return checked(_LIGHT[suffix](text))


def _heavy(suffix: str, raw: bytes) -> tuple[Block, ...]:
    """Read by a process whose memory and time are limited: it holds up nobody and takes nobody along."""
    command = [sys.executable, "-P", "-m", "knowledge.documents.child", suffix]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=raw, capture_output=True, timeout=PATIENCE_S, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"reading it takes longer than {PATIENCE_S:g} s", _SPLIT) from error
    try:
        answer = json.loads(done.stdout)
        if "problem" in answer:
            raise Unreadable(str(answer["problem"]), str(answer["remedy"]))
        return unpacked(answer["blocks"])
    except (ValueError, KeyError, TypeError) as error:
        log.warning("the reader of %s documents ended with %s", suffix, done.returncode)
        problem = "it cannot be read; it is broken or far too large"
        raise Unreadable(problem, "open it in the program that it comes from, and save it again") from error


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"}


# ── what was read before ──
class _Memory:
    """The documents read last, as long as their text is not too much; used by several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Block, ...]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> tuple[Block, ...] | None:
        with self._lock:
            return self._kept.get(key)

    def put(self, key: str, blocks: tuple[Block, ...]) -> None:
        with self._lock:
            if key not in self._kept:
                self._size += _size(blocks)
            self._kept[key] = blocks
            self._kept.move_to_end(key)
            while self._size > _KEPT_CHARACTERS and len(self._kept) > 1:
                self._size -= _size(self._kept.popitem(last=False)[1])


_MEMORY = _Memory()


def _size(blocks: tuple[Block, ...]) -> int:
    return sum(len(each.text) + 50 for each in blocks)


def _load(cache: Path | None, key: str) -> tuple[Block, ...] | None:
    if cache is None:
        return None
    try:
        return unpacked(json.loads((cache / f"{key}.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _save(cache: Path | None, key: str, blocks: tuple[Block, ...]) -> None:
    if cache is None or (cache / f"{key}.json").exists():
        return
    part = cache / f"{key}.{secrets.token_hex(4)}.part"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(packed(blocks), ensure_ascii=False), "utf-8")
        part.replace(cache / f"{key}.json")
    except OSError as error:
        log.warning("a document that was read cannot be kept: %s", error)
        with suppress(OSError):
            part.unlink()
