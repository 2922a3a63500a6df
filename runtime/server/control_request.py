"""What a client may send to steer a session, over REST or the socket."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from agent.visitor import printable
from visavis.words import ACTIONS, Card, Emotion

TEXT = 2_000
"""Characters of a text that is ordered, markup included."""
LONGEST_S = 600.0
BLOCK = (
    '<bml id="b1"><speech id="s1"><text>Welcome to <sync id="here"/>the museum!</text></speech>'
    '<gesture id="g1" lexeme="present_right" stroke="s1:here"/></bml>'
)
Action = Literal[ACTIONS]  # type: ignore[valid-type]


def _secure(link: str) -> str:
    """A link as it may be shown. Raises ValueError."""
    parts = urlsplit(link)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or not link.isprintable() or " " in link:
        raise ValueError("it is no https link")
    return link


def _shown(name: str) -> str:
    return _secure(name) if ":" in name else name


Said = Annotated[str, Field(max_length=TEXT), AfterValidator(printable)]
Link = Annotated[str, Field(max_length=2_000), AfterValidator(_secure)]
Medium = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_shown)]
Urgency = Literal["now", "next", "idle"]


class Body(BaseModel):
    """What all of them have in common."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SpeakOrder(Body):
    """A text to be said, plain or SSML. `now` ends what is said, `next` waits for its end, `idle` for quiet."""

    text: Said = Field(min_length=1, examples=["The guided tour begins in five minutes."])
    urgency: Urgency = "next"
    emotion: Annotated[Emotion, Field(strict=False)] | None = None
    action: Action | None = Field(default=None, description="Begins with the first sentence.")


class BmlOrder(Body):
    """A block of BML 1.0; what is said and done in it, and when, is told as `avatar.bml.feedback`."""

    bml: Annotated[str, AfterValidator(printable)] = Field(min_length=1, max_length=128 * 1024, examples=[BLOCK])


class ActionOrder(Body):
    """An action; `now` is played beside what is said."""

    name: Action = Field(examples=["wave"])
    urgency: Urgency = "now"


class EmotionOrder(Body):
    """What the face shows for a while, where what is said has no emotion of its own."""

    label: Annotated[Emotion, Field(strict=False)] = Field(examples=["happy"])
    intensity: float = Field(default=1.0, ge=0, le=1)
    for_s: float = Field(default=10.0, gt=0, le=LONGEST_S)


class BackgroundOrder(Body):
    """One of the three: a colour, a picture by its name, or the avatar's own again."""

    colour: str | None = Field(default=None, pattern="^#[0-9a-fA-F]{6}$", examples=["#223344"])
    picture: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    none: Literal[True] | None = None

    @model_validator(mode="after")
    def _one(self) -> BackgroundOrder:
        if sum(each is not None for each in (self.colour, self.picture, self.none)) != 1:
            raise ValueError("give one of colour, picture and none")
        return self


class CardOrder(Body):
    """A card beside the avatar, or `none: true` to take away what is shown."""

    title: Annotated[str, Field(max_length=200), AfterValidator(printable)] = ""
    text: Said = ""
    image: Medium | None = Field(default=None, description="A file of the knowledge by its name, or an https link.")
    link: Link | None = Field(default=None, examples=["https://museum.example/hours"])
    none: Literal[True] | None = None

    @model_validator(mode="after")
    def _something(self) -> CardOrder:
        said = bool(self.title.strip() or self.text.strip() or self.image or self.link)
        if said == (self.none is not None):
            raise ValueError("give a title, text, image or link, or none: true alone")
        return self

    @property
    def card(self) -> Card | None:
        return None if self.none else Card(self.title, self.text, self.image, self.link)


class MuteOrder(Body):
    """Whether the avatar speaks without a sound."""

    muted: bool


class TakeoverOrder(Body):
    """Whether a person speaks as the avatar."""

    taken: bool


class FreezeOrder(Body):
    """Whether the avatar is silent, whatever anybody asks or orders."""

    frozen: bool


class FeedbackOrder(Body):
    """Whether the visitor likes an answer: the last one, unless its turn is given."""

    like: bool
    turn: int | None = Field(default=None, ge=1, le=1 << 53)
