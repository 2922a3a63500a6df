"""What is kept of visitors who agreed to it: one small file each, whose name does not tell who it is."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from agent.files import write_private
from agent.redact import redacted
from agent.visitor import clean

log = logging.getLogger(__name__)

FACTS = TOPICS = 5
LONGEST = 120
"""Characters of a fact."""
DAY_S = 86_400.0
SWEEP_S = 3_600.0
_FACT = re.compile(
    r"\b(?:i am|i'm|i live|i work|i study|i like|i love|i prefer|i hate|i collect|i have|i need|i come|i'm from|my)\b"
    r"|我(?:是|叫|住|在|喜欢|爱|讨厌|想要|需要|来自|对|有|不吃|不喝)"
)
_ASKING = re.compile(r"[?？]|吗|呢$")


@dataclass(frozen=True, slots=True)
class Profile:
    """`last_seen` is in seconds since 1970; facts and topics are oldest first."""

    name: str = ""
    last_seen: float = 0.0
    visits: int = 0
    facts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    def told(self) -> dict[str, object]:
        """What a language model is shown of it."""
        shown = {"name": self.name, "facts": list(self.facts), "last_topics": list(self.topics)}
        return {key: value for key, value in shown.items() if value}

    def called(self, name: str) -> Profile:
        """Under the name he gives himself now, if he gives one."""
        return replace(self, name=clean(name, 40).text or self.name)

    def learned(self, text: str) -> Profile:
        """With what the visitor says of himself in `text`, without personal data."""
        line = clean(text, LONGEST).text
        if not _FACT.search(line.lower()) or _ASKING.search(line):
            return self
        fact = redacted(line)
        return replace(self, facts=(*(each for each in self.facts if each != fact), fact)[-FACTS:])

    def about(self, topic: str) -> Profile:
        """With the entry that was talked of last."""
        return replace(self, topics=(*(each for each in self.topics if each != topic), topic)[-TOPICS:])


class Visitors:
    """The profiles below `folder`, each forgotten `days` after the visitor was last seen.

    Whoever calls it has the visitor's consent. A disk that fails is logged and costs the memory alone.
    """

    def __init__(self, folder: Path, days: int, wall: Callable[[], float] = time.time) -> None:
        self._folder, self._days, self._wall = folder, days, wall
        self._swept = float("-inf")
        self._work: set[asyncio.Task[Any]] = set()
        self._writing = asyncio.Lock()
        """The files are written in the order in which that was asked for."""
        self._gone: set[str] = set()
        """Who was deleted: a session that goes on does not bring him back."""

    async def meet(self, visitor: str, name: str = "") -> Profile:
        """The visitor comes: what is known, one visit more, under the name he gives himself now."""
        self._gone.discard(visitor)
        await self.settled()
        known = await asyncio.to_thread(self._read, visitor) or Profile()
        return replace(known.called(name), visits=known.visits + 1, last_seen=self._wall())

    def keep(self, visitor: str, profile: Profile) -> None:
        """Write the profile in the background."""
        if visitor in self._gone:
            return
        task = asyncio.create_task(self._keep(visitor, replace(profile, last_seen=self._wall())))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _keep(self, visitor: str, profile: Profile) -> None:
        async with self._writing:
            await asyncio.to_thread(self._write, visitor, profile)

    async def delete(self, visitor: str) -> bool:
        """Forget the visitor; whether anything was known. Raises OSError."""
        if len(self._gone) > 10_000:
            self._gone.clear()
        self._gone.add(visitor)
        await self.settled()
        return await asyncio.to_thread(self._delete, visitor)

    async def settled(self) -> None:
        """Return when all is written."""
        await asyncio.gather(*self._work, return_exceptions=True)

    # ── on the disk, in a thread ──
    def _path(self, visitor: str) -> Path:
        digest = hmac.new(self._secret(), visitor.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return self._folder / f"{digest.hexdigest()}.json"

    def _secret(self) -> bytes:
        """The key of the file names: without it nobody can look whether somebody was here."""
        path = self._folder / "key"
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        draft = self._folder / f".key.{secrets.token_hex(8)}"
        write_private(draft, secrets.token_hex(32))
        try:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
        return path.read_bytes()

    def _read(self, visitor: str) -> Profile | None:
        try:
            self.sweep()
            data = json.loads(self._path(visitor).read_text(encoding="utf-8"))
            return Profile(
                str(data["name"]), float(data["last_seen"]), int(data["visits"]),
                tuple(map(str, data["facts"]))[-FACTS:], tuple(map(str, data["topics"]))[-TOPICS:],
            )  # fmt: skip
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("a visitor's file cannot be read: %s", type(error).__name__)
            return None

    def _write(self, visitor: str, profile: Profile) -> None:
        try:
            write_private(self._path(visitor), json.dumps(asdict(profile), ensure_ascii=False))
        except OSError as error:
            log.warning("a visitor's file cannot be written: %s", error.strerror)

    def _delete(self, visitor: str) -> bool:
        path = self._path(visitor)
        found = path.is_file()
        path.unlink(missing_ok=True)
        return found

    def sweep(self) -> None:
        """Delete the files of those who were not seen for too long; at most once an hour."""
        now = self._wall()
        if now - self._swept < SWEEP_S or not self._folder.is_dir():
            return
        self._swept = now
        for path in self._folder.glob("*.json"):
            with contextlib.suppress(OSError):
                if now - path.stat().st_mtime > self._days * DAY_S:
                    path.unlink()
