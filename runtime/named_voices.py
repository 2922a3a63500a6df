"""Voices of the house for who asks for one by name: opened when first asked for, a few of them kept open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from runtime.home import Home
from runtime.narrating import narrated
from runtime.parts import opened_voice
from runtime.voices import Named
from visavis.engines import Tts
from visavis.errors import AtCapacity

log = logging.getLogger(__name__)

MOST = 4
"""Voices that are open at once; the one that was asked for longest ago makes room."""


@dataclass(slots=True)
class _Open:
    opening: asyncio.Task[Tts]
    users: int = 0


class NamedVoices:
    """One for the server."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._open: dict[tuple[str, str, str], _Open] = {}
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def lent(self, named: Named, language: str) -> AsyncGenerator[Tts, None]:
        """The voice, which reads texts of `language` unless it has one of its own, as long as it is needed.

        Raises AtCapacity while all places are in use, ConfigError, SetupError or EngineError for what cannot be opened.
        """
        language = named.language or language
        key = (named.choice.model_dump_json(), named.made, language)
        found = self._open.pop(key, None)
        if found is None:
            self._make_room()
            found = _Open(asyncio.create_task(self._made(named, language), name="open a voice"))
            found.opening.add_done_callback(lambda opening: self._forget_failed(key, opening))
        self._open[key] = found
        found.users += 1
        try:
            yield await asyncio.shield(found.opening)
        finally:
            found.users -= 1

    def _make_room(self) -> None:
        if len(self._open) < MOST:
            return
        idle = next((key for key, each in self._open.items() if not each.users), None)
        if idle is None:
            raise AtCapacity("voice", MOST)
        closing = asyncio.create_task(_close(self._open.pop(idle)), name="close a voice")
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _made(self, named: Named, language: str) -> Tts:
        context = self._home.context(language)
        tts = await opened_voice(named.choice, context)
        return narrated(tts, named.choice, context, self._home.lexicons)

    def _forget_failed(self, key: tuple[str, str, str], opening: asyncio.Task[Tts]) -> None:
        if opening.cancelled() or opening.exception() is not None:
            self._open.pop(key, None)

    async def close(self) -> None:
        """Close every voice."""
        left, self._open = list(self._open.values()), {}
        await asyncio.gather(*self._closing, *map(_close, left))


async def _close(voice: _Open) -> None:
    voice.opening.cancel()
    await asyncio.wait([voice.opening])
    if voice.opening.cancelled() or voice.opening.exception() is not None:
        return
    try:
        await voice.opening.result().close()
    except Exception:
        log.exception("a voice could not be closed")
