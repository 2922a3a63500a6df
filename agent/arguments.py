"""The arguments of a tool's call: checked against the tool's JSON Schema, and put into its address."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import regex  # type: ignore[import-untyped,unused-ignore]

Schema = Mapping[str, Any]
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list,),
    "object": (dict,), "null": (type(None),),
}  # fmt: skip
DEPTH = 8
PATTERN_S = 0.05
"""How long a `pattern` may look at one text."""


def parsed(text: str) -> Any:
    """The arguments as a model wrote them. Raises ValueError."""
    try:
        return json.loads(text or "{}", parse_constant=_no_number)
    except RecursionError:
        raise ValueError("too deep") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def wrong(arguments: object, schema: Schema) -> str | None:
    """What is wrong with the arguments of a call, None where nothing is. No argument is taken that is not declared."""
    if not isinstance(arguments, dict):
        return "the arguments are no object"
    if unknown := [name for name in arguments if name not in schema.get("properties", {})]:
        return f"there is no argument {str(unknown[0])[:64]!r}"
    return _object(arguments, schema, "", DEPTH)


def _object(value: Mapping[str, Any], schema: Schema, place: str, depth: int) -> str | None:
    if missing := [name for name in schema.get("required", ()) if name not in value]:
        return f"the argument {_at(place, missing[0])!r} is missing"
    properties: Schema = schema.get("properties", {})
    known = [(name, each) for name, each in value.items() if name in properties]
    found = (_value(each, properties[name], _at(place, name), depth) for name, each in known)
    return next(filter(None, found), None)


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else str(name)


def _value(value: Any, schema: Any, place: str, depth: int) -> str | None:
    """What is wrong with one value."""
    if not isinstance(schema, Mapping):
        return None
    kinds = schema.get("type", ())
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    if kinds and not any(_is(value, kind) for kind in kinds):
        return f"the argument {place!r} must be of the type {' or '.join(kinds)}"
    if "enum" in schema and value not in schema["enum"]:
        return f"the argument {place!r} must be one of {list(schema['enum'])}"
    if not depth:
        return f"the argument {place!r} lies too deep"
    match value:
        case dict():
            return _object(value, schema, place, depth - 1)
        case list():
            found = (_value(each, schema.get("items"), place, depth - 1) for each in value)
            return next(filter(None, found), None) or _bounded(len(value), schema, "Items", place)
        case str():
            return _bounded(len(value), schema, "Length", place) or _fits(value, schema.get("pattern"), place)
        case bool() | None:
            return None
    return _bounded(value, schema, "imum", place)


def _is(value: Any, kind: str) -> bool:
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    known = _TYPES.get(kind, (object,))
    return isinstance(value, known) and (not isinstance(value, bool) or bool in known or object in known)


def _bounded(size: float, schema: Schema, what: str, place: str) -> str | None:
    """Whether a number, a length or a count is within the `min…` and `max…` of the schema."""
    least, most = schema.get(f"min{what}", -math.inf), schema.get(f"max{what}", math.inf)
    if least <= size <= most:
        return None
    return f"the argument {place!r} must be at {f'least {least}' if size < least else f'most {most}'}"


def _fits(text: str, pattern: str | None, place: str) -> str | None:
    if pattern is None:
        return None
    try:
        fits = regex.search(pattern, text, timeout=PATTERN_S) is not None
    except (TimeoutError, regex.error):
        fits = False
    return None if fits else f"the argument {place!r} must fit {pattern}"


def address(url: str, arguments: Mapping[str, Any], *, query: bool) -> tuple[str, dict[str, Any]]:
    """The address with its fields filled in, and the arguments that are not in it; with `query` those follow as one.

    A value stays within its place: it is part of no other segment, parameter or host. Raises ValueError where it
    cannot, or where a field has no value.
    """
    rest = dict(arguments)
    head, mark, tail = url.partition("?")
    for name in arguments:
        field = f"{{{name}}}"
        if field not in url:
            continue
        text = _plain(rest.pop(name))
        if field in head and not text.strip(". "):
            raise ValueError(f"the argument {name!r} must not be empty or dots alone")
        head, tail = head.replace(field, quote(text, safe="")), tail.replace(field, quote(text, safe=""))
    if left := regex.search(r"\{(\w+)\}", head + tail):
        raise ValueError(f"the argument {left[1]!r} is missing")
    if query and rest:
        more = urlencode({name: _listed(each) for name, each in rest.items()}, doseq=True)
        mark, tail = "?", f"{tail}&{more}" if tail else more
    return head + mark + tail, rest


def _listed(value: Any) -> str | list[str]:
    return [_plain(each) for each in value] if isinstance(value, list) else _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
