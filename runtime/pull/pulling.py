"""All files of some weights, put in place together or not at all, and what is remembered of them."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import httpx2

from runtime.pull.catalogue import Source, Weights
from runtime.pull.fetching import Fetch
from visavis.errors import SetupError

Progress = Callable[[int, int], None]
"""Is told the bytes that are here and, about, the bytes there will be."""
_FEWER = 4
"""What comes may have so many times fewer bytes than the catalogue says, whose sizes are rounded."""
_UNPACKED = 4
"""An archive may hold so many times its own size."""


def _most(weights: Weights) -> int:
    """Bytes that one file may have: the catalogue's size is rounded, and a publisher may add a little."""
    return round(weights.mb * 2e6) + 50_000_000


@dataclass(frozen=True)
class Pulled:
    """What came of it. `recorded`: files whose hash no publisher's page vouched for, so that it was recorded."""

    folder: Path
    bytes: int
    fetched: bool
    recorded: tuple[str, ...]


def pull(
    weights: Weights,
    folder: Path,
    http: httpx2.Client,
    told: Progress = lambda here, total: None,
    *,
    accept: bool = False,
    wait: Callable[[float], None] = time.sleep,
) -> Pulled:
    """Bring the weights to `folder / weights.name`; with `accept`, forget what was recorded of them.

    Raises SetupError for what cannot be had, is not what it was, or has no room; OSError for the disk.
    """
    work = folder / ".partial" / weights.name
    work.mkdir(parents=True, exist_ok=True)
    with _alone(work, weights.name):
        record = folder / ".records" / f"{weights.name}.json"
        if accept:
            record.unlink(missing_ok=True)
        known = _read(record)
        target = folder / weights.name
        fetched = not _intact(target, known)
        if fetched:
            _check_room(weights, folder, work)
            try:
                hashes = _fetch_all(weights, work, target, known, http, told, wait)
            except OSError as error:
                remedy = "make room, or look at its rights; what has come is kept, so run the command again"
                raise SetupError(f"{work} cannot be written to: {error.strerror}", remedy) from error
            whole = _assembled(weights, work)
            _write(record, weights, hashes, whole)
            _publish(whole, target, work)
        shutil.rmtree(work, ignore_errors=True)
    recorded = tuple(each.path for each in weights.files if each.sha256 is None)
    return Pulled(target, _size(target), fetched, recorded)


@contextmanager
def _alone(work: Path, name: str) -> Iterator[None]:
    with work.with_name(f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SetupError(f"{name} is being pulled by another command", "wait for it") from None
        yield


# ── fetching ──
def _fetch_all(
    weights: Weights,
    work: Path,
    target: Path,
    known: dict[str, Any],
    http: httpx2.Client,
    told: Progress,
    wait: Callable[[float], None],
) -> dict[str, str]:
    """Every source lies in the work folder afterwards; returns their hashes by address."""
    done, hashes = 0, {}

    def tell(here: int) -> None:
        told(done + here, max(round(weights.mb * 1e6), done + here))

    for source in weights.files:
        part = work / "parts" / source.path
        part.parent.mkdir(parents=True, exist_ok=True)
        expected = source.sha256 or known.get("sources", {}).get(source.url)
        ready = target / source.path
        if not weights.archive and expected and ready.is_file() and sha256(ready) == expected:
            shutil.copyfile(ready, part)
        elif not (expected and part.is_file() and sha256(part) == expected):
            Fetch(http, source.url, part, _most(weights), expected is not None, tell, wait).run()
        hashes[source.url] = _checked(weights, source, part, expected)
        done += part.stat().st_size
        tell(0)
    if not weights.archive:
        _check_size(weights, work, done)
    return hashes


def _check_size(weights: Weights, work: Path, size: int) -> None:
    """Raise SetupError for far too few bytes: a page that asks for a log-in comes with status 200, too."""
    if size < weights.mb * 1e6 / _FEWER and any(each.sha256 is None for each in weights.files):
        shutil.rmtree(work / "parts")
        problem = f"{size:,} bytes came, far fewer than the {weights.mb:,.1f} MB of {weights.name}"
        raise SetupError(problem, f"they were thrown away; look at {weights.page}")


def _checked(weights: Weights, source: Source, part: Path, expected: str | None) -> str:
    found = sha256(part)
    if expected is None or found == expected:
        return found
    part.unlink()
    part.with_name(f"{part.name}.from").unlink(missing_ok=True)
    if source.sha256 is not None:
        problem = f"{source.url} has the sha256 {found[:12]}…, not the {expected[:12]}… of {source.hash_from}"
        raise SetupError(problem, "it was thrown away; tell its publisher")
    problem = f"{source.url} has changed: its sha256 is {found[:12]}…, at the first download it was {expected[:12]}…"
    raise SetupError(problem, f"compare {weights.page}; if the change is meant: visavis pull {weights.name} --accept")


def sha256(path: Path) -> str:
    """The file's hash in lower-case hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ── putting in place ──
def _assembled(weights: Weights, work: Path) -> Path:
    """A folder that is what the weights' folder shall be."""
    parts, whole = work / "parts", work / "whole"
    shutil.rmtree(whole, ignore_errors=True)
    if weights.archive:
        whole.mkdir()
        _unpack(parts / weights.files[0].path, whole, round(weights.mb * 1e6 * _UNPACKED))
        return whole
    for note in parts.rglob("*.from"):
        note.unlink()
    parts.rename(whole)
    return whole


def _unpack(archive: Path, into: Path, most: int) -> None:
    """The regular files of a tar file, without its one outer folder. Raises SetupError."""
    size = 0
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                inner = PurePosixPath(*PurePosixPath(member.name).parts[1:])
                if not member.isreg() or not inner.parts:
                    continue
                size += member.size
                if size > most:
                    raise SetupError(f"{archive.name} unpacks to far more than the catalogue says", "do not use it")
                tar.extract(member.replace(name=str(inner), mode=0o644, deep=False), into, filter="data")
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise SetupError(f"{archive.name} is no whole tar file: {error}", "pull it again") from error
    if not size:
        raise SetupError(f"{archive.name} holds no file in a folder", "look at the publisher's page")


def _publish(whole: Path, target: Path, work: Path) -> None:
    old = work / "old"
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    whole.replace(target)


def _check_room(weights: Weights, folder: Path, work: Path) -> None:
    times = 1 + _UNPACKED / 2 if weights.archive else 1.02
    needed = round(weights.mb * 1e6 * times) - _size(work)
    free = shutil.disk_usage(folder).free
    if free < needed:
        problem = f"{folder} has room for {free / 1e6:,.0f} MB, {weights.name} needs {needed / 1e6:,.0f} MB"
        raise SetupError(problem, "make room, or set cache.dir in app.yaml to another disk")


# ── what is remembered ──
def _write(record: Path, weights: Weights, hashes: dict[str, str], whole: Path) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    files = {str(path.relative_to(whole)): sha256(path) for path in sorted(whole.rglob("*")) if path.is_file()}
    told = {
        "name": weights.name,
        "page": weights.page,
        "licence": weights.licence,
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "sources": hashes,
        "files": files,
    }
    new = record.with_suffix(".new")
    new.write_text(json.dumps(told, indent=1), "utf-8")
    new.replace(record)


def _read(record: Path) -> dict[str, Any]:
    try:
        found = json.loads(record.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise _unread(record) from None
    if not isinstance(found, dict) or not all(isinstance(found.get(each, {}), dict) for each in ("files", "sources")):
        raise _unread(record)
    return found


def _unread(record: Path) -> SetupError:
    return SetupError(f"{record}: this record cannot be read", "remove it, and compare the hashes by hand")


def _intact(target: Path, known: dict[str, Any]) -> bool:
    files = known.get("files", {})
    return bool(files) and all(
        (target / path).is_file() and sha256(target / path) == said for path, said in files.items()
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
