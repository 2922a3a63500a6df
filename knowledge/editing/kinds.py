"""The kinds of record that can be edited, and what makes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from hashlib import sha256
from pathlib import Path
from typing import Any

from knowledge.editing import emit
from knowledge.editing.faults import EditError
from knowledge.editing.weave import canonical
from knowledge.schema import DocumentRef, Faq, Greeting, Keyword, Rule, Skill
from visavis.config import Document, Strict, build, parsed
from visavis.errors import ConfigError

Record = dict[str, Any]
"""One record as it stands in the file."""
KINDS: dict[str, type[Strict]] = {
    "greetings": Greeting,
    "keywords": Keyword,
    "faq": Faq,
    "rules": Rule,
    "skills": Skill,
    "documents": DocumentRef,
}
SWITCH = "enabled"
"""No record's id: at its address stands the switch of its section."""
_SHORT = 40


def key_of(kind: str) -> str:
    """The key that names a record of the kind."""
    return "path" if kind == "documents" else "id"


def checked(kind: str, record: Record) -> None:
    """Raises EditError with the key that is wrong in a record by itself, or that cannot be written in a file."""
    try:
        text = "\n".join(emit.lines(record, 0))
        parsed(Path("record"), text.encode() + b"\n")
        build(KINDS[kind], Document(Path("record"), record, {}))
    except ConfigError as error:
        raise EditError("invalid", error.problem, error.remedy, where=error.key) from None
    except UnicodeEncodeError:
        raise EditError("invalid", "half a character is in a text", "write the whole one") from None
    except RecursionError:
        raise EditError("invalid", "the nesting is too deep", "flatten it") from None


def etag(value: Any) -> str:
    """A strong entity tag: the same for the same content, whenever and wherever it is read."""
    return f'"{sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def new_id(kind: str, record: Record, taken: Container[str]) -> str:
    """An id made of a record's first words that is not taken."""
    words = next(
        (found for key in ("ask", "title", "any", "all", "say", "on") if (found := _first(record.get(key)))), ""
    )
    plain = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFKC", words).lower().replace("'", "")).strip("-_")
    base = plain[:_SHORT].rsplit("-", 1)[0] if len(plain) > _SHORT and "-" in plain[:_SHORT] else plain[:_SHORT]
    base = base or kind.removesuffix("s")
    found, number = base, 2
    while found in taken or found == SWITCH:
        found, number = f"{base}-{number}", number + 1
    return found


def _first(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""
