"""The questions of an FAQ entry or an intent: added and reworded many at once, with a result for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from knowledge.editing import Change, EditError
from knowledge.editing.nested import asked, intent_change, intent_of, questions, wording
from runtime.server.rest.desk import Desk
from runtime.server.rest.openapi import gives, heeds, takes
from runtime.server.rest.problems import STATUS, fault
from runtime.server.rest.records import Id, Name
from runtime.server.rest.requests import LIVE, answer, editor_of, read_object, rows, switched, tags, written
from runtime.server.rest.skills import ONE, Intent

FAQ = "/knowledge/{name}/faq/{id}/questions"
INTENT = ONE + "/questions"
Texts = Annotated[str, Query(max_length=1_000, description="The question, as it is written.")]
Apply = Callable[[list[str], Any], list[str]]
"""The questions after one row of a batch. Raises EditError."""


def question_routes(router: APIRouter, desk: Desk) -> None:
    """Add the routes of questions."""
    _of_entries(router, desk)
    _of_intents(router, desk)


def _of_entries(router: APIRouter, desk: Desk) -> None:
    def where(id: str) -> Callable[[Any], Change]:  # noqa: A002
        return lambda make: Change("faq", id, make)

    async def read(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return _listed(request, (await desk.open(name)).get("faq", id))

    async def put(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return await _replaced(request, desk, name, where(id))

    async def add(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return await _rows(request, desk, name, where(id), _added)

    async def reword(request: Request, name: Name, id: Id) -> Response:  # noqa: A002
        return await _rows(request, desk, name, where(id), _reworded)

    async def remove(request: Request, name: Name, id: Id, text: Texts) -> Response:  # noqa: A002
        return await _removed(request, desk, name, where(id), text)

    _register(router, FAQ, "an entry", read, put, add, reword, remove)


def _of_intents(router: APIRouter, desk: Desk) -> None:
    def where(id: str, intent: str) -> Callable[[Any], Change]:  # noqa: A002
        return lambda make: intent_change(id, intent, make)

    async def read(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return _listed(request, intent_of(await desk.open(name), id, intent))

    async def put(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return await _replaced(request, desk, name, where(id, intent))

    async def add(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return await _rows(request, desk, name, where(id, intent), _added)

    async def reword(request: Request, name: Name, id: Id, intent: Intent) -> Response:  # noqa: A002
        return await _rows(request, desk, name, where(id, intent), _reworded)

    async def remove(request: Request, name: Name, id: Id, intent: Intent, text: Texts) -> Response:  # noqa: A002
        return await _removed(request, desk, name, where(id, intent), text)

    _register(router, INTENT, "an intent", read, put, add, reword, remove)


def _register(
    router: APIRouter, at: str, whose: str, read: Any, put: Any, add: Any, reword: Any, remove: Any
) -> None:  # fmt: skip
    example = {"items": ["Where can I park?", "Is there a car park?"]}
    router.add_api_route(
        at, read, methods=["GET"], summary=f"The questions of {whose}", responses=gives({200: "Questions", 304: None}),
        openapi_extra=heeds("If-None-Match"),
    )  # fmt: skip
    router.add_api_route(
        at, put, methods=["PUT"], summary=f"Set the questions of {whose}",
        responses=gives({200: "Questions"}, writes=True), openapi_extra=takes("Questions", example, preconditions=True),
    )  # fmt: skip
    router.add_api_route(
        at, add, methods=["POST"], summary=f"Add questions to {whose}", responses=gives({200: "Results"}, writes=True),
        openapi_extra=takes("QuestionBatch", example, preconditions=True),
    )  # fmt: skip
    rewording = {"items": [{"text": "Where can I park?", "to": "Where do I leave my car?"}]}
    router.add_api_route(
        at, reword, methods=["PATCH"], summary=f"Reword questions of {whose}",
        responses=gives({200: "Results"}, writes=True),
        openapi_extra=takes("RewordingBatch", rewording, preconditions=True),
    )  # fmt: skip
    router.add_api_route(
        at, remove, methods=["DELETE"], summary=f"Remove a question of {whose}", status_code=204,
        responses=gives({204: None}, writes=True), openapi_extra=heeds("If-Match", "X-Editor"),
    )  # fmt: skip


# ── what they do ──
def _listed(request: Request, record: dict[str, Any]) -> Response:
    return answer(request, {"items": questions(record)})


async def _replaced(request: Request, desk: Desk, name: str, where: Callable[[Any], Change]) -> Response:
    new: list[str] = []
    for index, each in enumerate(rows(await read_object(request))):
        new.append(_at(index, lambda text: wording(text, new), each))
    _, live = await desk.edit(name, [where(asked(tags(request), lambda _: new))], editor_of(request))
    return written({"items": new}, live=live)


async def _removed(request: Request, desk: Desk, name: str, where: Callable[[Any], Change], text: str) -> Response:
    def without(now: list[str]) -> list[str]:
        _must_hold(now, text)
        return [each for each in now if each != text]

    _, live = await desk.edit(name, [where(asked(tags(request), without))], editor_of(request))
    return written(None, live=live)


async def _rows(request: Request, desk: Desk, name: str, where: Callable[[Any], Change], apply: Apply) -> Response:
    body = await read_object(request)
    found, atomic = rows(body, extra={"atomic"}), switched(body, "atomic", default=False)
    results: list[dict[str, Any]] = []

    def make(now: list[str]) -> list[str]:
        results.clear()
        for index, row in enumerate(found):
            try:
                now = _at(index, lambda each: apply(now, each), row)  # noqa: B023
                results.append({"index": index, "id": None, "status": 200})
            except EditError as error:
                if atomic:
                    raise
                results.append({"index": index, "id": None, "status": STATUS[error.code], "error": fault(error)})
        return now

    _, live = await desk.edit(name, [where(asked(tags(request), make))], editor_of(request))
    bad = sum("error" in each for each in results)
    told = {"done": len(results) - bad, "refused": bad, "live": live, "results": results}
    return JSONResponse(told, headers={LIVE: str(live).lower()})


def _added(now: list[str], row: Any) -> list[str]:
    return [*now, wording(row, now)]


def _reworded(now: list[str], row: Any) -> list[str]:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or set(row) - {"text", "to"}:
        raise EditError("invalid", "the row does not say which question", 'send {"text": …, "to": …}')
    _must_hold(now, row["text"])
    others = [each for each in now if each != row["text"]]
    new = wording(row.get("to"), others)
    return [new if each == row["text"] else each for each in now]


def _must_hold(now: list[str], text: str) -> None:
    if text not in now:
        raise EditError("not_found", f"{text[:80]!r} is not asked", "list the questions")


def _at(index: int, work: Callable[[Any], Any], row: Any) -> Any:
    try:
        return work(row)
    except EditError as error:
        error.where = f"items[{index}]"
        raise
