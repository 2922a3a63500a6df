"""Values as YAML 1.2 text that `visavis.config` reads back as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from visavis.config import parsed
from visavis.errors import ConfigError

SHORT = 100
"""Characters that a list or mapping may have to stand on its key's line."""
_PLAIN = re.compile(r"""[^\W_][A-Za-z0-9_ .!;()/%+'\x80-\U0010ffff-]*""")
_HERE = Path("value")


def scalar(value: Any, style: str | None = None) -> str:
    """A text, number, boolean or nothing on one line; a text is quoted as `style` has it, or as little as possible."""
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return value if style != '"' and _plain(value) else _quoted(value)


def _plain(text: str) -> bool:
    """Whether a text needs no quotes, wherever it stands."""
    if not _PLAIN.fullmatch(text) or not text.isprintable() or text[-1].isspace():
        return False
    try:
        return bool(parsed(_HERE, text.encode()).data == text)
    except (ConfigError, UnicodeEncodeError):
        return False


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escape(each) for each in escaped)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def inline(value: Any) -> str:
    """Any value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(each) for each in value) + "]"
    return scalar(value)


def fits(value: Any) -> bool:
    """Whether a value stands on its key's line: scalars do, and short lists and mappings of scalars."""
    if not value or not isinstance(value, Mapping | list | tuple):
        return True
    members = value.values() if isinstance(value, Mapping) else value
    return not any(isinstance(each, Mapping | list | tuple) for each in members) and len(inline(value)) <= SHORT


def lines(value: Any, indent: int) -> Iterator[str]:
    """A mapping or list that is not empty, a key or member a line, each line indented by `indent`."""
    blank = " " * indent
    if isinstance(value, Mapping):
        for key, each in value.items():
            if fits(each):
                yield f"{blank}{scalar(key)}: {inline(each)}"
            else:
                yield f"{blank}{scalar(key)}:"
                yield from lines(each, indent + 2)
        return
    for each in value:
        yield from member(each, indent)


def member(value: Any, indent: int) -> Iterator[str]:
    """A member of a list behind its dash; a mapping takes a line for each key."""
    blank = " " * indent
    if not value or not isinstance(value, Mapping | list | tuple):
        yield f"{blank}- {inline(value)}"
        return
    first, *rest = lines(value, indent + 2)
    yield f"{blank}- {first[indent + 2 :]}"
    yield from rest
