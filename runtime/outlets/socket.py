"""The outlet of one WebSocket client: a bounded queue between the session and its socket.

Control messages always go; pictures that a slow client has not taken are dropped up to the next key frame;
a client that is too far behind is given up.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from runtime.events import Event
from runtime.outlets.scribe import Json, Scribe, picture_message
from visavis.clock import Clock
from visavis.words import Frame

PICTURES = 12
"""Pictures that may wait: about half a second."""
PATIENCE_S = 10.0
"""A client for which something has waited so long is given up."""
BACKLOG = 200
"""Messages that may wait before the client's own are left unread."""
REMEMBERED = 64
"""Turns whose playing is known."""

Lane = Literal["control", "audio", "picture"]


@dataclass(slots=True)
class _Message:
    lane: Lane
    data: str | bytes
    at: float


@dataclass(slots=True)
class _Hearing:
    """What is known of a turn's way to the visitor, in samples."""

    sent: int = 0
    """Where the turn's speech stood after the last frame."""
    repeated: int = 0
    """What was sent again after a hold: the client counts it twice."""
    heard: int | None = None


class TooSlow(Exception):
    """The client does not take what it asked for."""


class SocketOutlet:
    """Implements `Outlet`; `run` sends what is queued through `write` until cancelled. Raises TooSlow."""

    paced = True

    def __init__(self, clock: Clock, scribe: Scribe, write: Callable[[str | bytes], Awaitable[None]]) -> None:
        self._clock, self._scribe, self._write = clock, scribe, write
        self._queue: deque[_Message] = deque()
        self._filled, self._roomy = asyncio.Event(), asyncio.Event()
        self._roomy.set()
        self._want_key = False
        self._hearings: dict[int, _Hearing] = {}
        self.dropped = 0
        """Pictures that the client did not get."""

    # ── Outlet ──
    def send(self, frame: Frame) -> bool:
        """Queue a frame; False when the next picture must be a key frame."""
        if frame.turn:
            self._note_sent(frame)
            self._put("audio", self._scribe.speech(frame))
        self._put("audio", self._scribe.seen(frame))
        if frame.packet is None:
            return True
        if self._want_key and not frame.packet.key:
            self.dropped += 1
            return False
        self._want_key = False
        alpha = self._scribe.wishes.alpha
        self._append("picture", picture_message(frame.packet, frame.turn, frame.pts, alpha=alpha))
        return self._shed()

    def tell(self, event: Event) -> None:
        self._put("control", self._scribe.write(event))

    def say(self, messages: Iterable[Json]) -> None:
        """Queue control messages of the connection itself."""
        self._put("control", messages)

    async def drain(self) -> None:
        return

    def clear(self, turn: int, fade_ms: int) -> None:
        """Drop the sound and every picture that waits, and let the client drop what it has."""
        self._want_key = self._want_key or any(m.lane == "picture" for m in self._queue)
        self._keep("control")
        self._put("control", self._scribe.clear(turn, fade_ms))

    def played(self, turn: int) -> int | None:
        """What the client said; of a plain client, which says nothing, what was sent."""
        hearing = self._hearings.get(turn, _Hearing())
        if hearing.heard is None and not self._scribe.wishes.avatar:
            return hearing.sent
        return hearing.heard

    async def close(self) -> None:
        self._queue.clear()

    # ── what the client reports ──
    def note_played(self, turn: int, samples: int) -> None:
        """The client has played `samples` of what it was sent of the turn, repetitions counted."""
        hearing = self._hearings.get(turn)
        if hearing is not None:
            hearing.heard = max(0, samples - hearing.repeated)

    def _note_sent(self, frame: Frame) -> None:
        hearing = self._hearings.setdefault(frame.turn, _Hearing())
        if frame.offset < hearing.sent:
            heard = hearing.sent if hearing.heard is None else hearing.heard
            hearing.repeated += max(0, heard - frame.offset)
        hearing.sent = frame.offset + len(frame.pcm)
        if len(self._hearings) > REMEMBERED:
            self._hearings.pop(next(iter(self._hearings)))

    # ── the queue ──
    def _put(self, lane: Lane, messages: Iterable[Json]) -> None:
        for message in messages:
            self._append(lane, json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    def _append(self, lane: Lane, data: str | bytes) -> None:
        self._queue.append(_Message(lane, data, self._clock.now()))
        self._filled.set()
        if len(self._queue) > BACKLOG:
            self._roomy.clear()

    def _keep(self, *lanes: Lane) -> None:
        self._queue = deque(m for m in self._queue if m.lane in lanes)

    def _shed(self) -> bool:
        """Drop the waiting pictures when they are too many; False: then the next must be a key frame."""
        waiting = sum(m.lane == "picture" for m in self._queue)
        if waiting <= PICTURES:
            return True
        self.dropped += waiting
        self._keep("control", "audio")
        self._want_key = True
        return False

    async def room(self) -> None:
        """Return when the client has taken most of what it was sent."""
        await self._roomy.wait()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._queue:
                await self._send(self._queue.popleft())
                if len(self._queue) <= BACKLOG // 2:
                    self._roomy.set()

    async def flush(self, last: Json) -> None:
        """Send the control messages that wait, then `last`; call when `run` is over."""
        self._keep("control")
        self.say([last])
        while self._queue:
            await self._send(self._queue.popleft())

    async def _send(self, message: _Message) -> None:
        left = message.at + PATIENCE_S - self._clock.now()
        try:
            async with asyncio.timeout(left):
                await self._write(message.data)
        except TimeoutError as error:
            raise TooSlow(f"a message waited {PATIENCE_S:.0f} s for the client") from error
