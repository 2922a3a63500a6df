"""A knowledge file that is written anew."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.editing import emit
from knowledge.exchange.contents import Contents, Incoming, Row
from knowledge.library import assemble, names, parts
from knowledge.normalise import has_han
from knowledge.schema import KnowledgeFile
from visavis.config import build, parsed
from visavis.errors import ConfigError


def content(found: Incoming, rows: Sequence[Row], name: str, language: str) -> dict[str, Any]:
    """What the file says."""
    records: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        records.setdefault(row.kind, []).append(row.record)
    return Contents(name, language, records, found.about).data()


def language_of(found: Incoming) -> str:
    """The language that a file says it is in, or that its texts look like."""
    if found.language:
        return found.language
    asked = "".join(str(row.record.get(key, "")) for row in found.rows for key in ("ask", "say", "intents"))
    return "zh" if has_han(asked) else "en"


def text(data: dict[str, Any]) -> str:
    """A knowledge file, with a blank line before each section."""
    lines = list(emit.lines(data, 0))
    spaced = (f"\n{line}" if at > 1 and not line.startswith((" ", "-")) else line for at, line in enumerate(lines))
    return "\n".join(spaced) + "\n"


def verified(path: Path, raw: bytes) -> None:
    """Raises ConfigError where a file with these bytes could not be used beside the others of its folder."""
    document = parsed(path, raw)
    part = document, build(KnowledgeFile, document)
    name = part[1].knowledge
    others = parts(name, path.parent) if name in names(path.parent) else []
    assemble([*others, part])


def placed(rows: Sequence[Row], error: ConfigError) -> int | None:
    """Which row made the record that an error is about."""
    found = re.match(r"(\w+)(?:\.items)?\[(\d+)\]", error.key)
    if found is None:
        return None
    places = [at for at, row in enumerate(rows) if row.kind == found[1]]
    return places[int(found[2])] if int(found[2]) < len(places) else None
