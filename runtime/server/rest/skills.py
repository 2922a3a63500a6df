"""Inside a skill: its intents, each with its questions in one transaction."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from knowledge.editing import Change, Done, created, merged, removed, replaced
from knowledge.editing.nested import intent_change, intent_of, named_intent
from runtime.server.rest.desk import Desk
from runtime.server.rest.openapi import EXAMPLES, gives, heeds, takes
from runtime.server.rest.records import Id, Limit, Name, Offset, Q
from runtime.server.rest.requests import answer, editor_of, paged, read_object, stated, tags, written

Intent = Annotated[str, Path(description="The intent's id.", examples=["ticket-price"])]
ALL = "/knowledge/{name}/skills/{id}/intents"
ONE = ALL + "/{intent}"


def skill_routes(router: APIRouter, desk: Desk) -> None:
    """Add the routes of intents."""
    example = EXAMPLES["skills"]["intents"][0]
    _many(router, desk, example)
    _one(router, desk, example)


def _many(router: APIRouter, desk: Desk, example: dict[str, object]) -> None:
    @router.get(
        ALL, summary="List the intents of a skill", responses=gives({200: "Intents", 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    async def listed(
        request: Request, name: Name, id: Id, q: Q = "", offset: Offset = 0, limit: Limit = 100  # noqa: A002
    ) -> Response:  # fmt: skip
        return answer(request, paged((await desk.open(name)).get("skills", id)["intents"], "id", q, offset, limit))

    @router.post(
        ALL, summary="Add an intent and its questions to a skill", status_code=201,
        responses=gives({201: "Intent"}, writes=True), openapi_extra=takes("NewIntent", example),
    )  # fmt: skip
    async def made(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        record = named_intent(await desk.open(name), stated(await read_object(request)))
        return await _written(request, desk, name, id, created("skills", record))


def _one(router: APIRouter, desk: Desk, example: dict[str, object]) -> None:
    @router.get(
        ONE, summary="One intent", responses=gives({200: "Intent", 304: None}), openapi_extra=heeds("If-None-Match")
    )
    async def read(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return answer(request, intent_of(await desk.open(name), id, intent))

    @router.put(
        ONE, summary="Set an intent and its questions", responses=gives({200: "Intent", 201: "Intent"}, writes=True),
        openapi_extra=takes("NewIntent", example, preconditions=True),
    )  # fmt: skip
    async def put(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        record, new_only = stated(await read_object(request)), request.headers.get("if-none-match") == "*"
        change = replaced("skills", intent, record, tags(request), new_only=new_only)
        return await _written(request, desk, name, id, change)

    @router.patch(
        ONE, summary="Change some keys of an intent", responses=gives({200: "Intent"}, writes=True),
        openapi_extra=takes("IntentPatch", {"enabled": False}, preconditions=True),
    )  # fmt: skip
    async def patch(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        change = merged("skills", intent, await read_object(request), tags(request))
        return await _written(request, desk, name, id, change)

    @router.delete(
        ONE, summary="Remove an intent and its questions", status_code=204, responses=gives({204: None}, writes=True),
        openapi_extra=heeds("If-Match", "X-Editor"),
    )  # fmt: skip
    async def delete(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return await _written(request, desk, name, id, removed("skills", intent, tags(request)))


async def _written(request: Request, desk: Desk, name: str, skill: str, inner: Change) -> Response:
    """Make the change of an intent that `inner` says, and answer with the intent."""
    made: list[tuple[object, object]] = []

    def make(current: dict[str, object] | None) -> dict[str, object] | None:
        new = inner.make(current)
        made[:] = [(current, new)]
        return new

    (done,), live = await desk.edit(name, [intent_change(skill, inner.id, make)], editor_of(request))
    assert isinstance(done, Done)
    before, after = made[0]
    at = f"/api/knowledge/{name}/skills/{skill}/intents/{inner.id}" if before is None else None
    return written(after, live=live, at=at)
