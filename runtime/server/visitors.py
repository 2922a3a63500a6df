"""`DELETE /api/visitors/{id}`: a visitor wants to be forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from runtime.house import House
from runtime.server.guard import Guard

log = logging.getLogger(__name__)

LONGEST = 128
"""Characters of an id."""


def visitor_routes(house: Callable[[], House], guard: Guard) -> APIRouter:
    """The route; it answers 200 `{"deleted": true}`, or false where nothing was known."""
    router = APIRouter(prefix="/api/visitors", tags=["visitors"])

    @router.delete("/{visitor}", summary="Forget a visitor")
    async def forget(visitor: str, request: Request) -> Response:
        reason = guard.refuses(request.headers)
        if reason is not None:
            return JSONResponse({"error": {"code": "refused", "message": reason}}, 401)
        if len(visitor) > LONGEST:
            return JSONResponse({"error": {"code": "invalid_value", "message": "the id is too long"}}, 400)
        keepers = [dialog.visitors for dialog in house().dialogs.values() if dialog.visitors is not None]
        try:
            deleted = [await each.delete(visitor) for each in keepers]
        except OSError as error:
            log.error("a visitor cannot be deleted: %s", error.strerror)
            return JSONResponse({"error": {"code": "failed", "message": "the file cannot be deleted"}}, 500)
        return JSONResponse({"deleted": any(deleted)})

    return router
