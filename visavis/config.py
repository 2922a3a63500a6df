"""Files that people write: read with line numbers, checked against a model, refused with one clear line.

class App(Strict): ...
app = load(App, Path("configs/app.yaml"))     # or ConfigError: path:line: key: problem; remedy
"""

from __future__ import annotations

import difflib
import json
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from typing_extensions import TypeAliasType

from visavis._yaml import decode, parse
from visavis.errors import ConfigError

M = TypeVar("M", bound=BaseModel)
LIMIT = 4 * 1024 * 1024
"""Bytes that a file may have."""


class Strict(BaseModel):
    """Base of every configuration model: frozen, no unknown keys, no words or numbers taken for booleans.

    A validator raises `ValueError("problem; remedy")`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _booleans_are_booleans(cls, value: Any, info: ValidationInfo) -> Any:
        kinds = _kinds(cls.model_fields[str(info.field_name)].annotation) - {type(None)}
        if kinds == {bool} and isinstance(value, str | int | float) and not isinstance(value, bool):
            raise ValueError(f"{value!r} is not true or false; write true or false")
        if kinds and kinds <= {int, float} and isinstance(value, bool):
            raise ValueError(f"{str(value).lower()} is not a number; write a number")
        return value


class Fault(ValueError):
    """What a validator raises of something within the value that it checks: `key` leads there (`any[2]`, `[0]`)."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, as plain data, and where: `lines` maps a dotted path (`faq.items[3].say`) to its line."""

    path: Path
    data: Any
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of a dotted path, or of the nearest that encloses it."""
        while key and key not in self.lines:
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return self.lines.get(key, 1)

    def error(self, key: str, problem: str, remedy: str) -> ConfigError:
        """An error at `key` of this file."""
        shown = "".join(each if each.isprintable() else "?" for each in key)
        return ConfigError(self.path, self.line_of(key), shown, problem, remedy)


def read(path: Path, limit: int = LIMIT) -> Document:
    """Read one YAML 1.2 file of at most `limit` bytes. Raises ConfigError."""
    return parsed(path, contents(path, limit), limit)


def contents(path: Path, limit: int = LIMIT) -> bytes:
    """The bytes of a file, one more than `limit` at most. Raises ConfigError."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise ConfigError(path, 1, "", "this is a pipe or a device, not a file", "name a file")
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise ConfigError(path, 1, "", "there is no such file", _nearest_file(path)) from error
    except IsADirectoryError as error:
        raise ConfigError(path, 1, "", "this is a folder", "name one file in it") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(path, 1, "", f"the file cannot be read: {reason}", "check its name and rights") from error


def parsed(path: Path, raw: bytes, limit: int = LIMIT) -> Document:
    """What the bytes of a file say, as `read` would find them at `path`. Raises ConfigError."""
    if len(raw) > limit:
        raise ConfigError(path, 1, "", f"the file is larger than {limit:,} bytes", "split it")
    return Document(path, *parse(path, decode(path, raw)))


def load(model: type[M], path: Path, limit: int = LIMIT) -> M:
    """Read a file and check it against `model`. Raises ConfigError with the first thing that is wrong."""
    return build(model, read(path, limit))


def build(model: type[M], document: Document) -> M:
    """Check what was read against `model`. Raises ConfigError with the first thing that is wrong, in file order."""
    if not isinstance(document.data, dict):
        holds = "is empty" if document.data is None else "does not begin with a key"
        required = [key for key, field in model.model_fields.items() if field.is_required()]
        raise document.error("", f"the file {holds}", f"begin with `{(required or ['key'])[0]}: …`")
    try:
        return model.model_validate(document.data, context={"folder": document.path.parent})
    except ValidationError as error:
        faults = error.errors(include_url=False)
        misspelt = {each["loc"][:-1] for each in faults if each["type"] == "extra_forbidden"}
        telling = [each for each in faults if each["type"] != "missing" or each["loc"][:-1] not in misspelt]
        telling = [each for each in telling if each["type"] != "too_short" or not _inside(each["loc"], telling)]
        found = [_explain(model, document, details) for details in telling]
        raise min(found, key=lambda each: each.line) from None


def _inside(place: tuple[int | str, ...], faults: Sequence[ErrorDetails]) -> bool:
    """Whether a fault lies inside of `place`: an item that cannot be used is not counted."""
    return any(each["loc"] != place and each["loc"][: len(place)] == place for each in faults)


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema with which editors complete and check a file of this model."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(mode="validation")}


def schema_text(model: type[BaseModel]) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema(model), indent=2, ensure_ascii=False) + "\n"


def write_schema(model: type[BaseModel], path: Path) -> None:
    """Write the schema; a file beside it names it in `# yaml-language-server: $schema=NAME`."""
    path.write_text(schema_text(model), encoding="utf-8")


def suggest(word: str, words: Sequence[str]) -> str:
    """A remedy for a word that is none of `words`: the nearest one, or the list."""
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(words)}"


# ── pydantic's errors in plain words ────────────────────────────────────────────────────────────────
_WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "list_type": "a list (lines that begin with -)",
    "tuple_type": "a list (lines that begin with -)",
    "dict_type": "keys and values",
    "model_type": "keys and values",
    "model_attributes_type": "keys and values",
}


def _explain(model: type[BaseModel], document: Document, details: ErrorDetails) -> ConfigError:
    key = _within(document, _dotted(document.data, details), details.get("ctx", {}).get("error"))
    key = f"{key}.type" if details["type"].startswith("union_tag") else key
    problem, remedy = _words(model, details)
    return document.error(key, problem, remedy)


def _within(document: Document, key: str, error: object) -> str:
    """The place that a `Fault` names, where the file has one."""
    if not isinstance(error, Fault):
        return key
    inner = f"{key}{error.key}" if error.key.startswith("[") or not key else f"{key}.{error.key}"
    if inner in document.lines:
        return inner
    outer = inner[: inner.rfind("[")] if inner.endswith("]") else key
    return outer if outer in document.lines else key


def _words(model: type[BaseModel], details: ErrorDetails) -> tuple[str, str]:
    kind, given, context = details["type"], details["input"], details.get("ctx", {})
    name = str(details["loc"][-1]) if details["loc"] else ""
    if kind == "missing":
        return "the key is missing", f"add `{name}: …`"
    if kind == "extra_forbidden":
        return "there is no such key", suggest(name, _keys_at(model, details["loc"][:-1]))
    if kind == "union_tag_not_found":
        return "the key is missing", "add `type: …`"
    if kind == "union_tag_invalid":
        known = [each.strip("' ") for each in str(context["expected_tags"]).split(",")]
        return f"there is no type {context['tag']!r}", suggest(str(context["tag"]), known)
    if kind in ("literal_error", "enum"):
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        return f"{short(given)} is not known here", suggest(str(given), expected)
    if kind == "value_error":
        problem, _, remedy = str(context.get("error", details["msg"])).partition("; ")
        return problem, remedy or "correct it"
    if given is None and kind in _WANTED:
        return "nothing is written here", f"write {_WANTED[kind]}, or remove the key"
    if kind in ("too_long", "too_short"):
        most = kind == "too_long"
        limit, length = context.get("max_length" if most else "min_length", 0), context.get("actual_length", 0)
        problem = f"the list has {length:,} items, {'more' if most else 'fewer'} than {limit:,}"
        return problem, "split it over several files" if most else "add one"
    if kind in _WANTED:
        return f"{short(given)} is not {_WANTED[kind]}", f"write {_WANTED[kind]}"
    message = details["msg"].removeprefix("Input ").removeprefix("Value error, ")
    return f"{short(given)} cannot be used", f"it {message}" if message.startswith("should") else message


def short(value: Any) -> str:
    """A value as a message shows it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case dict():
            return "a set of keys"
        case list():
            return "a list"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…" + text[0] * isinstance(value, str)


def _dotted(data: Any, details: ErrorDetails) -> str:
    """The path in the file: pydantic's location without the names that unions and validators add to it."""
    path, node, location = "", data, details["loc"]
    for place, part in enumerate(location):
        if isinstance(node, dict) and part in node:
            path, node = (f"{path}.{part}" if path else str(part)), node[part]
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path, node = f"{path}[{part}]", node[part]
        elif details["type"] == "missing" and place == len(location) - 1:
            path = f"{path}.{part}" if path else str(part)
    return path


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    models = {model}
    for part in location:
        fields = [each.model_fields[part] for each in models if isinstance(part, str) and part in each.model_fields]
        fields += [
            field
            for each in models
            for field in each.model_fields.values()
            if field.alias is not None and field.alias == part
        ]
        tagged = {each for each in models if any(_only(field, part) for field in each.model_fields.values())}
        if not fields and tagged:
            models = tagged
        if fields:
            models = {kind for field in fields for kind in _kinds(field.annotation) if _is_model(kind)}
    return sorted({field.alias or name for each in models for name, field in each.model_fields.items()})


def _only(field: FieldInfo, value: int | str) -> bool:
    """Whether this is all that the field may hold: the tag of one model among several."""
    return typing.get_origin(field.annotation) is typing.Literal and get_args(field.annotation) == (value,)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _kinds(annotation: Any) -> set[Any]:
    """The classes inside an annotation, whatever unions and containers wrap them."""
    return set(_unwrap(annotation))


def _unwrap(annotation: Any) -> Iterator[Any]:
    if isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    inner = get_args(annotation)
    if not inner or typing.get_origin(annotation) is typing.Literal:
        yield annotation
    for each in inner:
        yield from _unwrap(each)


def _nearest_file(path: Path) -> str:
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_file())[:1000]
    except OSError:
        return "check the path"
    near = difflib.get_close_matches(path.name, names, n=1)
    return f"did you mean {near[0]!r}?" if near else "check the path"
