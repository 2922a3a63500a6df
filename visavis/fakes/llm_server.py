"""A scripted OpenAI-style chat server: `python -m visavis.fakes.llm_server --port 8099 --delay-ms 300`.

It answers `POST /v1/chat/completions` word by word, after a stated delay, or misbehaves in a stated way; a
request whose `model` is the name of a way overrides the server's own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal, get_args

Way = Literal["normal", "hang", "trickle", "error", "refuse", "early", "half", "forever"]
"""`hang` never answers, `trickle` sends a letter a second, `error` is status 500 and `refuse` 401, both repeating
the key; `early` closes in the middle, `half` sends half of a JSON object, `forever` never stops talking."""

ANSWER = "[happy]The tower is forty metres high. You can climb it every day, from nine to five."


class LlmServer:
    """`requests` are the bodies and `keys` the credentials that came; `disconnects` counts clients that left early.

    `asked` and `left` are set by the first of each.
    """

    def __init__(
        self, *, way: Way = "normal", answer: str = ANSWER, delay_s: float = 0.0, gap_s: float = 0.005
    ) -> None:
        self.way: Way = way
        self.answer, self.delay_s, self.gap_s = answer, delay_s, gap_s
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.disconnects = 0
        self.asked = asyncio.Event()
        self.left = asyncio.Event()
        self.url = ""

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[LlmServer]:
        """Listen on loopback; `url` is what a dialog's `llm.url` would be."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        tasks: set[asyncio.Task[Any]] = set()
        self._tasks = tasks
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            while await self._request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the server is closed
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection is to be closed."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        fields = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n"))
        }
        body = json.loads(await reader.readexactly(int(fields.get("content-length", "0"))) or b"{}")
        self.requests.append(body)
        self.keys.append(fields.get("authorization", ""))
        self.asked.set()
        answering = asyncio.create_task(self._answer(body, writer))
        leaving = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done() or isinstance(answering.exception(), ConnectionError):
                self.disconnects += 1
                self.left.set()
                return False
            return await answering
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answer(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        named = str(body.get("model"))
        way = named if named in get_args(Way) else self.way
        await asyncio.sleep(self.delay_s)
        if way == "hang":
            await asyncio.Event().wait()
        if way in ("error", "refuse"):
            await _send_error(writer, 500 if way == "error" else 401, f"key {self.keys[-1]} is no good")
            return False
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        if way == "half":
            await _send(writer, b'data: {"id":"x","object":"chat.completion.chunk","cho\n\n')
            return False
        async for text in self._pieces(way):
            await _send(writer, _event(text))
        if way == "early":
            return False
        await _send(writer, _event(None) + b"data: [DONE]\n\n")
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True

    async def _pieces(self, way: str) -> AsyncIterator[str]:
        words = self.answer.split(" ")
        pieces = [f"{word} " for word in words[:-1]] + words[-1:]
        if way == "trickle":
            pieces = list(self.answer)
        if way == "early":
            pieces = pieces[: len(pieces) // 2]
        while True:
            for piece in pieces:
                yield piece
                await asyncio.sleep(1.0 if way == "trickle" else self.gap_s)
            if way != "forever":
                return
            yield " "


def _event(text: str | None) -> bytes:
    choice = {
        "index": 0,
        "delta": {} if text is None else {"role": "assistant", "content": text},
        "finish_reason": "stop" if text is None else None,
    }
    chunk = {"id": "chat-1", "object": "chat.completion.chunk", "created": 0, "model": "scripted", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    await writer.drain()


async def _send_error(writer: asyncio.StreamWriter, status: int, message: str) -> None:
    data = json.dumps({"error": {"message": message, "type": "server_error", "code": None}}).encode()
    head = f"HTTP/1.1 {status} Error\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    await writer.drain()


async def _main() -> None:
    parser = argparse.ArgumentParser(description="A scripted OpenAI-style chat server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0, help="before the first word")
    parser.add_argument("--gap-ms", type=float, default=5, help="between two words")
    parser.add_argument("--way", choices=get_args(Way), default="normal")
    parser.add_argument("--answer", default=ANSWER)
    args = parser.parse_args()
    server = LlmServer(way=args.way, answer=args.answer, delay_s=args.delay_ms / 1000, gap_s=args.gap_ms / 1000)
    async with server.serving(args.port):
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
