"""`POST …/presence`: a sensor beside a screen tells whether somebody stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse

from runtime.control import Control
from runtime.house import House
from runtime.server.guard import Guard
from runtime.server.rest.openapi import gives
from runtime.server.rest.requests import only, read_object, switched
from runtime.server.rest.route import route_class
from visavis.errors import ClientError

Name = Annotated[str, Path(description="The dialog's name.", max_length=64)]
Id = Annotated[str, Path(description="The session's id, as `session.created` tells it.", max_length=64)]


def presence_routes(house: Callable[[], House], guard: Guard) -> APIRouter:
    """Both answer 202 with the number of sessions that were told; a passer-by and a lost moment change nothing."""
    router = APIRouter(prefix="/api", tags=["sessions"], route_class=route_class(guard))

    @router.post("/dialogs/{name}/presence", summary="A sensor sees somebody, or nobody", **_about("dialog"))
    async def beside_all(request: Request, name: Name) -> Response:
        seen = await _seen(request)
        if name not in house().dialogs:
            known = ", ".join(house().dialogs)
            raise ClientError("not_found", f"there is no dialog {name!r}; there are: {known}")
        return _told(seen, (each for each in house().sessions if each.dialog.name == name))

    @router.post(
        "/sessions/{id}/presence", summary="A sensor beside one screen sees somebody, or nobody", **_about("id")
    )
    async def beside_one(request: Request, id: Id) -> Response:  # noqa: A002
        return _told(await _seen(request), [house().sessions.find(id)])

    return router


def _about(of: str) -> dict[str, Any]:
    found: dict[int, str | None] = {202: None, 404: "Problem", 415: "Problem"}
    body = {
        "type": "object",
        "required": ["present"],
        "properties": {"present": {"type": "boolean", "description": "Whether somebody is seen now."}},
        "additionalProperties": False,
    }
    content = {"application/json": {"schema": body, "example": {"present": True}}}
    return {
        "status_code": 202,
        "responses": gives(found | ({410: "Problem"} if of == "id" else {})),
        "openapi_extra": {"requestBody": {"required": True, "content": content}},
    }


async def _seen(request: Request) -> bool:
    body = await read_object(request)
    only(body, {"present"})
    return switched(body, "present")


def _told(seen: bool, controls: Iterable[Control]) -> Response:
    sessions = 0
    for control in controls:
        control.session.sensed(seen)
        sessions += 1
    return JSONResponse({"present": seen, "sessions": sessions}, 202)
