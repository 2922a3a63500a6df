"""Libraries as a whole: what there is, what was edited, the way back, and a question on trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from knowledge.editing import Edit, EditError
from runtime.server.rest.desk import Desk, summary
from runtime.server.rest.openapi import gives, heeds, takes
from runtime.server.rest.problems import fault
from runtime.server.rest.records import Limit, Name, Offset
from runtime.server.rest.requests import LIVE, answer, editor_of, only, read_object
from runtime.trying import reacted, tried

TEXT = 2_000
UNDOS = 100


def library_routes(router: APIRouter, desk: Desk) -> None:
    """Add the routes of libraries."""
    _told(router, desk)
    _edits(router, desk)
    _trial(router, desk)


def _told(router: APIRouter, desk: Desk) -> None:
    @router.get("/knowledge", summary="List the knowledge bases", responses=gives({200: "Libraries"}))
    async def listed(request: Request) -> Response:
        return answer(request, {"items": await desk.names()})

    @router.get(
        "/knowledge/{name}", summary="A knowledge base: what is in it, and what is wrong with it",
        responses=gives({200: "Library", 304: None}), openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    async def library(request: Request, name: Name) -> Response:
        served = desk.served(name)
        warnings = list(dict.fromkeys(each for _, dialog in served for each in dialog.warnings()))
        told: dict[str, Any] = {"name": name, "dialogs": [each for each, _ in served], "warnings": warnings}
        try:
            shelf = await desk.open(name)
        except EditError as error:
            if error.code != "broken":
                raise
            broken: dict[str, Any] = {
                "language": None,
                "files": [],
                "usable": False,
                "problem": fault(error),
                "kinds": {},
            }
            return answer(request, told | broken)
        files = [document.path.name for document, _ in shelf.parts]
        good = {"language": shelf.language, "files": files, "usable": True, "problem": None, "kinds": summary(shelf)}
        return answer(request, told | good)


def _edits(router: APIRouter, desk: Desk) -> None:
    @router.get(
        "/knowledge/{name}/audit", summary="Who changed what and when, newest first", responses=gives({200: "Audit"})
    )
    async def audit(request: Request, name: Name, offset: Offset = 0, limit: Limit = 100) -> Response:
        edits = (await desk.log(name))[::-1]
        page = [_edit(each) for each in edits[offset : offset + limit]]
        return answer(request, {"total": len(edits), "offset": offset, "limit": limit, "items": page})

    @router.post(
        "/knowledge/{name}/undo", summary="Take the last edits back", responses=gives({200: "Undone"}, writes=True),
        openapi_extra=takes("Undo", {"count": 1}, optional=True),
    )  # fmt: skip
    async def undo(request: Request, name: Name) -> Response:
        body = await read_object(request, optional=True)
        only(body, {"count"})
        count = body.get("count", 1)
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= UNDOS:
            raise EditError("invalid", "it is no such number", f"write a number from 1 to {UNDOS}", where="count")
        undone, live = await desk.undo(name, editor_of(request), count)
        return JSONResponse({"live": live, "undone": _edits_told(undone)}, headers={LIVE: str(live).lower()})


def _edits_told(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    return [_edit(each) for each in edits]


def _edit(edit: Edit) -> dict[str, Any]:
    changes = [
        {"kind": each.kind, "id": each.id, "file": each.file, "before": each.before, "after": each.after}
        for each in edit.changes
    ]
    return {"id": edit.id, "at": edit.at, "who": edit.who, "undoes": edit.undoes, "changes": changes}


def _trial(router: APIRouter, desk: Desk) -> None:
    @router.post(
        "/knowledge/{name}:try", summary="What would be answered, and why",
        responses=gives({200: "Tried"}, writes=True), openapi_extra=takes("Try", {"text": "When do you open?"}),
    )  # fmt: skip
    async def trial(request: Request, name: Name) -> Response:
        body = await read_object(request)
        only(body, {"text", "topic", "event", "context"})
        text, topic, event = _text(body, "text"), _text(body, "topic"), _fields(body, "event")
        if (text is None) == (event is None):
            raise EditError("invalid", "it needs either a text or an event", "send one of the two", where="text")
        knowledge = await desk.knowledge(name)
        given = _fields(body, "context") or {}
        if event is not None:
            if not isinstance(event.get("kind"), str):
                raise EditError("invalid", "the event has no kind", "say which: `kind`", where="event.kind")
            return JSONResponse(await reacted(knowledge, event, given=given))
        assert text is not None
        if topic is not None and topic not in knowledge.ids():
            raise EditError("not_found", f"there is no entry {topic[:80]!r}", "name one by its id", where="topic")
        return JSONResponse(await tried(knowledge, text, topic=topic, given=given))


def _text(body: dict[str, Any], key: str) -> str | None:
    value = body.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > TEXT:
        raise EditError("invalid", "it is no such text", f"write at most {TEXT:,} characters", where=key)
    return value


def _fields(body: dict[str, Any], key: str) -> dict[str, Any] | None:
    value = body.get(key)
    if value is not None and not isinstance(value, dict):
        raise EditError("invalid", "it is not an object", "begin it with {", where=key)
    return value
