"""What goes wrong, in one shape: what, where, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from knowledge.editing import EditError
from visavis.errors import ClientError, VisavisError

STATUS = {
    "invalid_json": 400,
    "unauthorized": 401,
    "refused": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "exists": 409,
    "broken": 409,
    "no_consent": 409,
    "frozen": 409,
    "gone": 410,
    "unsupported": 409,
    "changed_since": 409,
    "stale": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "invalid": 422,
    "too_many_requests": 429,
    "failed": 500,
    "busy": 503,
}


class Fault(BaseModel):
    """What was wrong, where, and what to do; `message` is all of it in one line."""

    code: str = Field(examples=["invalid"])
    message: str
    problem: str = Field(examples=["the key is missing"])
    where: str = Field(examples=["say"], description="A key of the body, or a file and its line.")
    remedy: str = Field(examples=["add `say: …`"])


class Problem(BaseModel):
    """An answer to a request that was not carried out; nothing was changed."""

    error: Fault


def fault(error: EditError) -> dict[str, Any]:
    """The description of a refused edit, as `error` holds it."""
    return _told(error.code, error.problem, error.where, error.remedy)


def problem(error: VisavisError) -> Response:
    """The answer to a request that raised a known error."""
    if isinstance(error, EditError):
        return _answer(_told(error.code, error.problem, error.where, error.remedy))
    if isinstance(error, ClientError):
        what, _, remedy = str(error).partition("; ")
        what = what.removeprefix(f"{error.param}: ") if error.param else what
        code = error.code if error.code in STATUS else "invalid"
        return _answer(_told(code, what, error.param or "body", remedy))
    return _answer(_told("busy", str(error), "", "try again in a moment"))


def unauthorized(reason: str) -> Response:
    """The answer to a request without the right credential."""
    told = _told("unauthorized", reason, "Authorization", "send `Authorization: Bearer TOKEN`")
    return _answer(told, {"WWW-Authenticate": "Bearer"})


def too_many(wait_s: float) -> Response:
    """The answer to a client that asks too often."""
    told = _told("too_many_requests", "there were too many requests", "", f"wait {wait_s:.0f} s, or send rows together")
    return _answer(told, {"Retry-After": f"{max(wait_s, 1):.0f}"})


async def misused(_: Request, error: Exception) -> Response:
    """The answer to a request that no route takes, or with a parameter that cannot be used."""
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _answer(_told("invalid", first["msg"], where, "correct the parameter"))
    assert isinstance(error, HTTPException)
    code = "method_not_allowed" if error.status_code == 405 else "not_found"
    remedy = "see /openapi.json for what there is"
    told = _told(code, str(error.detail).lower(), "", remedy)
    return JSONResponse({"error": told}, error.status_code, dict(error.headers or {}))


def _told(code: str, what: str, where: str, remedy: str) -> dict[str, Any]:
    place = f"{where}: " if where else ""
    message = f"{place}{what}; {remedy}" if remedy else f"{place}{what}"
    return {"code": code, "message": message, "problem": what, "where": where, "remedy": remedy}


def _answer(told: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"error": told}, STATUS[told["code"]], headers)
