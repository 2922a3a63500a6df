"""What is exchanged: the records of a library, each in one canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from knowledge.editing.kinds import KINDS, Record
from knowledge.exchange.faults import Fault
from knowledge.library import Part
from knowledge.schema import Intent, KnowledgeFile, Quota, Show

TEXTS = frozenset({"ask", "say", "any", "all", "none"})
"""Keys that hold a text or a list of texts."""
NESTED: dict[str, type[BaseModel]] = {"show": Show, "quota": Quota, "intents": Intent}
"""Keys that hold keys."""
_ORDER = (
    "id", "path", "on", "when", "after", "at", "every", "ask", "any", "all", "none", "match", "say", "llm", "action",
    "button", "title", "show", "text", "image", "video", "audio", "link", "enabled", "from", "until", "priority",
    "cooldown", "quota", "count", "per", "intents",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contents:
    """A library: its records by kind, in order, and what is said of it as a whole.

    `about` holds `fallback`, `thresholds` and the `enabled` of sections (`faq.enabled`), as the files say them.
    """

    name: str
    language: str
    records: Mapping[str, list[Record]]
    about: Mapping[str, Any] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """The library as one knowledge file says it."""
        found: dict[str, Any] = {"knowledge": self.name, "language": self.language}
        for kind in (key for key in KnowledgeFile.model_fields if key in KINDS):
            records = self.records.get(kind, [])
            if kind == "documents":
                found |= {kind: records} if records else {}
                continue
            switch = {"enabled": self.about[f"{kind}.enabled"]} if f"{kind}.enabled" in self.about else {}
            if records or switch:
                found[kind] = switch | ({"items": records} if records else {})
        return found | {key: self.about[key] for key in ("fallback", "thresholds") if key in self.about}


@dataclass(frozen=True, slots=True)
class Row:
    """A record that comes in, and the row that it comes from.

    `held`: the keys that the file can say anything about, with dots between; None: all. What it cannot say stays as it
    is where the record is there already. `named`: whether the file itself gives the id.
    """

    kind: str
    record: Record
    row: int
    held: frozenset[str] | None = None
    named: bool = True
    sheet: str = ""


@dataclass(slots=True)
class Incoming:
    """What a file brings: rows that can be used, rows that cannot, remarks; name and language where it says them."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    name: str | None = None
    language: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """Pictures and sounds, by their name below the knowledge folder."""


def contents(parts: Iterable[Part]) -> Contents:
    """What the checked files of one library say."""
    pairs = list(parts)
    records: dict[str, list[Record]] = {kind: [] for kind in KINDS}
    about: dict[str, Any] = {}
    for document, file in pairs:
        for kind in KINDS:
            section = document.data.get(kind) or {}
            items = section if isinstance(section, list) else section.get("items") or []
            records[kind] += [canonical(kind, each) for each in items]
            if isinstance(section, dict) and section.get("enabled") is False:
                about[f"{kind}.enabled"] = False
        for key in ("fallback", "thresholds"):
            if key in file.model_fields_set and document.data.get(key):
                about[key] = _whole(key, document.data[key])
    return Contents(pairs[0][1].knowledge, pairs[0][1].language, records, about)


def order(key: str) -> int:
    """The place of a key among the others of its record."""
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def _whole(key: str, value: Any) -> Any:
    if key == "fallback":
        return {"say": texts(value["say"])}
    return {name: value[name] for name in ("direct", "suggest", "margin") if value.get(name, "auto") != "auto"}


def canonical(kind: str, record: Mapping[str, Any]) -> Record:
    """A checked record in the one order and form that every export writes; what is as it is by default is left out."""
    return _tidy(KINDS[kind], record)


def _tidy(model: type[BaseModel], record: Mapping[str, Any]) -> Record:
    found: Record = {}
    for name, told in model.model_fields.items():
        key = told.alias or name
        value = _value(key, record.get(key), model)
        default = type(value) is type(told.default) and value == told.default
        if value is not None and value not in ("", [], {}) and (told.is_required() or not default):
            found[key] = value
    return {key: found[key] for key in sorted(found, key=order)}


def _value(key: str, value: Any, model: type[BaseModel]) -> Any:
    if value is None:
        return None
    if key in TEXTS or (key == "on" and isinstance(value, list | tuple)):
        return texts(value)
    if key in ("title", "text"):
        return value.replace("\r\n", "\n").replace("\r", "\n") if value.strip() else None
    if key == "llm":
        return " ".join(value.split())
    if key == "intents":
        return [_tidy(Intent, each) for each in value]
    return _tidy(NESTED[key], value) if key in NESTED else value


def texts(value: Any) -> Any:
    """A text, or a list of several, each on one line."""
    found = [" ".join(each.split()) for each in ([value] if isinstance(value, str) else value)]
    return found[0] if len(found) == 1 else found
