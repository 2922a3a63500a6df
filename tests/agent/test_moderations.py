"""A moderation server's judgement, and what happens when it gives none."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from agent.review.classifier import Moderations
from visavis.errors import EngineError, OptionError


async def judged(answer: bytes, *, delay_s: float = 0.0, status: str = "200 OK") -> tuple[str | None, dict[str, Any]]:
    """What `Moderations` makes of a server that sends `answer`, and what the server was asked."""
    asked: dict[str, Any] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        asked.update(json.loads(await reader.readexactly(length)), path=head.split()[1])
        await asyncio.sleep(delay_s)
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    classifier = await Moderations.open(None, url=url, model="m", timeout_s=0.5)  # type: ignore[arg-type]
    try:
        return await classifier.judge("hello"), asked
    finally:
        await classifier.close()
        server.close()


async def test_what_is_flagged_is_named() -> None:
    result = {"flagged": True, "categories": {"hate": True, "violence": False, "harassment": True}}
    found, asked = await judged(json.dumps({"results": [result]}).encode())
    assert found == "harassment,hate"
    assert asked == {"input": "hello", "model": "m", "path": "/v1/moderations"}


async def test_what_is_not_flagged_passes() -> None:
    assert (await judged(b'{"results": [{"flagged": false, "categories": {}}]}'))[0] is None


@pytest.mark.parametrize("answer", [b"", b"{", b"[]", b'{"results": []}', b'{"results": [{}]}', b"\xff"])
async def test_what_is_no_answer_is_a_failure(answer: bytes) -> None:
    with pytest.raises(EngineError):
        await judged(answer)


async def test_an_error_or_a_late_answer_is_a_failure() -> None:
    with pytest.raises(EngineError):
        await judged(b"{}", status="500 Internal Server Error")
    with pytest.raises(EngineError):
        await judged(b"{}", delay_s=2)


async def test_its_keys_are_checked() -> None:
    with pytest.raises(OptionError, match="no address"):
        await Moderations.open(None, url="here")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="too few"):
        await Moderations.open(None, url="http://here", timeout_s=0)  # type: ignore[arg-type]
