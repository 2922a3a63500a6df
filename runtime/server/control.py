"""`/api/sessions`: who is being talked with, and what an operator or a program has the avatar do."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from runtime.control import Control, block_facts, order_facts
from runtime.orders import Placed
from runtime.server.control_request import (
    BLOCK,
    ActionOrder,
    BackgroundOrder,
    BmlOrder,
    CardOrder,
    EmotionOrder,
    FeedbackOrder,
    FreezeOrder,
    MuteOrder,
    SpeakOrder,
    TakeoverOrder,
)
from runtime.server.guard import Guard
from runtime.server.rest.openapi import gives, takes
from runtime.server.rest.requests import read_object
from runtime.server.rest.route import route_class
from runtime.sessions import Sessions
from visavis.errors import ClientError

log = logging.getLogger(__name__)

Id = Annotated[str, Path(description="The session's id, as `session.created` tells it.", max_length=64)]
OrderId = Annotated[str, Path(description="The order's id.", max_length=64)]
After = Annotated[int, Query(ge=0, le=1 << 53, description="Only decisions after this number.")]
Asked = TypeVar("Asked", bound=BaseModel)
SPEAK = {"text": "The guided tour begins in five minutes.", "urgency": "next", "emotion": "happy", "action": "wave"}


def control_routes(sessions: Callable[[], Sessions], guard: Guard) -> APIRouter:
    """The routes below `/api/sessions`."""
    router = APIRouter(prefix="/api/sessions", tags=["sessions"], route_class=route_class(guard))
    _told(router, sessions)
    _orders(router, sessions)
    _set(router, sessions)
    return router


def _told(router: APIRouter, sessions: Callable[[], Sessions]) -> None:
    @router.get("", summary="List the sessions that live", responses=gives({200: "SessionRows"}))
    async def listed() -> Response:
        return JSONResponse({"items": [each.facts() for each in sessions()]})

    @router.get("/{id}", summary="How a session stands", responses=_gives({200: "SessionRow"}))
    async def read(id: Id) -> Response:  # noqa: A002
        return JSONResponse(sessions().find(id).facts())

    @router.get(
        "/{id}/behavior", summary="What the session's tree is doing and why", responses=_gives({200: "Behaviour"})
    )
    async def behavior(id: Id, after: After = 0) -> Response:  # noqa: A002
        return JSONResponse(sessions().find(id).session.behavior(after))

    lines = {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}

    @router.get(
        "/{id}/behavior/record", summary="What the tree perceived and decided, to be read or lived through again",
        responses={**_gives({200: None}), 200: {"description": "A JSON value a line; no word of a visitor.", **lines}},
    )  # fmt: skip
    async def record(id: Id) -> Response:  # noqa: A002
        control = sessions().find(id)
        named = {"Content-Disposition": f'attachment; filename="{control.id}.jsonl"'}
        told = "".join(f"{line}\n" for line in control.session.behaved())
        return Response(told, media_type="application/x-ndjson", headers=named)

    @router.delete("/{id}", summary="End a session", status_code=204, responses=_gives({204: None}))
    async def delete(id: Id) -> Response:  # noqa: A002
        sessions().find(id).finish()
        return Response(status_code=204)


def _orders(router: APIRouter, sessions: Callable[[], Sessions]) -> None:
    @router.post(
        "/{id}/speak", summary="Have a text said, plain or SSML", status_code=202,
        responses=_gives({202: "PlacedOrder"}, writes=True), openapi_extra=takes("SpeakOrder", SPEAK),
    )  # fmt: skip
    async def speak(request: Request, id: Id) -> Response:  # noqa: A002
        asked = _read(SpeakOrder, await read_object(request))
        placed = await sessions().find(id).speak(asked.text, asked.urgency, asked.emotion, asked.action or "")
        return _placed(id, placed)

    @router.post(
        "/{id}/action", summary="Have an action done", status_code=202,
        responses=_gives({202: "PlacedOrder"}, writes=True), openapi_extra=takes("ActionOrder", {"name": "wave"}),
    )  # fmt: skip
    async def act(request: Request, id: Id) -> Response:  # noqa: A002
        asked = _read(ActionOrder, await read_object(request))
        return _placed(id, sessions().find(id).act(asked.name, asked.urgency))

    @router.post(
        "/{id}/bml", summary="Have a block of BML performed", status_code=202,
        responses=_gives({202: "PlacedBlock"}, writes=True), openapi_extra=takes("BmlOrder", {"bml": BLOCK}),
    )  # fmt: skip
    async def perform(request: Request, id: Id) -> Response:  # noqa: A002
        asked = _read(BmlOrder, await read_object(request))
        return JSONResponse(block_facts(await sessions().find(id).perform(asked.bml)), 202)

    @router.get("/{id}/orders", summary="The last orders, the newest first", responses=_gives({200: "PlacedOrders"}))
    async def listed(id: Id) -> Response:  # noqa: A002
        return JSONResponse({"items": [order_facts(each) for each in sessions().find(id).session.orders.all]})

    @router.get("/{id}/orders/{order}", summary="What became of an order", responses=_gives({200: "PlacedOrder"}))
    async def read(id: Id, order: OrderId) -> Response:  # noqa: A002
        return JSONResponse(order_facts(sessions().find(id).session.orders.find(order)))

    @router.delete(
        "/{id}/orders/{order}", summary="Take an order back, or end it", responses=_gives({200: "PlacedOrder"})
    )
    async def withdraw(id: Id, order: OrderId) -> Response:  # noqa: A002
        session = sessions().find(id).session
        placed = session.orders.find(order)
        session.withdraw(placed)
        return JSONResponse(order_facts(placed))


def _set(router: APIRouter, sessions: Callable[[], Sessions]) -> None:
    """The steps that change how the session stands; each answers with that."""

    async def stopped(control: Control) -> None:
        control.stop()

    async def felt(control: Control, asked: EmotionOrder) -> None:
        control.feel(asked.label, asked.intensity, asked.for_s)

    async def dressed(control: Control, asked: BackgroundOrder) -> None:
        await control.background(asked.colour or "", asked.picture or "")

    async def shown(control: Control, asked: CardOrder) -> None:
        await control.card(asked.card)

    async def muted(control: Control, asked: MuteOrder) -> None:
        control.mute(asked.muted)

    async def taken(control: Control, asked: TakeoverOrder) -> None:
        control.take_over(asked.taken)

    async def frozen(control: Control, asked: FreezeOrder) -> None:
        control.freeze(asked.frozen)

    async def rated(control: Control, asked: FeedbackOrder) -> None:
        control.rate(asked.like, asked.turn)

    @router.post("/{id}/stop", summary="End what is said and give up all orders", responses=_gives({200: "SessionRow"}))
    async def stop(id: Id) -> Response:  # noqa: A002
        control = sessions().find(id)
        await stopped(control)
        return JSONResponse(control.facts())

    def step(
        name: str, summary: str, shape: type[Asked], do: Callable[[Control, Asked], Awaitable[None]], like: Any
    ) -> None:
        async def endpoint(request: Request, id: Id) -> Response:  # noqa: A002
            asked = _read(shape, await read_object(request))
            control = sessions().find(id)
            await do(control, asked)
            return JSONResponse(control.facts())

        router.add_api_route(
            f"/{{id}}/{name}", endpoint, methods=["POST"], summary=summary, name=name,
            responses=_gives({200: "SessionRow"}, writes=True), openapi_extra=takes(shape.__name__, like),
        )  # fmt: skip

    step("emotion", "Show an emotion for a while", EmotionOrder, felt, {"label": "happy", "for_s": 10})
    step("background", "Stand before a colour or a picture", BackgroundOrder, dressed, {"colour": "#223344"})
    step("card", "Show a card", CardOrder, shown, {"title": "Tickets", "text": "Nine euros."})
    step("mute", "Speak without a sound, or aloud again", MuteOrder, muted, {"muted": True})
    step("takeover", "Speak as the avatar, or give it back", TakeoverOrder, taken, {"taken": True})
    step("freeze", "Silence the avatar for safety, or let it go on", FreezeOrder, frozen, {"frozen": True})
    step("feedback", "Tell whether the visitor likes an answer", FeedbackOrder, rated, {"like": True})


def _gives(found: dict[int, str | None], *, writes: bool = False) -> dict[int | str, dict[str, Any]]:
    return gives(found | {410: "Problem"}, writes=writes)


def _read(shape: type[Asked], body: dict[str, Any]) -> Asked:
    """The body as it was meant. Raises ClientError."""
    try:
        return shape.model_validate({key: value for key, value in body.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        problem = f"{place}: {first['msg']}; correct it, /openapi.json shows an example"
        raise ClientError("invalid_value", problem, param=place) from error


def _placed(name: str, placed: Placed) -> Response:
    at = f"/api/sessions/{name}/orders/{placed.order.id}"
    return JSONResponse(order_facts(placed), 202, {"Location": at})
