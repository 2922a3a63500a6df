"""A scripted server of `/v1/audio/transcriptions`, which answers what a test says."""

from __future__ import annotations

import asyncio
import io
import json
import re
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

Answer = bytes | dict[str, Any] | int | None
"""A body (server-sent events where it begins with `data:`), a JSON object, an error's status, or never."""


class TranscriptionServer:
    """Gives its `script` away answer by answer, the last one again and again; `asked` are the forms that came."""

    def __init__(self, *script: Answer) -> None:
        self.script = list(script)
        self.asked: list[dict[str, str]] = []
        self.keys: list[str] = []
        self.wavs: list[bytes] = []
        self.came, self.left = asyncio.Event(), asyncio.Event()
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[TranscriptionServer]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        self._tasks: set[Any] = set()
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def seconds(self, at: int = -1) -> float:
        """How long the sound of a request was."""
        with wave.open(io.BytesIO(self.wavs[at])) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            return file.getnframes() / file.getframerate()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("POST /v1/audio/transcriptions ")
        found = re.search(r"content-length: (\d+)", head, re.I)
        assert found
        self._take(head, await reader.readexactly(int(found[1])))
        self.came.set()
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if answer is None:
            await reader.read()
            self.left.set()
        else:
            writer.write(_answer(answer))
            await writer.drain()
        writer.close()

    def _take(self, head: str, body: bytes) -> None:
        boundary = re.search(r"boundary=(\S+)", head)
        assert boundary
        form: dict[str, str] = {}
        for part in body.split(b"--" + boundary[1].encode())[1:-1]:
            said, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]+)"', said)
            assert name
            if name[1] == b"file":
                self.wavs.append(value)
            else:
                form[name[1].decode()] = value.decode()
        self.asked.append(form)
        key = re.search(r"authorization: Bearer (\S+)", head, re.I)
        self.keys.append(key[1] if key else "")


def _answer(answer: bytes | dict[str, Any] | int) -> bytes:
    status, kind, body = 200, "application/json", b""
    if isinstance(answer, int):
        status, body = answer, json.dumps({"error": {"message": "no; your key is sesame"}}).encode()
    elif isinstance(answer, dict):
        body = json.dumps(answer).encode()
    else:
        body, kind = answer, "text/event-stream" if answer.startswith(b"data:") else "text/html"
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return head.encode() + body
