"""The web application: the session socket, the kiosk page, health."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from runtime.house import House
from runtime.server.chat import chat_routes
from runtime.server.control import control_routes
from runtime.server.guard import Guard, subprotocol
from runtime.server.guarded import Guarded
from runtime.server.presence import presence_routes
from runtime.server.realtime import Connection
from runtime.server.rest import describe, misused, rest_routes
from runtime.server.speech import speech_routes
from runtime.server.transcriptions import transcription_routes
from runtime.server.visitors import visitor_routes
from runtime.server.voice_desk import VoiceDesk
from runtime.server.voice_trial import trial_routes
from runtime.server.voices import voice_routes
from runtime.settings import Installation
from visavis.clock import LoopClock

log = logging.getLogger(__name__)

WEB = Path(__file__).parent.parent / "web"
PLACES = 64
"""Sessions at once; more are refused."""
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data: blob:; "
    "media-src 'self' blob:; worker-src 'self' blob:; frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(self)",
    "Cache-Control": "no-cache",
}


def make_app(
    installation: Installation,
    guard: Guard,
    *,
    dialog: str | None = None,
    places: int = PLACES,
    on_ready: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application of an installation, for `places` sessions at once; with `dialog` it opens that one alone."""
    sessions: set[Connection] = set()
    voices = VoiceDesk(installation, lambda: app.state.house)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        chosen = None if dialog is None else [installation.dialog(dialog)]
        try:
            app.state.house = house = await House.open(installation, LoopClock(), chosen, soon=True)
        except Exception as error:
            app.state.problem = error
            raise
        house.attend()
        voices.resume()
        on_ready()
        try:
            yield
        finally:
            await voices.close()
            await house.close()

    app = FastAPI(
        title="Visavis",
        version=version("visavis"),
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        exception_handlers={HTTPException: misused},
    )
    app.state.problem = None

    def refusal(headers: Headers) -> Response | None:
        reason = guard.refuses(headers, secret=False)
        return None if reason is None else _refusal(reason)

    app.add_middleware(Guarded, refusal=refusal, headers=HEADERS)

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        house: House = app.state.house
        return JSONResponse({"status": "ready", "dialogs": sorted(house.dialogs), "warnings": house.warnings()})

    @app.get("/", include_in_schema=False)
    async def front() -> RedirectResponse:
        return RedirectResponse(f"/kiosk/{next(iter(app.state.house.dialogs))}")

    @app.get("/kiosk/{name}", include_in_schema=False)
    async def kiosk(name: str) -> Response:
        house: House = app.state.house
        if name not in house.dialogs:
            known = ", ".join(house.dialogs)
            return HTMLResponse(f"<!doctype html><title>Visavis</title><p>No such dialog. There are: {known}.", 404)
        return FileResponse(WEB / "kiosk.html")

    @app.get("/studio/knowledge", include_in_schema=False)
    async def studio() -> Response:
        return FileResponse(WEB / "studio" / "knowledge.html")

    @app.get("/studio/voices", include_in_schema=False)
    async def voices_page() -> Response:
        return FileResponse(WEB / "studio" / "voices.html")

    @app.get("/studio/behavior", include_in_schema=False)
    async def behavior_page() -> Response:
        return FileResponse(WEB / "studio" / "behavior.html")

    @app.get("/media/{name}/{picture:path}", include_in_schema=False)
    async def media(name: str, picture: str) -> Response:
        """A picture that an answer card of the dialog names; nothing else can be asked for."""
        house: House = app.state.house
        path = house.dialogs[name].pictures().get(picture) if name in house.dialogs else None
        return FileResponse(path) if path is not None and path.is_file() else Response(status_code=404)

    app.include_router(chat_routes(lambda: app.state.house, guard))
    app.include_router(speech_routes(lambda: app.state.house, guard))
    app.include_router(transcription_routes(lambda: app.state.house, guard))
    app.include_router(visitor_routes(lambda: app.state.house, guard))
    app.include_router(voice_routes(voices, guard))
    app.include_router(trial_routes(installation, lambda: app.state.house, voices, guard))
    app.include_router(presence_routes(lambda: app.state.house, guard))
    app.include_router(control_routes(lambda: app.state.house.sessions, guard))
    app.include_router(rest_routes(installation, lambda: app.state.house, guard))
    describe(app)
    app.mount("/static", StaticFiles(directory=WEB), name="static")

    @app.websocket("/v1/realtime")
    async def realtime(socket: WebSocket) -> None:
        reason = guard.refuses(socket.headers)
        if reason is not None:
            log.warning("a connection was refused: %s", reason)
            await socket.send_denial_response(_refusal(reason))
            return
        house: House = app.state.house
        await socket.accept(subprotocol(socket.headers))
        name = socket.query_params.get("model") or next(iter(house.dialogs))
        if name not in house.dialogs:
            known = ", ".join(house.dialogs)
            await _refuse(socket, "model_not_found", f"there is no dialog {name[:64]!r}; there are: {known}", 1008)
            return
        if len(sessions) >= places:
            await _refuse(socket, "at_capacity", f"all {places} places are taken; try again later", 1013)
            return
        connection = Connection(socket, house.dialogs[name], house.clock, house.sessions)
        sessions.add(connection)
        try:
            await connection.run()
        finally:
            sessions.discard(connection)

    return app


def _refusal(reason: str) -> Response:
    return JSONResponse({"error": {"code": "refused", "message": reason}}, 403, HEADERS)


async def _refuse(socket: WebSocket, code: str, message: str, close: int) -> None:
    error = {"type": "invalid_request_error", "code": code, "message": message, "param": None, "event_id": None}
    with suppress(WebSocketDisconnect, RuntimeError):  # who asked may be gone
        await socket.send_text(json.dumps({"type": "error", "event_id": "event_0", "error": error}))
        await socket.close(close, code)
