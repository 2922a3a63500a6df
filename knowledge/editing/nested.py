"""Changes inside a record: the intents of a skill, and the questions of an entry or an intent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from knowledge.editing.changes import Tags, matches
from knowledge.editing.draft import Change
from knowledge.editing.faults import EditError
from knowledge.editing.kinds import Record, new_id
from knowledge.editing.shelf import Shelf, missing
from knowledge.fields import ASK_LIMIT, clean

Make = Callable[[Record | None], Record | None]


def intent_of(shelf: Shelf, skill: str, intent: str) -> Record:
    """An intent by its ids. Raises EditError."""
    for each in shelf.get("skills", skill)["intents"]:
        if each["id"] == intent:
            found: Record = each
            return found
    raise missing(f"the intents of {skill!r}", intent)


def intent_change(skill: str, intent: str, make: Make) -> Change:
    """What is to become of one intent of a skill, as `Change` has it for a record; the others stay."""

    def change(current: Record | None) -> Record:
        if current is None:
            raise missing("skills", skill)
        intents: list[Record] = current["intents"]
        at = next((place for place, each in enumerate(intents) if intent and each["id"] == intent), None)
        new = make(None if at is None else intents[at])
        if new is None and at is None:
            raise missing(f"the intents of {skill!r}", intent)
        if new is None:
            intents = [each for place, each in enumerate(intents) if place != at]
        elif at is None:
            intents = [*intents, new]
        else:
            intents = [new if place == at else each for place, each in enumerate(intents)]
        return {**current, "intents": intents}

    return Change("skills", skill, change)


def named_intent(shelf: Shelf, record: Record) -> Record:
    """A new intent with an id, one of its own where it has none."""
    if record.get("id"):
        return record
    taken = {each["id"] for skill in shelf.records("skills") for each in skill["intents"]}
    taken |= {each["id"] for each in shelf.records("faq")}
    return {"id": new_id("intents", record, taken), **{key: value for key, value in record.items() if key != "id"}}


# ── questions ──
def questions(record: Record) -> list[str]:
    """How a record is asked, one text or several."""
    asked = record["ask"]
    return [asked] if isinstance(asked, str) else list(asked)


def wording(text: Any, taken: list[str]) -> str:
    """A question that can be added. Raises EditError."""
    if not isinstance(text, str):
        raise EditError("invalid", "it is not a text", "write a question")
    try:
        clean(text, ASK_LIMIT)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        raise EditError("invalid", problem, remedy) from error
    if text in taken:
        raise EditError("exists", f"{text[:80]!r} is asked already", "leave it out")
    return text


def asked(tags: Tags, make: Callable[[list[str]], list[str]]) -> Make:
    """A record with other questions; `make` gets them as they are. The tags are those of `{"items": questions}`."""

    def change(current: Record | None) -> Record | None:
        if current is None:
            return None
        now = questions(current)
        matches({"items": now}, tags)
        new = make(list(now))
        return current if new == now else {**current, "ask": new}

    return change
