"""What the listening socket gives to every connection."""

from __future__ import annotations

import asyncio
import socket

from runtime.serve import listen


async def test_small_messages_are_sent_at_once() -> None:
    """Without it a control message waits 40 ms behind a picture that the page has not acknowledged."""
    listening = listen("127.0.0.1", 0)
    told: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(answer, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await told
        writer.close()
