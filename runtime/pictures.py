"""Coded pictures for a line that never waits for them: a late or broken face costs pictures, not sound."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.words import Moment, Packet

log = logging.getLogger(__name__)

GRACE_S = 0.12
"""How far beyond its slot's due time one late picture is waited for, while the one before was in time."""
PICTURE_LIMIT_S = 1.0
"""A picture that takes longer is given up."""
FACE_RETRY_S = 2.0


class Pictures(Protocol):
    """Where coded pictures come from."""

    actions: Mapping[str, int]

    async def picture(self, moment: Moment, *, key: bool = False) -> Packet: ...

    async def close(self) -> None: ...


class Drawing:
    """Asks a face for one picture at a time. A picture that is late belongs to the slot that it is ready for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._face: Pictures | None = None
        self._rests_until = 0.0
        self._key = True
        self._late = False
        self._asked_at = 0.0
        self._pending: asyncio.Future[Packet] | None = None

    @property
    def actions(self) -> Mapping[str, int]:
        """What the face can do, with lengths in samples."""
        return self._face.actions if self._face is not None else {}

    def use(self, face: Pictures | None) -> None:
        """Take pictures from `face` from now on, beginning with a key frame."""
        self.stop()
        self._face, self._late, self._rests_until = face, False, 0.0

    def want_key(self) -> None:
        """The next picture must be a key frame."""
        self._key = True

    def stop(self) -> asyncio.Future[Packet] | None:
        """Give up the picture that is being drawn, and return it."""
        pending, self._pending, self._key = self._pending, None, True
        if pending is not None:
            pending.cancel()
            pending.add_done_callback(_look)
        return pending

    async def close(self) -> None:
        """Return when nothing is drawn any more."""
        if (pending := self.stop()) is not None:
            await asyncio.wait([pending])

    async def picture(self, moment: Moment, patience_s: float) -> Packet | None:
        """The picture of `moment`, or the overdue one of a moment before; None if there is none in time.

        After a failure the face rests for `FACE_RETRY_S`.
        """
        now = self._clock.now()
        if self._face is None or now < self._rests_until:
            return None
        if self._pending is None:
            self._pending = asyncio.ensure_future(self._face.picture(moment, key=self._key))
            self._asked_at = now
        pending = self._pending
        await asyncio.wait([pending], timeout=patience_s + (0.0 if self._late else GRACE_S))
        if pending is not self._pending:
            return None
        in_time = pending.done() and self._clock.now() <= now + patience_s
        self._late = not in_time or self._asked_at < now
        if pending.done():
            return self._take(pending)
        if self._clock.now() >= self._asked_at + PICTURE_LIMIT_S:
            self._fail("no picture in time")
        return None

    def _take(self, done: asyncio.Future[Packet]) -> Packet | None:
        self._pending = None
        try:
            packet = done.result()
        except EngineError as error:
            self._fail(str(error))
            return None
        except Exception:
            log.exception("a picture failed unexpectedly")
            self._fail("it broke")
            return None
        self._key = self._key and not packet.key
        return packet

    def _fail(self, why: str) -> None:
        log.warning("the face failed, the voice goes on: %s", why)
        self.stop()
        self._rests_until = self._clock.now() + FACE_RETRY_S


def _look(pending: asyncio.Future[Packet]) -> None:
    """Nobody else asks how a picture that was given up ended."""
    if not pending.cancelled():
        pending.exception()
