"""A record as the cells of a row: one column for each thing it may say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from knowledge.editing.kinds import KINDS, Record
from knowledge.exchange.contents import NESTED, TEXTS, order
from knowledge.schema import Faq, Skill

Form = Literal["text", "texts", "switch", "number", "word"]
_SWITCHES = frozenset({"enabled", "button"})
_NUMBERS = frozenset({"priority", "count"})
_FREE = frozenset({"title", "text"})
"""Keys whose blanks count."""
_TRUE = {"true": True, "yes": True, "1": True, "是": True, "false": False, "no": False, "0": False, "否": False}
_ALIASES = {
    "ask": "question questions q query 问题 提问 问 标准问 相似问 frage fragen pregunta",
    "say": "answer answers a response responses reply 回答 答案 答 回复 antwort antworten respuesta",
    "id": "key identifier 编号 标识",
    "enabled": "active 启用",
    "priority": "优先级",
    "action": "gesture 动作",
    "image": "picture 图片",
    "link": "url 链接",
    "title": "标题",
    "from": "valid_from 开始",
    "until": "valid_until to 结束",
}
_NAMES = {word: name for name, words in _ALIASES.items() for word in words.split()}
_NUMBERED = re.compile(r"^(.+?)[ _-]?\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the header, where its value stands in the record, and what kind of value that is."""

    name: str
    path: tuple[str, ...]
    form: Form

    def cell(self, record: Mapping[str, Any]) -> str:
        """The value as a text; a list has one text a line."""
        value: Any = record
        for key in self.path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None:
            return ""
        if isinstance(value, list):
            return "\n".join(value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    def value(self, cell: str) -> Any:
        """What a cell says, None for nothing; one that is no switch or number stays a text, for the check to refuse."""
        match self.form:
            case "texts":
                found = [text for each in cell.splitlines() if (text := " ".join(each.split()))]
                return (found[0] if len(found) == 1 else found) or None
            case "switch":
                word = cell.strip().lower()
                return _TRUE.get(word, cell.strip()) if word else None
            case "number":
                word = cell.strip()
                return int(word) if re.fullmatch(r"[-+]?\d{1,9}", word) else word or None
            case "text":
                return cell if cell.strip() else None
        return cell.strip() or None


@cache
def columns(kind: str) -> tuple[Column, ...]:
    """The columns of a kind; a row of skills is one intent, with its skill's own columns before it."""
    if kind != "skills":
        return tuple(_columns(KINDS[kind]))
    own = [each for each in _columns(Skill) if each.path != ("intents",)]
    named = {"id": "skill"}
    before = [Column(named.get(each.name, f"skill {each.name}"), ("", *each.path), each.form) for each in own]
    return (*before, *_columns(Faq))


def _columns(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[Column]:
    keys = sorted((told.alias or name for name, told in model.model_fields.items()), key=order)
    for key in keys:
        if key in NESTED and key != "intents":
            yield from _columns(NESTED[key], (key,))
        else:
            name = f"quota {key}" if above == ("quota",) else key
            yield Column(name, (*above, key), _form(key, model))


def _form(key: str, model: type[BaseModel]) -> Form:
    if key in TEXTS or (key == "on" and "tuple" in str(model.model_fields["on"].annotation)):
        return "texts"
    if key in _SWITCHES:
        return "switch"
    return "number" if key in _NUMBERS else "text" if key in _FREE or key == "when" else "word"


def column(kind: str, header: str) -> Column | None:
    """The column that a header names, also in other words (`Question 2`, `答案`), or None."""
    known = {each.name: each for each in columns(kind)}
    plain = " ".join(header.strip().lower().replace("_", " ").split())
    for word in (plain, *(_NUMBERED.findall(plain))):
        for name in (word, _NAMES.get(word, ""), _NAMES.get(word.replace(" ", "_"), "")):
            if name in known and (word == plain or known[name].form == "texts"):
                return known[name]
    return None


def record(pairs: Sequence[tuple[Column, str]]) -> Record:
    """The record that cells say; several columns of one name add to a list."""
    found: Record = {}
    for column, cell in pairs:
        value = column.value(cell)
        if value is None:
            continue
        place = found
        for key in column.path[:-1]:
            place = place.setdefault(key, {})
        key = column.path[-1]
        place[key] = value if key not in place else _added(place[key], value)
    return found


def _added(before: Any, more: Any) -> Any:
    both = [*([before] if isinstance(before, str) else before), *([more] if isinstance(more, str) else more)]
    return both[0] if len(both) == 1 else list(dict.fromkeys(both))


def of_key(kind: str, key: str) -> str:
    """The name of the column that a record's key (`show.link`, `say[1]`) stands in, or the key."""
    path = tuple(re.sub(r"\[\d+\]", "", key).split("."))
    for each in columns(kind):
        if each.path == path or each.path[: len(path)] == path:
            return each.name
    return key
