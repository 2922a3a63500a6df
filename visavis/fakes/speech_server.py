"""A scripted OpenAI-style speech server on loopback: it sends the sound that it was given, or misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from visavis.fakes.llm_server import LlmServer, Way, _send, _send_error


class SpeechServer(LlmServer):
    """`sound` gives the bytes for an `input`; they go out in pieces of `chunk` bytes, `gap_s` apart, after `delay_s`.

    The ways are those of `LlmServer`: `hang` never answers, `trickle` stops in the middle and keeps the line, `error`
    and `refuse` are statuses 500 and 401 that repeat the key, `early` closes in the middle. `first_at` are the times of
    the loop at which an answer's first sound was sent.
    """

    def __init__(
        self,
        sound: Callable[[str], bytes],
        *,
        way: Way = "normal",
        media: str = "audio/pcm",
        chunk: int = 4_800,
        delay_s: float = 0.0,
        gap_s: float = 0.0,
    ) -> None:
        super().__init__(way=way, delay_s=delay_s, gap_s=gap_s)
        self.sound, self.media, self.chunk = sound, media, chunk
        self.first_at: list[float] = []

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(self.delay_s)
        if self.way == "hang":
            await asyncio.Event().wait()
        if self.way in ("error", "refuse"):
            await _send_error(writer, 500 if self.way == "error" else 401, f"key {self.keys[-1]} is no good")
            return False
        data = self.sound(str(body.get("input")))
        whole = len(data)
        if self.way in ("early", "trickle"):
            data = data[: whole // 2]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.media}\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head.encode())
        self.first_at.append(asyncio.get_running_loop().time())
        for at in range(0, len(data), self.chunk):
            await _send(writer, data[at : at + self.chunk])
            await asyncio.sleep(self.gap_s)
        if self.way == "trickle":
            await asyncio.Event().wait()
        if len(data) < whole:
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True
