"""What every answer passes on its way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import Headers
from starlette.types import Message

from runtime.server.guarded import Guarded

SCOPE = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "http_version": "1.1"}


def half_an_answer() -> FastAPI:
    app = FastAPI()

    @app.get("/")
    async def half() -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"half"
            raise OSError("the voice broke")

        return StreamingResponse(pieces())

    return app


async def answered(app: object) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(OSError, match="the voice broke"):
        await app(SCOPE, receive, send)  # type: ignore[operator]
    return sent


async def test_a_body_that_breaks_off_is_not_ended_as_if_it_were_whole() -> None:
    app = half_an_answer()
    app.add_middleware(Guarded, refusal=lambda headers: None, headers={"X-Kept": "yes"})
    start, *bodies = await answered(app)
    assert Headers(raw=start["headers"])["x-kept"] == "yes"
    assert [(each["body"], each["more_body"]) for each in bodies] == [(b"half", True)]
