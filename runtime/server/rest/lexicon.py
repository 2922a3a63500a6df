"""The pronunciation lexicon over HTTP: its entries read, made, changed, taken away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Path, Query, Request, Response

from knowledge.editing import EditError
from knowledge.editing.changes import matches, merge
from runtime.lexicon_desk import LexiconDesk, Make, Record
from runtime.server.rest.openapi import gives, heeds, takes
from runtime.server.rest.requests import answer, paged, read_object, stated, tags, written

Id = Annotated[str, Path(description="The entry's id.", examples=["louvre"], max_length=64)]
Q = Annotated[str, Query(max_length=200, description="Only entries that hold this text.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=2_000)]
File = Annotated[str | None, Query(max_length=200, description="The file that it is put in.")]
EXAMPLE: dict[str, Any] = {"id": "louvre", "grapheme": "Louvre", "language": "en", "ipa": "ˈluːvɹə"}


class Pronounces(Protocol):
    """The house, as far as it matters here."""

    async def pronounce(self) -> bool:
        """Take the files as they are now; whether every voice speaks by them."""
        ...


def lexicon_routes(router: APIRouter, desk: LexiconDesk, house: Callable[[], Pronounces]) -> None:
    """Add the routes of the lexicon."""

    async def edited(name: str, make: Make, file: str | None = None) -> Response:
        done = await asyncio.to_thread(lambda: desk.edit(name, make, file=file))
        live = await house().pronounce()
        at = f"/api/lexicon/{done.record['id']}" if done.created and done.record is not None else None
        return written(done.record, live=live, at=at)

    @router.get(
        "/lexicon", summary="List the lexicon", responses=gives({200: "LexiconPage", 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    async def listed(request: Request, q: Q = "", offset: Offset = 0, limit: Limit = 100) -> Response:
        found = await asyncio.to_thread(desk.records)
        return answer(request, paged(found, "id", q, offset, limit))

    @router.post(
        "/lexicon", summary="Add to the lexicon", status_code=201,
        responses=gives({201: "LexiconEntry"}, writes=True), openapi_extra=takes("NewLexiconEntry", EXAMPLE),
    )  # fmt: skip
    async def made(request: Request, file: File = None) -> Response:
        record = stated(await read_object(request))
        name = record.get("id", "")
        return await edited(name if isinstance(name, str) else "", lambda current: _new(current, record), file)

    @router.get(
        "/lexicon/{id}", summary="One entry of the lexicon", responses=gives({200: "LexiconEntry", 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    async def read(request: Request, id: Id) -> Response:  # noqa: A002
        found = await asyncio.to_thread(desk.records)
        return answer(request, next((each for each in found if each["id"] == id), None) or _missing(id))

    @router.put(
        "/lexicon/{id}", summary="Set one entry of the lexicon",
        responses=gives({200: "LexiconEntry", 201: "LexiconEntry"}, writes=True),
        openapi_extra=takes("NewLexiconEntry", {k: v for k, v in EXAMPLE.items() if k != "id"}, preconditions=True),
    )  # fmt: skip
    async def put(request: Request, id: Id) -> Response:  # noqa: A002
        record, wanted = {"id": id, **stated(await read_object(request))}, tags(request)
        new_only = request.headers.get("if-none-match") == "*"
        return await edited(id, lambda current: _replaced(id, current, record, wanted, new_only))

    @router.patch(
        "/lexicon/{id}", summary="Change some keys of an entry of the lexicon",
        responses=gives({200: "LexiconEntry"}, writes=True),
        openapi_extra=takes("LexiconEntryPatch", {"alias": "loo-vruh"}, preconditions=True),
    )  # fmt: skip
    async def patch(request: Request, id: Id) -> Response:  # noqa: A002
        change, wanted = await read_object(request), tags(request)
        return await edited(id, lambda current: _named(id, merge(_there(id, current, wanted), change)))

    @router.delete(
        "/lexicon/{id}", summary="Remove an entry of the lexicon", status_code=204,
        responses=gives({204: None}, writes=True), openapi_extra=heeds("If-Match"),
    )  # fmt: skip
    async def delete(request: Request, id: Id) -> Response:  # noqa: A002
        wanted = tags(request)
        return await edited(id, lambda current: _gone(id, current, wanted))


def _missing(name: str) -> Record:
    raise EditError("not_found", f"the lexicon has no entry {name[:80]!r}", "list /api/lexicon for what there is")


def _there(name: str, current: Record | None, wanted: list[str] | None) -> Record:
    """The entry, when it is there and still what the client read."""
    found = _missing(name) if current is None else current
    matches(found, wanted)
    return found


def _gone(name: str, current: Record | None, wanted: list[str] | None) -> None:
    _there(name, current, wanted)


def _new(current: Record | None, record: Record) -> Record:
    if current is not None:
        problem = f"{record['id']!r} is there already"
        raise EditError("exists", problem, "give it another id, or change it", where="id")
    return record


def _replaced(name: str, current: Record | None, record: Record, wanted: list[str] | None, new_only: bool) -> Record:
    if wanted is not None:
        matches(current, wanted)
    if new_only and current is not None:
        raise EditError("stale", f"{name!r} is there already", "read it, and decide anew")
    return _named(name, record)


def _named(name: str, record: Record) -> Record:
    if record.get("id") != name:
        problem = f"{record.get('id')!r} is not the id of this entry, {name!r}"
        raise EditError("invalid", problem, "leave the id out", where="id")
    return record
