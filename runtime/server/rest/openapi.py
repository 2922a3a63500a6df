"""The description of the API that `/openapi.json` gives."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from avatars.voices.lexicon_file import LexiconEntry
from knowledge.editing import KINDS
from knowledge.schema import Intent
from runtime.server.rest import models, session_models
from runtime.server.rest.problems import Problem

_SHAPES: tuple[type[BaseModel], ...] = (
    models.Page, models.Enabled, models.Batch, models.Results, models.Library, models.Libraries, models.Audit,
    models.Undo, models.Undone, models.Try, models.Tried, models.Intents, models.Questions, models.QuestionBatch,
    models.RewordingBatch, models.Dialogs, models.LexiconPage, Problem, *session_models.SHAPES,
)  # fmt: skip
_SAID = {
    200: "Done",
    201: "Made",
    202: "Taken on",
    204: "Gone",
    304: "Not changed since it was read",
    400: "Not JSON",
    401: "The token is missing or wrong",
    403: "The origin or host may not connect",
    404: "There is no such thing",
    409: "It is there already, the files are broken, or a brain does not support the kind",
    410: "It was there and has ended",
    412: "Edited since it was read",
    413: "Too large",
    415: "Not called JSON",
    422: "Something in it is wrong",
    429: "Too many requests",
    503: "Somebody else is writing",
}
_ALWAYS = (401, 403, 422, 429)
_WRITING = (400, 404, 409, 412, 413, 415, 503)
EXAMPLES: dict[str, dict[str, Any]] = {
    "greetings": {"id": "welcome", "on": "enter", "say": ["Welcome!", "Good to see you."], "action": "wave"},
    "keywords": {"id": "restroom", "any": ["restroom", "toilet"], "say": "Next to the cloakroom.", "priority": 10},
    "faq": {"id": "parking", "ask": ["Where can I park?", "Is there a car park?"], "say": "Behind the house."},
    "rules": {"id": "thanks", "on": "gift", "when": "gift.count >= 5", "say": "Thank you, {user.name}!"},
    "skills": {
        "id": "tickets",
        "title": "Tickets",
        "intents": [{"id": "ticket-price", "ask": ["How much is a ticket?"], "say": "Nine euros."}],
    },
    "documents": {"path": "guide.md", "title": "The guide"},
}
NAMES = {
    "greetings": "Greeting",
    "keywords": "Keyword",
    "faq": "Faq",
    "rules": "Rule",
    "skills": "Skill",
    "documents": "DocumentRef",
}


def ref(name: str) -> dict[str, Any]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def takes(name: str, example: Any = None, *, optional: bool = False, preconditions: bool = False) -> dict[str, Any]:
    """What an operation's body is, and which headers it heeds."""
    content: dict[str, Any] = {"schema": ref(name)}
    if example is not None:
        content["example"] = example
    extra: dict[str, Any] = {"requestBody": {"required": not optional, "content": {"application/json": content}}}
    return extra | (heeds("If-Match", "X-Editor") if preconditions else heeds("X-Editor"))


def heeds(*headers: str) -> dict[str, Any]:
    """Headers that an operation looks at."""
    told = {
        "If-Match": "The entity tag that the record must still have; `*` for any.",
        "If-None-Match": "The entity tag that the client knows; `*` on PUT: only a new record.",
        "X-Editor": "Who edits, for the log.",
    }
    return {
        "parameters": [
            {"name": name, "in": "header", "required": False, "description": told[name], "schema": {"type": "string"}}
            for name in headers
        ]
    }


def gives(found: Mapping[int, str | None], *, writes: bool = False) -> dict[int | str, dict[str, Any]]:
    """The answers of an operation: its own, and the problems that it may tell of."""
    told: dict[int | str, dict[str, Any]] = {}
    problems = {*_ALWAYS, *(_WRITING if writes else (404, 409))}
    for status in sorted({*found, *problems}):
        name = found.get(status, "Problem" if status in problems else None)
        told[status] = {"description": _SAID[status]}
        if name is not None:
            told[status]["content"] = {"application/json": {"schema": ref(name)}}
    return told


def describe(app: FastAPI) -> None:
    """Let the application's description hold the schemas that its operations name."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                routes=app.routes,
                description="Errors of `/api` have one shape: `Problem`. Where the server has a token, send "
                "`Authorization: Bearer TOKEN`.",
                tags=[
                    {"name": "knowledge", "description": "What the avatar knows, as its files say it."},
                    {"name": "lexicon", "description": "How names and words are pronounced."},
                    {"name": "dialogs", "description": "What is served."},
                    {"name": "sessions", "description": "Who is being talked with, and what the avatar is to do."},
                ],
            )
            components = found.setdefault("components", {})
            components["schemas"] = components.get("schemas", {}) | _schemas()
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            found["security"] = [{}, {"token": []}]
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _schemas() -> dict[str, Any]:
    wanted: list[type[BaseModel]] = [*KINDS.values(), Intent, LexiconEntry, *_SHAPES]
    _, made = models_json_schema([(each, "validation") for each in wanted], ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = made["$defs"]
    for name in [*NAMES.values(), "Intent", "LexiconEntry"]:
        schemas[f"New{name}"] = _without_id(schemas[name])
        schemas[f"{name}Patch"] = _patch(schemas[name])
    return schemas


def _without_id(schema: dict[str, Any]) -> dict[str, Any]:
    """A record that may come without an id, which it is given then."""
    new = copy.deepcopy(schema)
    new["required"] = [each for each in new["required"] if each != "id"]
    return new


def _patch(schema: dict[str, Any]) -> dict[str, Any]:
    """Some keys of a record; null takes one away."""
    keys = {
        key: {"anyOf": [each, {"type": "null"}]}
        for key, each in schema["properties"].items()
        if key not in ("id", "path")
    }
    return {"type": "object", "properties": keys, "additionalProperties": False}
