"""The records of one kind: read, made, changed, taken away, alone and many at once."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from knowledge.editing import Change, Done, EditError, Switch, created, etag, key_of, merged, removed, replaced
from runtime.server.rest.desk import Desk, tag_of
from runtime.server.rest.openapi import EXAMPLES, NAMES, gives, heeds, takes
from runtime.server.rest.problems import STATUS, fault
from runtime.server.rest.requests import (
    LIVE,
    answer,
    editor_of,
    only,
    paged,
    read_object,
    rows,
    stated,
    switched,
    tags,
    written,
)

Name = Annotated[str, Path(description="A knowledge base, by its name.", examples=["museum"])]
Id = Annotated[str, Path(description="The record's id, a document's path.", examples=["opening-hours"])]
Q = Annotated[str, Query(max_length=200, description="Only records that hold this text.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=1_000)]
File = Annotated[str | None, Query(max_length=200, description="The file that it is put in.")]


def record_routes(router: APIRouter, desk: Desk, kind: str) -> None:
    """Add the routes of a kind."""
    _many(router, desk, kind)
    _switch(router, desk, kind)
    _batches(router, desk, kind)
    _one(router, desk, kind)


def _many(router: APIRouter, desk: Desk, kind: str) -> None:
    key, name_of = key_of(kind), NAMES[kind]

    @router.get(
        f"/knowledge/{{name}}/{kind}", summary=f"List {kind}", responses=gives({200: "Page", 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    async def listed(request: Request, name: Name, q: Q = "", offset: Offset = 0, limit: Limit = 100) -> Response:
        shelf = await desk.open(name)
        page, tag = await asyncio.to_thread(
            lambda: (paged(shelf.records(kind), key, q, offset, limit), tag_of(shelf, kind))
        )
        return answer(request, {"enabled": shelf.enabled(kind), **page}, tag)

    @router.post(
        f"/knowledge/{{name}}/{kind}", summary=f"Add to {kind}", status_code=201,
        responses=gives({201: name_of}, writes=True),
        openapi_extra=takes(name_of if kind == "documents" else f"New{name_of}", EXAMPLES[kind]),
    )  # fmt: skip
    async def made(request: Request, name: Name, file: File = None) -> Response:
        record = stated(await read_object(request))
        (done,), live = await desk.edit(name, [created(kind, record, file)], editor_of(request))
        assert isinstance(done, Done)
        return written(done.record, live=live, at=f"/api/knowledge/{name}/{kind}/{done.id}")


def _switch(router: APIRouter, desk: Desk, kind: str) -> None:
    @router.get(
        f"/knowledge/{{name}}/{kind}/enabled",
        summary=f"Whether {kind} are switched on",
        responses=gives({200: "Enabled"}),
    )
    async def enabled(request: Request, name: Name) -> Response:
        return answer(request, {"enabled": (await desk.open(name)).enabled(kind)})

    @router.put(
        f"/knowledge/{{name}}/{kind}/enabled", summary=f"Switch {kind} on or off",
        responses=gives({200: "Enabled"}, writes=True), openapi_extra=takes("Enabled", {"enabled": False}),
    )  # fmt: skip
    async def switch(request: Request, name: Name) -> Response:
        body = await read_object(request)
        only(body, {"enabled"})
        _, live = await desk.edit(name, [Switch(kind, switched(body, "enabled"))], editor_of(request))
        return written({"enabled": body["enabled"]}, live=live)


def _batches(router: APIRouter, desk: Desk, kind: str) -> None:
    key, example = key_of(kind), EXAMPLES[kind]

    @router.post(
        f"/knowledge/{{name}}/{kind}:batch", summary=f"Add many to {kind}",
        responses=gives({200: "Results"}, writes=True), openapi_extra=takes("Batch", {"items": [example]}),
    )  # fmt: skip
    async def add(request: Request, name: Name, file: File = None) -> Response:
        def change(row: dict[str, Any]) -> Change:
            return created(kind, stated(row), file)

        return await _batch(request, desk, name, kind, change)

    @router.patch(
        f"/knowledge/{{name}}/{kind}:batch", summary=f"Change many of {kind}",
        responses=gives({200: "Results"}, writes=True),
        openapi_extra=takes("Batch", {"items": [{key: example[key], "enabled": False}]}),
    )  # fmt: skip
    async def modify(request: Request, name: Name) -> Response:
        def change(row: dict[str, Any]) -> Change:
            if not isinstance(row.get(key), str):
                raise EditError("invalid", f"the row has no {key}", f"say which record it is for: `{key}`", where=key)
            tag = row.pop("etag", None)
            return merged(kind, row[key], row, None if tag is None else [str(tag)])

        return await _batch(request, desk, name, kind, change)


async def _batch(request: Request, desk: Desk, name: str, kind: str, change: Any) -> Response:
    desk.supports(name, kind)
    body = await read_object(request)
    found, atomic = rows(body, extra={"atomic"}), switched(body, "atomic", default=False)
    changes: dict[int, Change] = {}
    refused: dict[int, EditError] = {}
    for index, row in enumerate(found):
        try:
            if not isinstance(row, dict):
                raise EditError("invalid", "the row is not an object", "begin it with {")
            changes[index] = change(row)
        except EditError as error:
            error.where, error.row = _at(index, error.where), index
            if atomic:
                raise
            refused[index] = error
    try:
        made, live = await desk.edit(name, list(changes.values()), editor_of(request), atomic=atomic)
    except EditError as error:
        if error.row is not None:
            error.where = _at(list(changes)[error.row], error.where)
        raise
    done = dict(zip(changes, made, strict=True))
    for index, each in done.items():
        if isinstance(each, EditError):
            each.where = _at(index, each.where)
    results = [_row(index, refused.get(index) or done[index]) for index in range(len(found))]
    bad = sum("error" in each for each in results)
    told = {"done": len(results) - bad, "refused": bad, "live": live, "results": results}
    return JSONResponse(told, headers={LIVE: str(live).lower()})


def _at(index: int, where: str) -> str:
    return f"items[{index}].{where}" if where else f"items[{index}]"


def _row(index: int, found: Done | EditError) -> dict[str, Any]:
    if isinstance(found, EditError):
        return {"index": index, "id": None, "status": STATUS[found.code], "error": fault(found)}
    return {"index": index, "id": found.id, "status": 201 if found.created else 200, "etag": etag(found.record)}


def _one(router: APIRouter, desk: Desk, kind: str) -> None:
    name_of = NAMES[kind]
    address = f"/knowledge/{{name}}/{kind}/" + ("{id:path}" if kind == "documents" else "{id}")

    async def read(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return answer(request, (await desk.open(name)).get(kind, id))

    async def put(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        record, new_only = stated(await read_object(request)), request.headers.get("if-none-match") == "*"
        change = replaced(kind, id, record, tags(request), new_only=new_only)
        return await _written(request, name, change)

    async def patch(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return await _written(request, name, merged(kind, id, await read_object(request), tags(request)))

    async def delete(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return await _written(request, name, removed(kind, id, tags(request)))

    async def _written(request: Request, name: str, change: Change) -> Response:
        (done,), live = await desk.edit(name, [change], editor_of(request))
        assert isinstance(done, Done)
        at = f"/api/knowledge/{name}/{kind}/{done.id}" if done.created else None
        return written(done.record, live=live, at=at)

    example = {key: value for key, value in EXAMPLES[kind].items() if key != key_of(kind)}
    some = {"enabled": False}
    router.add_api_route(
        address, read, methods=["GET"], summary=f"One of {kind}", responses=gives({200: name_of, 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    router.add_api_route(
        address, put, methods=["PUT"], summary=f"Set one of {kind}",
        responses=gives({200: name_of, 201: name_of}, writes=True),
        openapi_extra=takes(f"New{name_of}", example, preconditions=True),
    )  # fmt: skip
    router.add_api_route(
        address, patch, methods=["PATCH"], summary=f"Change some keys of one of {kind}",
        responses=gives({200: name_of}, writes=True), openapi_extra=takes(f"{name_of}Patch", some, preconditions=True),
    )  # fmt: skip
    router.add_api_route(
        address, delete, methods=["DELETE"], summary=f"Remove one of {kind}", status_code=204,
        responses=gives({204: None}, writes=True), openapi_extra=heeds("If-Match", "X-Editor"),
    )  # fmt: skip
