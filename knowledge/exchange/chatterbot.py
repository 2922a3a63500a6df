"""The YAML of ChatterBot's corpora: pairs of a question and an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge import templates
from knowledge.editing import emit
from knowledge.editing.kinds import Record
from knowledge.exchange.checking import library_name
from knowledge.exchange.contents import Contents, Incoming, Row
from knowledge.exchange.faults import Fault
from visavis.config import parsed
from visavis.errors import ConfigError

LIMIT = 16 * 1024 * 1024
_HELD = frozenset({"ask", "say"})
Pair = tuple[str, str, int]
"""A question, its answer, and the line that they stand on."""


def write(contents: Contents) -> bytes:
    """The questions of a library, each with each of its answers."""
    pairs = [
        (ask, say, 0)
        for each in contents.records.get("faq", [])
        for ask in _list(each["ask"])
        for say in _list(each["say"])
    ]
    lines = ["categories:", f"- {emit.scalar(contents.name)}", "conversations:" if pairs else "conversations: []"]
    for record, _ in merged(pairs):
        for ask in _list(record["ask"]):
            for say in _list(record["say"]):
                lines += [f"- - {emit.scalar(ask)}", f"  - {emit.scalar(say)}"]
    return ("\n".join(lines) + "\n").encode()


def read(raw: bytes, path: Path) -> Incoming:
    """The conversations of a corpus as FAQ; questions that have the same answers become one entry."""
    found = Incoming()
    try:
        document = parsed(path, raw, LIMIT)
    except ConfigError as error:
        found.faults.append(Fault(error.line, error.key, error.problem, error.remedy))
        return found
    data = document.data
    conversations = data.get("conversations") if isinstance(data, dict) else None
    if not isinstance(conversations, list):
        problem, remedy = "there are no conversations in it", "write `conversations:` and pairs below it"
        found.faults.append(Fault(1, "conversations", problem, remedy))
        return found
    categories = data.get("categories") or []
    if isinstance(categories, list) and categories and isinstance(categories[0], str):
        found.name = library_name(categories[0])
    pairs: list[Pair] = []
    for place, conversation in enumerate(conversations):
        pairs += _pairs(conversation, document.line_of(f"conversations[{place}]"), found)
    found.rows += [Row("faq", record, row, held=_HELD, named=False) for record, row in merged(pairs)]
    return found


def merged(pairs: Sequence[Pair]) -> Iterator[tuple[Record, int]]:
    """Entries in order of their first question, and its line: a question has all its answers, and questions with the
    same answers are one entry."""
    answers: dict[str, dict[str, None]] = {}
    lines: dict[str, int] = {}
    for ask, say, line in pairs:
        answers.setdefault(ask, {})[say] = None
        lines.setdefault(ask, line)
    entries: dict[tuple[str, ...], list[str]] = {}
    for ask, says in answers.items():
        entries.setdefault(tuple(says), []).append(ask)
    for said, asks in entries.items():
        yield {"ask": _one(asks), "say": _one(list(said))}, lines[asks[0]]


def _pairs(conversation: Any, line: int, found: Incoming) -> Iterator[Pair]:
    if not isinstance(conversation, list) or any(isinstance(each, list | dict) for each in conversation):
        found.notes.append(f"line {line}: this is not a question and its answer; it is left out")
        return
    texts = [" ".join(_word(each).split()) for each in conversation]
    if len(texts) < 2 or not all(texts[:2]):
        found.notes.append(f"line {line}: a question without an answer is left out")
        return
    taken = 2
    yield texts[0], _template(texts[1]), line
    while taken + 1 < len(texts) and texts[taken] == texts[0] and texts[taken + 1]:
        yield texts[0], _template(texts[taken + 1]), line
        taken += 2
    if taken < len(texts):
        found.notes.append(f"line {line}: of a longer conversation only the question and its answer are taken")


def _word(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _template(text: str) -> str:
    """A text whose braces are fields where they can be, and only braces where they cannot."""
    try:
        templates.fields(text)
    except ValueError:
        return text.replace("{", "{{").replace("}", "}}")
    return text


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def _one(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else values
