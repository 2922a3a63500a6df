"""What a request says: its body, who sends it, what it expects to find."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from knowledge.editing import EditError, etag
from runtime.server.body import read_json
from visavis.errors import ClientError

BODY = 4 * 1024 * 1024
ROWS = 1_000
"""Rows of a batch."""
EDITOR = "X-Editor"
LIVE = "Visavis-Live"


async def read_object(request: Request, *, optional: bool = False) -> dict[str, Any]:
    """The body: a JSON object. Raises ClientError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if optional and not kind and request.headers.get("content-length", "0") == "0":
        return {}
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise ClientError("unsupported_media_type", "the body is not called JSON; send Content-Type: application/json")
    body = await read_json(request, BODY)
    if not isinstance(body, dict):
        raise ClientError("invalid", "the body is not an object; begin with {")
    return body


def rows(body: dict[str, Any], *, extra: Collection[str] = ()) -> list[Any]:
    """`items` of a body that has no other keys than `extra`. Raises EditError."""
    only(body, {"items", *extra})
    found = body.get("items")
    if not isinstance(found, list):
        raise EditError("invalid", "there is no list of rows", 'send {"items": […]}', where="items")
    if len(found) > ROWS:
        raise EditError("invalid", f"there are {len(found):,} rows", f"send at most {ROWS:,} at once", where="items")
    return found


def switched(body: dict[str, Any], key: str, *, default: bool | None = None) -> bool:
    """A value that is true or false. Raises EditError."""
    value = body.get(key, default)
    if not isinstance(value, bool):
        raise EditError("invalid", "it is not true or false", "write true or false", where=key)
    return value


def only(body: dict[str, Any], keys: Collection[str]) -> None:
    """Raises EditError for a key that means nothing."""
    for key in body:
        if key not in keys:
            raise EditError("invalid", "there is no such key", f"use: {', '.join(sorted(keys))}", where=key[:80])


def stated(record: dict[str, Any]) -> dict[str, Any]:
    """A record without the keys that are null."""
    return {key: value for key, value in record.items() if value is not None}


def editor_of(request: Request) -> str:
    """Who edits, as the client says: for the log."""
    said = "".join(each for each in request.headers.get(EDITOR, "") if each.isprintable()).strip()
    return said[:64] or "rest"


def tags(request: Request, header: str = "if-match") -> list[str] | None:
    """The strong tags of a precondition; None where there is none. A weak one matches nothing."""
    said = request.headers.get(header)
    return None if said is None else [each.strip() for each in said.split(",") if each.strip()]


def answer(request: Request, value: Any, tag: str | None = None) -> Response:
    """A representation with its tag; 304 where the client has it already."""
    tag = tag or etag(value)
    known = [each.removeprefix("W/") for each in tags(request, "if-none-match") or ()]
    if tag in known or "*" in known:
        return Response(status_code=304, headers={"ETag": tag})
    return JSONResponse(value, headers={"ETag": tag})


def written(record: Any, *, live: bool, at: str | None = None) -> Response:
    """What a write answers; `at` is the address of what is new."""
    headers = {LIVE: json.dumps(live)}
    if record is None:
        return Response(status_code=204, headers=headers)
    if at is not None:
        headers["Location"] = quote(at, safe="/:")
    return JSONResponse(record, 200 if at is None else 201, headers | {"ETag": etag(record)})


def paged(found: list[dict[str, Any]], key: str, q: str, offset: int, limit: int) -> dict[str, Any]:
    """A page of records and their tags; `q` is looked for in all that they say."""
    wanted = q.casefold()
    if wanted:
        found = [each for each in found if wanted in json.dumps(each, ensure_ascii=False).casefold()]
    page = found[offset : offset + limit]
    return {
        "total": len(found),
        "offset": offset,
        "limit": limit,
        "items": page,
        "etags": {each[key]: etag(each) for each in page},
    }
