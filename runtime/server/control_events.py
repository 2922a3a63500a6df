"""What a client may send over its socket to steer its own session: the same as over REST."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from runtime.control import Control, order_facts
from runtime.server.control_request import (
    ActionOrder,
    BackgroundOrder,
    BmlOrder,
    Body,
    CardOrder,
    EmotionOrder,
    FeedbackOrder,
    MuteOrder,
    SpeakOrder,
)


class _Event(Body):
    model_config = ConfigDict(extra="ignore")
    event_id: str | None = Field(default=None, max_length=512)


class Speak(_Event, SpeakOrder):
    type: Literal["avatar.speak"]


class Bml(_Event, BmlOrder):
    type: Literal["avatar.bml"]


class Stop(_Event):
    type: Literal["avatar.stop"]


class Act(_Event, ActionOrder):
    type: Literal["avatar.action"]


class Feel(_Event, EmotionOrder):
    type: Literal["avatar.emotion"]


class Background(_Event, BackgroundOrder):
    type: Literal["avatar.background"]


class ShowCard(_Event, CardOrder):
    type: Literal["avatar.card"]


class Mute(_Event, MuteOrder):
    type: Literal["avatar.mute"]


class Feedback(_Event, FeedbackOrder):
    type: Literal["avatar.feedback"]


ControlEvent = Speak | Bml | Stop | Act | Feel | Background | ShowCard | Mute | Feedback


async def steer(control: Control, event: ControlEvent) -> dict[str, Any] | None:
    """Do what the client of this session wants; the order that was made of it, if any. Raises ClientError."""
    match event:
        case Speak():
            placed = await control.speak(event.text, event.urgency, event.emotion, event.action or "", own=True)
            return order_facts(placed)
        case Act():
            return order_facts(control.act(event.name, event.urgency))
        case Bml():
            await control.perform(event.bml, own=True)
        case Stop():
            control.stop()
        case Feel():
            control.feel(event.label, event.intensity, event.for_s)
        case Background():
            await control.background(event.colour or "", event.picture or "")
        case ShowCard():
            await control.card(event.card, own=True)
        case Mute():
            control.mute(event.muted)
        case Feedback():
            control.rate(event.like, event.turn)
    return None
