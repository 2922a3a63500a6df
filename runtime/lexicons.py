"""The pronunciation lexicon as its files are edited: the newest that can be used."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from avatars.voices.lexicon import NOTHING, Lexicon
from avatars.voices.lexicon_file import read_lexicon
from visavis.errors import ConfigError

log = logging.getLogger(__name__)


class Lexicons:
    """One for the server; every voice asks it for `current`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.current: Lexicon = NOTHING
        self.bad_edit: str | None = None
        """Why the newest edit is not used, for people."""
        self._read = False
        self._reading = asyncio.Lock()

    async def ready(self) -> None:
        """Read the files if nobody has. Raises ConfigError."""
        async with self._reading:
            if not self._read:
                self.current = await asyncio.to_thread(read_lexicon, self.folder)
                self._read = True

    async def reload(self) -> bool:
        """Take the files as they are now, or keep the last good ones; whether what they say has changed."""
        async with self._reading:
            try:
                found = await asyncio.to_thread(read_lexicon, self.folder)
            except ConfigError as error:
                log.warning("an edit of the lexicon is not used, the last good version is: %s", error)
                self.bad_edit = str(error)
                return False
            changed = found.version != self.current.version
            self.current, self.bad_edit, self._read = found, None, True
            return changed
