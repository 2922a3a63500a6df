"""What every answer passes on its way out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import nullcontext

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import Headers
from starlette.types import Message

from runtime.server.guarded import Guarded
from runtime.server.speech import Sounding, whole
from visavis.errors import EngineError

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


async def answered(app: object, broken: type[Exception] | None = OSError) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(broken, match="the voice broke") if broken is not None else nullcontext():
        await app(SCOPE, receive, send)  # type: ignore[operator]
    return sent


async def test_a_body_that_breaks_off_is_not_ended_as_if_it_were_whole() -> None:
    app = half_an_answer()
    app.add_middleware(Guarded, refusal=lambda headers: None, headers={"X-Kept": "yes"})
    start, *bodies = await answered(app)
    assert Headers(raw=start["headers"])["x-kept"] == "yes"
    assert [(each["body"], each["more_body"]) for each in bodies] == [(b"half", True)]


async def test_a_speech_that_breaks_off_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def rest() -> AsyncGenerator[bytes, None]:
        yield b"more"
        raise EngineError("desk", "the voice broke", retryable=True)

    left: list[str] = []
    sounds = rest()
    speech = Sounding(whole(b"first", sounds), sounds, lambda: left.append("the place"), "audio/wav")
    with caplog.at_level(logging.WARNING):
        _, *bodies = await answered(speech, None)
    assert [(each["body"], each["more_body"]) for each in bodies] == [(b"first", True), (b"more", True)]
    assert [(each.getMessage(), each.exc_info) for each in caplog.records] == [
        ("a speech broke off: desk: the voice broke", None)
    ]
    assert left == ["the place"]
