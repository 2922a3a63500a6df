"""A session's face: moments in, coded pictures out, drawn by a worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runtime.workers.moments import pack_moment
from visavis.engines import Look, Message, Pool, Stream
from visavis.errors import EngineError
from visavis.words import Codec, Moment, Packet


class Face:
    """One renderer and encoder in a worker of a `runtime.workers.face:FaceService` pool. Made by `Face.open`.

    When its worker or its renderer fails, the pictures asked for raise EngineError and the next call of
    `picture` opens it anew, in another worker if need be; a moment holds no history, so nothing is lost.
    """

    def __init__(self, pool: Pool, message: Message, drawing: _Drawing) -> None:
        hello = drawing.hello
        self.codec: Codec = drawing.codec
        self.width: int = hello["width"]
        self.height: int = hello["height"]
        """Of the picture; with alpha the coded picture is twice as high."""
        self.alpha: bool = hello["alpha"]
        self.actions: Mapping[str, int] = hello["actions"]
        """What the avatar can do, with lengths in samples."""
        self._pool, self._message, self._drawing = pool, message, drawing
        self._reopening = asyncio.Lock()
        self._closed = False

    @classmethod
    async def open(cls, pool: Pool, avatar: Path, look: Look, codec: Codec = "h264", *, renderer: str = "rig") -> Face:
        """Give the avatar folder a face. Raises AtCapacity when the workers are full, EngineError."""
        message = {"avatar": str(avatar), "renderer": renderer, "look": _plain(look), "codec": codec}
        return cls(pool, message, _Drawing(await pool.open(message), codec))

    async def picture(self, moment: Moment, *, key: bool = False) -> Packet:
        """The coded picture of `moment`, a key frame if `key`. Several may be asked for before the first comes.

        They are drawn in the order asked. Cancelling one drops its packet, so the next one that is used must
        be a key frame, as the first one after an error is. Raises EngineError.
        """
        if self._drawing.ended is not None:
            await self._reopen()
        return await self._drawing.picture(moment, key)

    async def dress(self, look: Look) -> None:
        """Draw with another look of the same size from the next picture on. Raises EngineError; then it stays."""
        if self._drawing.ended is not None:
            await self._reopen()
        await self._drawing.dress(look)
        self._message = self._message | {"look": _plain(look)}

    async def close(self) -> None:
        """Give the place back; pictures still asked for raise EngineError."""
        self._closed = True
        await self._drawing.close()

    async def _reopen(self) -> None:
        async with self._reopening:
            if self._drawing.ended is None:
                return
            if self._closed:
                raise EngineError("face", "the face is closed")
            stream = await self._opened()
            if self._closed:
                stream.cancel()
                raise EngineError("face", "the face is closed")
            self._drawing = _Drawing(stream, self.codec)

    async def _opened(self) -> Stream:
        """A place in a worker, without the background where that cannot be drawn any more: its picture may be gone."""
        try:
            return await self._pool.open(self._message)
        except EngineError:
            if not self._message["look"]["background"]:
                raise
            self._message = self._message | {"look": self._message["look"] | {"background": ""}}
            return await self._pool.open(self._message)


class _Drawing:
    """One stream of a worker: the pictures asked for and the task that hands them out."""

    def __init__(self, stream: Stream, codec: Codec) -> None:
        self.hello = stream.hello
        self.codec: Codec = codec
        self.ended: EngineError | None = None
        self._stream = stream
        self._asked: deque[asyncio.Future[Any]] = deque()
        """Who waits for the next replies: a message gets one each."""
        self._reader = asyncio.create_task(self._read(), name="face")

    async def picture(self, moment: Moment, key: bool) -> Packet:
        reply = await self._ask({"moment": pack_moment(moment), "key": key})
        return Packet(reply["packet"], reply["key"], self.codec)

    async def dress(self, look: Look) -> None:
        reply = await self._ask({"look": _plain(look)})
        if reply["problem"]:
            raise EngineError("face", reply["problem"])

    async def _ask(self, message: Message) -> Any:
        asked: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked.append(asked)
        try:
            await self._stream.append(message)
        except BaseException:
            if asked in self._asked:
                self._asked.remove(asked)
            asked.cancel()
            raise
        return await asked

    async def close(self) -> None:
        self._stream.cancel()
        await asyncio.wait([self._reader])

    async def _read(self) -> None:
        ended = EngineError("face", "the face is closed")
        try:
            async for reply in self._stream:
                asked = self._asked.popleft()
                if not asked.done():
                    asked.set_result(reply)
        except EngineError as error:
            ended = error
        finally:
            self.ended = ended
            for asked in self._asked:
                if not asked.done():
                    asked.set_exception(ended)
                    asked.exception()
            self._asked.clear()


def _plain(look: Look) -> Message:
    return asdict(look) | {"extra": dict(look.extra)}
