"""YAML 1.2 (core schema) as plain data, with the line of every key.

Built from parser events rather than from PyYAML's loaders, which follow YAML 1.1 and keep no lines.
`on`, `off`, `yes`, `no` and `12:30` are words; only `true` and `false` are booleans.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from visavis.errors import ConfigError

DEPTH = 32
ALIASES = 32
ALIASED_NODES = 20_000

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7}|={7})(?= |\r?$)", re.MULTILINE)
_TAB = "a tab is used for indentation", "indent with spaces"


def decode(path: Path, raw: bytes) -> str:
    """The text of a file: UTF-8, with or without a byte order mark, without a merge tool's leftovers."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, line, "", "the file is not UTF-8 text", "save it as UTF-8") from error
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise ConfigError(path, line, "", "a merge conflict was left in the file", "choose one side, remove the marks")
    return text


def parse(path: Path, text: str) -> tuple[Any, dict[str, int]]:
    """The document in `text` as plain data, and the line of every dotted path. Raises ConfigError."""
    builder = _Builder(path)
    for event in _events(path, text):
        builder.take(event)
    return builder.root, builder.lines


def _events(path: Path, text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_PARSER)
    except yaml.MarkedYAMLError as error:
        lines = text.splitlines()
        line = _faulty(error, len(lines))
        at_fault = lines[line - 1] if 0 < line <= len(lines) else ""
        if at_fault.lstrip(" ").startswith("\t"):
            raise ConfigError(path, line, "", *_TAB) from error
        problem = f"this is not YAML: {error.problem or error.context}"
        remedy = "check the indentation, and put quotes around a value that holds any of : # [ ] { } & * ! | > %"
        raise ConfigError(path, line, "", problem, remedy) from error
    except yaml.YAMLError as error:
        offset = getattr(error, "position", 0) or 0
        line = text.encode("utf-8", "surrogatepass").count(b"\n", 0, offset) + 1
        raise ConfigError(path, line, "", "a control character is in the file", "remove it") from error


def _faulty(error: yaml.MarkedYAMLError, count: int) -> int:
    """The line at fault: where it is noticed, or where what is still open at the end of the file began."""
    noticed, began = error.problem_mark, error.context_mark
    mark = began if began and (noticed is None or noticed.line >= count) else noticed
    return min(mark.line + 1, max(count, 1)) if mark else 1


class _Open:
    """A list or mapping that is being filled."""

    __slots__ = ("anchor", "before", "key", "line", "path", "value")

    def __init__(self, value: list[Any] | dict[str, Any], path: str, line: int, anchor: str | None, before: int):
        self.value, self.path, self.line, self.anchor, self.before = value, path, line, anchor, before
        self.key: str | None = None


class _Builder:
    """Takes parser events, one after another, and builds the data without recursion."""

    def __init__(self, path: Path) -> None:
        self.root: Any = None
        self.lines: dict[str, int] = {"": 1}
        self._path = path
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._nodes = self._aliases = self._aliased = self._documents = 0

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._start(event, line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line)
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._refuse(line, "the file holds several documents", "keep one, without a second `---`")

    def _scalar(self, event: Any, line: int) -> None:
        self._no_tag(event, line)
        if self._wants_key():
            self._take_key(event, line)
            return
        value = self._resolve(event.value, line) if event.implicit[0] and not event.style else event.value
        self._nodes += 1
        self._place(value, line)
        if event.anchor:
            self._anchors[event.anchor] = value, 1

    def _start(self, event: Any, line: int) -> None:
        self._no_tag(event, line)
        if self._wants_key():
            self._refuse(line, "a key must be text", "write a plain word before the colon")
        if len(self._open) >= DEPTH:
            self._refuse(line, f"the nesting is deeper than {DEPTH}", "flatten it")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(value, line)
        self._nodes += 1
        self._open.append(_Open(value, path, line, event.anchor, self._nodes))

    def _end(self) -> None:
        closed = self._open.pop()
        if closed.anchor:
            self._anchors[closed.anchor] = closed.value, self._nodes - closed.before + 1

    def _alias(self, anchor: str, line: int) -> None:
        if self._wants_key():
            self._refuse(line, "a key must be text", "write a plain word before the colon")
        if any(each.anchor == anchor for each in self._open):
            self._refuse(line, f"what is marked &{anchor} would hold itself", "write out what is meant")
        if anchor not in self._anchors:
            self._refuse(line, f"nothing above is marked &{anchor}", f"mark it with &{anchor}, or write it out")
        value, weight = self._anchors[anchor]
        self._aliases += 1
        self._aliased += weight
        self._nodes += weight
        if self._aliases > ALIASES or self._aliased > ALIASED_NODES:
            self._refuse(line, "too much is repeated by aliases", "write it out")
        self._place(value, line)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _take_key(self, event: Any, line: int) -> None:
        parent, key = self._open[-1], event.value
        plain = event.implicit[0] and not event.style
        if plain and not isinstance(self._resolve(key, line), str):
            self._refuse(line, f"the key {key or 'null'} is not text", f'put it in quotes: "{key}":')
        if plain and key == "<<":
            self._refuse(line, "merge keys are not part of YAML 1.2", "write the keys out")
        if key in parent.value:
            self._refuse(line, f"the key {key!r} is there twice", "remove one", _join(parent.path, key))
        parent.key = key
        self.lines[_join(parent.path, key)] = line

    def _place(self, value: Any, line: int) -> str:
        if not self._open:
            self.root = value
            return ""
        parent = self._open[-1]
        if isinstance(parent.value, list):
            path = f"{parent.path}[{len(parent.value)}]"
            self.lines[path] = line
            parent.value.append(value)
            return path
        key, parent.key = parent.key or "", None
        parent.value[key] = value
        return _join(parent.path, key)

    def _resolve(self, text: str, line: int) -> Any:
        if text in _NULL:
            return None
        if text in _BOOL:
            return _BOOL[text]
        if _INT.fullmatch(text):
            if len(text) > 18:
                self._refuse(line, "the number is too long", "put it in quotes if it is a text")
            return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
            self._refuse(line, "the number is too large", "put it in quotes if it is a text")
        if _NOT_FINITE.fullmatch(text):
            self._refuse(line, f"{text} is not a usable number", "write a finite one")
        return text

    def _no_tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            self._refuse(line, f"the tag {event.tag} is not allowed", "remove it, or put the value in quotes")

    def _refuse(self, line: int, problem: str, remedy: str, key: str | None = None) -> None:
        if key is None:
            parent = self._open[-1] if self._open else None
            key = "" if parent is None else _join(parent.path, parent.key) if parent.key else parent.path
        shown = "".join(each if each.isprintable() else "?" for each in key)
        raise ConfigError(self._path, line, shown, problem, remedy)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
