"""The shapes of what is told of living sessions, for the API's description."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from runtime.server.control_request import (
    ActionOrder,
    BackgroundOrder,
    BmlOrder,
    CardOrder,
    EmotionOrder,
    FeedbackOrder,
    FreezeOrder,
    MuteOrder,
    SpeakOrder,
    TakeoverOrder,
)


class Backdrop(BaseModel):
    """What stands behind the avatar: a colour or a picture by its name; neither: its own."""

    colour: str | None
    picture: str | None


class Counts(BaseModel):
    """Orders of a session."""

    waiting: int
    speaking: int
    done: int
    dropped: int


class SessionRow(BaseModel):
    """A living session; no words of anybody."""

    id: str
    dialog: str
    since: str = Field(description="When it began, with its zone.")
    mood: Literal["idle", "listening", "thinking", "speaking", "held"]
    present: bool = Field(description="Whether somebody is there.")
    quiet_s: float = Field(description="Seconds since the last turn, voice or touch ended.")
    muted: bool
    frozen: bool
    taken_over: bool
    background: Backdrop
    turns: int
    orders: Counts


class SessionRows(BaseModel):
    items: list[SessionRow]


class PlacedOrder(BaseModel):
    """An order and what became of it; `heard` is what of its text came out."""

    id: str
    state: Literal["waiting", "speaking", "done", "dropped"]
    reason: str | None
    urgency: Literal["now", "next", "idle"]
    text: str | None
    action: str | None
    heard: str | None


class PlacedOrders(BaseModel):
    """Orders, the newest first."""

    items: list[PlacedOrder]


class PlacedBlock(BaseModel):
    """A block of BML as it was taken; `speeches` and `deeds` are ids of what is said and done."""

    block: str
    composition: Literal["MERGE", "APPEND", "REPLACE"]
    speeches: list[str]
    deeds: list[str]
    warnings: list[str] = Field(description="What was left out, or is done otherwise than it is written.")


class Behaviour(BaseModel):
    """What the session's tree is doing and why."""

    tree: str
    tick: int
    doing: str | None
    root: dict[str, Any]
    facts: dict[str, Any]
    decisions: list[dict[str, Any]]
    model_config = {"extra": "allow"}


SHAPES: tuple[type[BaseModel], ...] = (
    SessionRow, SessionRows, PlacedOrder, PlacedOrders, PlacedBlock, Behaviour, SpeakOrder, BmlOrder, ActionOrder,
    EmotionOrder, BackgroundOrder, CardOrder, MuteOrder, TakeoverOrder, FreezeOrder,
    FeedbackOrder,
)  # fmt: skip
