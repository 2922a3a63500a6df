"""A recogniser that is taught what was edited, while it goes on hearing by what was known before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from runtime.hearing.weighed import Learns
from visavis.errors import VisavisError

log = logging.getLogger(__name__)

Phrases = Callable[[], Sequence[str]]


class Relearning:
    """`edited` may be called as often as files are saved: what is newest is taught, one version at a time."""

    def __init__(self, name: str, asr: Learns, phrases: Phrases, taught: Sequence[str]) -> None:
        self._name, self._asr, self._phrases = name, asr, phrases
        self._taught = tuple(taught)
        self._edited = False
        self._teaching: asyncio.Task[None] | None = None

    def edited(self) -> None:
        """Begin to teach what is known now, in the background."""
        self._edited = True
        if self._teaching is None or self._teaching.done():
            self._teaching = asyncio.create_task(self._teach(), name=f"teach {self._name}")

    async def _teach(self) -> None:
        while self._edited:
            self._edited = False
            now = tuple(await asyncio.to_thread(self._phrases))
            if now == self._taught:
                continue
            try:
                await self._asr.learn(now)
                self._taught = now
            except VisavisError as error:
                log.warning("%s: the recogniser does not hear by the newest knowledge: %s", self._name, error)

    async def close(self) -> None:
        """Stop teaching."""
        if self._teaching is not None:
            self._teaching.cancel()
            await asyncio.gather(self._teaching, return_exceptions=True)
