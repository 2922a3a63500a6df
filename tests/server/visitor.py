"""A client of the session socket that notes all it receives, and when."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import websockets
from place import Inside, Server
from websockets.asyncio.client import ClientConnection

HEAD = struct.Struct("<2sBBIQI")
PATIENCE_S = 30.0
Json = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """One binary message."""

    at: float
    version: int
    flags: int
    turn: int
    pts: int
    data: bytes

    @classmethod
    def parse(cls, at: float, message: bytes) -> Picture:
        magic, version, flags, turn, pts, length = HEAD.unpack_from(message)
        assert magic == b"VV"
        assert length == len(message) - HEAD.size
        return cls(at, version, flags, turn, pts, message[HEAD.size :])

    @property
    def key(self) -> bool:
        return bool(self.flags & 1)


class Visitor:
    """Reads all the time; `until` looks through what has come, each event once."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.events: list[Json] = []
        self.times: list[float] = []
        self.pictures: list[Picture] = []
        self.closed: tuple[int, str] | None = None
        self._seen = 0
        self._more = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        now = asyncio.get_running_loop().time
        try:
            async for message in self.connection:
                async with self._more:
                    if isinstance(message, bytes):
                        self.pictures.append(Picture.parse(now(), message))
                    else:
                        self.events.append(json.loads(message))
                        self.times.append(now())
                    self._more.notify_all()
        except websockets.ConnectionClosed:
            pass
        async with self._more:
            self.closed = (self.connection.close_code or 1006, self.connection.close_reason or "")
            self._more.notify_all()

    async def send(self, kind: str, **fields: Any) -> None:
        await self.connection.send(json.dumps({"type": kind, **fields}))

    async def until(self, kind: str) -> Json:
        """The next event of that type. Fails when the connection ends, or at an error that was not asked for."""
        async with asyncio.timeout(PATIENCE_S), self._more:
            while True:
                while self._seen < len(self.events):
                    self._seen += 1
                    event = self.events[self._seen - 1]
                    if event["type"] == kind:
                        return event
                    assert event["type"] != "error", event
                assert self.closed is None, f"closed while waiting for {kind}: {self.closed}"
                await self._more.wait()

    async def until_pictures(self, count: int) -> list[Picture]:
        async with asyncio.timeout(PATIENCE_S), self._more:
            await self._more.wait_for(lambda: len(self.pictures) >= count or self.closed is not None)
        assert self.closed is None, self.closed
        return self.pictures[:count]

    async def until_closed(self) -> tuple[int, str]:
        async with asyncio.timeout(PATIENCE_S), self._more:
            await self._more.wait_for(lambda: self.closed is not None)
        assert self.closed is not None
        return self.closed

    def all(self, kind: str) -> list[Json]:
        return [event for event in self.events if event["type"] == kind]

    def kinds(self) -> set[str]:
        return {event["type"] for event in self.events}

    async def ask(self, text: str) -> None:
        """Type a question and want its answer."""
        content = [{"type": "input_text", "text": text}]
        await self.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        await self.send("response.create")

    async def answer(self, text: str) -> Json:
        """Type a question; the response as it is done."""
        await self.ask(text)
        done: Json = (await self.until("response.done"))["response"]
        return done

    async def show(self, **wishes: Any) -> Json:
        """Ask for an avatar; what the session is then."""
        await self.send("session.update", session={"type": "realtime", "avatar": wishes})
        session: Json = (await self.until("session.updated"))["session"]
        return session

    async def refusal(self) -> Json:
        """The next error event."""
        error: Json = (await self.until("error"))["error"]
        return error


@asynccontextmanager
async def visit(server: Server | Inside, dialog: str = "silent", **options: Any) -> AsyncIterator[Visitor]:
    """A session of the server's, ended on leaving."""
    options.setdefault("max_size", None)
    async with websockets.connect(f"{server.socket}?model={dialog}", proxy=None, **options) as connection:
        visitor = Visitor(connection)
        try:
            yield visitor
        finally:
            visitor._reader.cancel()
            await asyncio.gather(visitor._reader, return_exceptions=True)
