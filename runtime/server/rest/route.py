"""What every route of the API has in common: the credential, the rate, errors in one shape."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from runtime.server.guard import Guard
from runtime.server.rest.problems import misused, problem, too_many, unauthorized
from runtime.server.throttle import Throttle
from visavis.clock import LoopClock
from visavis.errors import VisavisError

log = logging.getLogger(__name__)
RATE, BURST = 50.0, 500.0
"""Requests a second, and at once, of all clients together."""


def route_class(guard: Guard) -> type[APIRoute]:
    """Routes that ask for the credential and answer problems in the API's shape."""
    budget: list[Throttle] = []

    class Route(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def checked(request: Request) -> Response:
                reason = guard.refuses(request.headers)
                if reason is not None:
                    return unauthorized(reason)
                throttle = budget[0] if budget else Throttle(LoopClock(), RATE, BURST)
                budget[:] = [throttle]
                if throttle.overdrawn:
                    return too_many(1.0)
                throttle.charge(1)
                try:
                    return await handle(request)
                except RequestValidationError as error:
                    return await misused(request, error)
                except VisavisError as error:
                    return problem(error)
                except ClientDisconnect:
                    return Response(status_code=499)

            return checked

    return Route
