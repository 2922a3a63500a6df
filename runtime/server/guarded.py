"""What every request and every answer passes: who may ask at all, and the headers that pages are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Guarded:
    """An application around `app`.

    It sees messages, not answers: a body that breaks off must reach the client as one that does, without its last
    chunk, which Starlette's own middleware would add.
    """

    def __init__(
        self,
        app: ASGIApp,
        refusal: Callable[[Headers], Response | None],
        headers: Mapping[str, str],
    ) -> None:
        self._app, self._refusal, self._headers = app, refusal, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    found.setdefault(name, value)
            await send(message)

        await (self._refusal(Headers(scope=scope)) or self._app)(scope, receive, sent)
