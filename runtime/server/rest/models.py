"""The shapes of what the API takes and gives, for its description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from runtime.server.rest.problems import Fault
from runtime.server.rest.requests import ROWS

Tags = dict[str, str]


class Page(BaseModel):
    """Some of the records of a kind, and the entity tag of each."""

    total: int
    offset: int
    limit: int
    enabled: bool
    items: list[dict[str, Any]]
    etags: Tags


class LexiconPage(BaseModel):
    """Some of the entries of the lexicon, and the entity tag of each."""

    total: int
    offset: int
    limit: int
    items: list[dict[str, Any]]
    etags: Tags


class Enabled(BaseModel):
    """Whether a section is switched on."""

    enabled: bool


class Batch(BaseModel):
    """Rows, each a record or, when changing, some keys of one; with `atomic` one bad row refuses all."""

    items: list[dict[str, Any]] = Field(max_length=ROWS)
    atomic: bool = False


class Row(BaseModel):
    """What became of one row; `status` is what a request of its own would have got."""

    index: int
    id: str | None
    status: int
    etag: str | None = None
    error: Fault | None = None


class Results(BaseModel):
    """What became of a batch; `live`: whether the avatar answers from it already."""

    done: int
    refused: int
    live: bool
    results: list[Row]


class Section(BaseModel):
    count: int
    enabled: bool


class Library(BaseModel):
    """A knowledge base; `usable` is false where its files cannot be used as they stand, and `problem` says why."""

    name: str
    language: str | None
    files: list[str]
    dialogs: list[str]
    usable: bool
    problem: Fault | None
    kinds: dict[str, Section]
    warnings: list[str]


class Libraries(BaseModel):
    items: list[str]


class Changed(BaseModel):
    """A record before and after; without an `id` it is a section's switch."""

    kind: str
    id: str | None
    file: str
    before: Any
    after: Any


class Edited(BaseModel):
    """An edit of the log; `undoes` is the id of the one that it takes back."""

    id: str
    at: str
    who: str
    undoes: str | None
    changes: list[Changed]


class Audit(BaseModel):
    """Edits, newest first."""

    total: int
    offset: int
    limit: int
    items: list[Edited]


class Undo(BaseModel):
    count: int = Field(default=1, ge=1, le=100)


class Undone(BaseModel):
    """The edits that were taken back, newest first."""

    live: bool
    undone: list[Edited]


class Try(BaseModel):
    """A question, after the entry `topic` was answered, or an event for the rules; `context`: the caller's fields."""

    text: str | None = Field(default=None, max_length=2000, examples=["When do you open?"])
    topic: str | None = None
    event: dict[str, Any] | None = Field(default=None, examples=[{"kind": "follow"}])
    context: dict[str, Any] = {}


class Tried(BaseModel):
    """What would be said, and why: what `visavis kb try --json` prints."""

    because: str
    say: str
    model_config = {"extra": "allow"}


class Intents(BaseModel):
    """The intents of a skill, and the entity tag of each."""

    total: int
    offset: int
    limit: int
    items: list[dict[str, Any]]
    etags: Tags


class Questions(BaseModel):
    """How an entry or an intent is asked."""

    items: list[str]


class QuestionBatch(BaseModel):
    items: list[str] = Field(max_length=ROWS)
    atomic: bool = False


class Rewording(BaseModel):
    text: str
    to: str


class RewordingBatch(BaseModel):
    items: list[Rewording] = Field(max_length=ROWS)
    atomic: bool = False


class DialogRow(BaseModel):
    """A dialog that is served."""

    name: str
    language: str
    title: str
    knowledge: list[str]
    avatar: str
    brain: Literal["knowledge", "llm", "webhook"]
    state: Literal["ready", "degraded"]
    warnings: list[str]


class Dialogs(BaseModel):
    items: list[DialogRow]
