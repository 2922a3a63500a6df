"""The dialogs that are served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from runtime.capabilities import brain
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.server.rest.openapi import gives
from runtime.server.rest.requests import answer


def dialog_routes(router: APIRouter, house: Callable[[], House]) -> None:
    """Add the routes of dialogs."""

    @router.get("/dialogs", summary="List the dialogs that are served", responses=gives({200: "Dialogs"}))
    async def listed(request: Request) -> Response:
        return answer(request, {"items": [_told(each) for each in house().dialogs.values()]})


def _told(dialog: LiveDialog) -> dict[str, Any]:
    settings, warnings = dialog.settings, dialog.warnings()
    return {
        "name": dialog.name,
        "language": dialog.language,
        "title": settings.page.title or dialog.name,
        "knowledge": list(settings.knowledge),
        "avatar": settings.avatar,
        "brain": brain(settings),
        "state": "degraded" if warnings else "ready",
        "warnings": warnings,
    }
