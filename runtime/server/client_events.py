"""What a client may send: the OpenAI Realtime events that are understood here, and the avatar's own two.

Unknown fields are let through, as the standard's clients send many that mean nothing here.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.given import checked
from agent.visitor import printable
from runtime.server.control_events import ControlEvent
from visavis.errors import ClientError
from visavis.words import ACTIONS

TEXT_LIMIT = 8_000
"""Characters of one text item."""
PIECES = 20_000
"""Values of one message: what needs more is not one of these events, and would hold everybody up."""


def known(action: str) -> str:
    if action not in ACTIONS:
        raise ValueError(f"{action[:40]!r} is no action; name some of {', '.join(ACTIONS)}")
    return action


Text = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(printable)]
"""Words of a visitor, without what cannot be seen."""


Action = Annotated[str, AfterValidator(known)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Event(_Lenient):
    event_id: str | None = Field(default=None, max_length=512)


class Visitor(BaseModel):
    """Who comes, by an id of the client's own making; nothing is kept of him without his consent."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(min_length=8, max_length=128)
    consent: bool = Field(strict=True)
    name: str = Field(default="", max_length=200)


class AvatarWishes(BaseModel):
    """`avatar` of `session.update`."""

    model_config = ConfigDict(extra="forbid")
    video: Literal["h264", "vp8", "none"] = "h264"
    alpha: bool = False
    visemes: bool = True
    blendshapes: bool = False
    bml: bool = False
    actions: Annotated[list[Action], Field(max_length=len(ACTIONS))] | None = None
    """What the client's own body can do, where it takes no pictures; None: all."""
    input_rate: Literal[24000, 16000] = 24000
    visitor: Visitor | None = None
    place: Annotated[str, Field(min_length=8, max_length=64)] | None = None
    """An id of the client's own making for the screen, by which greetings rest there beyond this session."""
    context: Annotated[dict[str, Any], AfterValidator(checked)] | None = None
    """What the client knows of the visitor and the place, in place of what it told before."""


TOLD = frozenset(["visitor", "place", "context"])
"""Keys of `avatar` that tell something; the others are wishes, which hold until they change."""


class TurnDetection(_Lenient):
    type: Literal["server_vad", "semantic_vad"] = "server_vad"
    create_response: bool = True
    interrupt_response: bool = True


class AudioFormat(_Lenient):
    type: Literal["audio/pcm"] = "audio/pcm"
    rate: Literal[24000] = 24000


class AudioInput(_Lenient):
    format: AudioFormat | None = None
    turn_detection: TurnDetection | None = None


class AudioOutput(_Lenient):
    format: AudioFormat | None = None


class Audio(_Lenient):
    input: AudioInput | None = None
    output: AudioOutput | None = None


class SessionWishes(_Lenient):
    audio: Audio | None = None
    output_modalities: list[Literal["audio", "text"]] | None = Field(default=None, min_length=1)
    turn_detection: TurnDetection | None = None
    avatar: AvatarWishes | None = None


class SessionUpdate(_Event):
    type: Literal["session.update"]
    session: SessionWishes = SessionWishes()
    avatar: AvatarWishes | None = None


class Content(_Lenient):
    type: str
    text: Text | None = None
    audio: str | None = None
    transcript: Text | None = None
    image_url: str | None = None


class Item(_Lenient):
    id: str | None = Field(default=None, max_length=64)
    type: Literal["message"]
    role: Literal["user", "assistant", "system"]
    content: list[Content] = Field(max_length=8)
    avatar_via: Literal["text", "touch"] = "text"


class ItemCreate(_Event):
    type: Literal["conversation.item.create"]
    item: Item
    previous_item_id: str | None = None


class ItemTruncate(_Event):
    type: Literal["conversation.item.truncate"]
    item_id: str
    content_index: int = 0
    audio_end_ms: int = Field(ge=0)


class ItemDelete(_Event):
    type: Literal["conversation.item.delete"]
    item_id: str


class ItemRetrieve(_Event):
    type: Literal["conversation.item.retrieve"]
    item_id: str


class Append(_Event):
    type: Literal["input_audio_buffer.append"]
    audio: str


class Commit(_Event):
    type: Literal["input_audio_buffer.commit"]


class Clear(_Event):
    type: Literal["input_audio_buffer.clear"]


class OutputClear(_Event):
    type: Literal["output_audio_buffer.clear"]


class ResponseWishes(_Lenient):
    input: list[Item] | None = Field(default=None, max_length=32)


class ResponseCreate(_Event):
    type: Literal["response.create"]
    response: ResponseWishes | None = None


class ResponseCancel(_Event):
    type: Literal["response.cancel"]
    response_id: str | None = None


class Played(_Event):
    type: Literal["avatar.played"]
    item_id: str
    audio_ms: float = Field(ge=0, le=1e8, allow_inf_nan=False)


class Presence(_Event):
    type: Literal["avatar.presence"]
    present: bool


ClientEvent = (
    SessionUpdate
    | ItemCreate
    | ItemTruncate
    | ItemDelete
    | ItemRetrieve
    | Append
    | Commit
    | Clear
    | OutputClear
    | ResponseCreate
    | ResponseCancel
    | Played
    | Presence
    | ControlEvent
)
_adapter: TypeAdapter[ClientEvent] = TypeAdapter(Annotated[ClientEvent, Field(discriminator="type")])


def parse(text: str) -> ClientEvent:
    """One event from a text message. Raises ClientError that says what is wrong with it."""
    data = _loads(text)
    if not isinstance(data, dict) or not isinstance(data.get("type"), str):
        raise ClientError("invalid_event", "the message has no type; send an object with a text `type`", param="type")
    event_id = data.get("event_id") if isinstance(data.get("event_id"), str) else None
    try:
        return _adapter.validate_python(data)
    except ValidationError as error:
        raise _explain(error, data["type"], event_id) from error


def _loads(text: str) -> Any:
    if sum(text.count(mark) for mark in "[{,") > PIECES:
        raise ClientError("invalid_json", f"the message has more than {PIECES} values; send less at once")
    try:
        data = json.loads(text)
        if "\\u" in text:
            json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise ClientError("invalid_json", "the message is not JSON; send one JSON object a message") from error
    return data


def _explain(error: ValidationError, kind: str, event_id: str | None) -> ClientError:
    details = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if details["type"] in ("union_tag_invalid", "union_tag_not_found"):
        message = f"the event type {kind[:80]!r} is not known here; the documentation lists those that are"
        return ClientError("unknown_event", message, param="type", event_id=event_id)
    param = ".".join(str(part) for part in details["loc"][1:])
    code = {"string_too_long": "string_above_max_length", "missing": "missing_required_parameter"}
    return ClientError(
        code.get(details["type"], "invalid_value"), f"{param}: {details['msg']}", param=param, event_id=event_id
    )
