"""JSON: the library as one knowledge file says it, with everything that it may say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from knowledge.editing.kinds import KINDS
from knowledge.exchange.contents import Contents, Incoming, Row
from knowledge.exchange.faults import Fault

_WHOLE = ("knowledge", "language", "fallback", "thresholds")


def write(contents: Contents) -> bytes:
    """The library as JSON in UTF-8."""
    return (json.dumps(contents.data(), ensure_ascii=False, indent=2) + "\n").encode()


def read(raw: bytes, kind: str) -> Incoming:
    """The records of a JSON file: a library, or a list of records of one kind. Rows are counted by section."""
    found = Incoming()
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_once)
    except UnicodeDecodeError:
        found.faults.append(Fault(1, "", "the file is not UTF-8 text", "save it as UTF-8"))
    except json.JSONDecodeError as error:
        found.faults.append(Fault(error.lineno, "", f"this is not JSON: {error.msg}", "check this line"))
    except (ValueError, RecursionError) as error:
        problem = str(error) if isinstance(error, ValueError) else "the nesting is too deep"
        found.faults.append(Fault(1, "", problem, "correct it"))
    else:
        _take(data, kind, found)
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a number that JSON knows")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if [name for name, _ in pairs].count(key) > 1)
        raise ValueError(f"the key {twice!r} is there twice")
    return found


def _take(data: Any, kind: str, found: Incoming) -> None:
    if isinstance(data, list):
        data = {kind: data}
    if not isinstance(data, dict):
        found.faults.append(Fault(1, "", "there are no records in it", "write a list of them, or a library"))
        return
    unknown = [key for key in data if key not in KINDS and key not in _WHOLE]
    if unknown:
        remedy = f"use {', '.join((*_WHOLE, *KINDS))}"
        found.faults.append(Fault(1, unknown[0], "there is no such key", remedy))
        return
    found.name, found.language = (data[key] if isinstance(data.get(key), str) else None for key in _WHOLE[:2])
    found.about = {key: data[key] for key in ("fallback", "thresholds") if data.get(key)}
    for name in KINDS:
        records = list(_records(name, data.get(name) or [], found))
        found.rows += [Row(name, each, row, sheet=name) for row, each in enumerate(records, 1)]


def _records(kind: str, section: Any, found: Incoming) -> Iterator[Any]:
    if isinstance(section, dict):
        if "enabled" in section:
            found.about[f"{kind}.enabled"] = section["enabled"]
        unknown = [key for key in section if key not in ("enabled", "items")]
        if unknown:
            found.faults.append(Fault(1, unknown[0], "there is no such key", "use enabled and items", kind))
        section = section.get("items") or []
    if not isinstance(section, list):
        found.faults.append(Fault(1, "", "this is not a list of records", "write a list", kind))
        return
    yield from section
