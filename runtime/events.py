"""What a session tells its outlets besides frames. Each is a fact that has just become true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from visavis.words import Card, Choice, Decision, Match, Mood, Sentence, Source, TurnKind, Utterance


@dataclass(frozen=True, slots=True)
class MoodChanged:
    mood: Mood


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """The visitor's voice began at `at_s` (seconds on the session's clock)."""

    at_s: float


@dataclass(frozen=True, slots=True)
class VoiceStopped:
    at_s: float


@dataclass(frozen=True, slots=True)
class PartialTranscript:
    text: str


@dataclass(frozen=True, slots=True)
class UtteranceHeard:
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """A stretch of sound is over and held no words; `problem`: they could not be recognised."""

    problem: str | None = None


@dataclass(frozen=True, slots=True)
class HearingFailed:
    """The visitor must touch or type; `reason` is for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class HearingMended:
    """The visitor may speak again."""


@dataclass(frozen=True, slots=True)
class TurnOpened:
    turn: int
    kind: TurnKind


@dataclass(frozen=True, slots=True)
class ReplyFound:
    """The answer is known, its words follow sentence by sentence."""

    turn: int
    source: Source
    decision: Decision
    match: Match | None
    choices: tuple[Choice, ...]
    show: Card | None


@dataclass(frozen=True, slots=True)
class SentenceStarted:
    """The first sample of the sentence's speech is in the frame that follows."""

    turn: int
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ActionStarted:
    """An action plays from sample `pts` of the line over `stroke` to `end`, unless what it goes with is cleared.

    `pts` may lie a little back: then it is first seen in the middle of its preparation.
    """

    turn: int
    action: str
    pts: int
    end: int = 0
    stroke: int = 0


@dataclass(frozen=True, slots=True)
class LatencyKnown:
    """The first answer sample and its picture are out; the stages add up to `first_av_ms`."""

    turn: int
    first_av_ms: float
    stages: Mapping[str, float]
    filler_ms: float | None = None


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """`heard` is the text the visitor heard of it; `status` is completed, cancelled or failed."""

    turn: int
    status: str
    heard: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class OrderChanged:
    """What an operator or a program ordered is `waiting`, `speaking`, `done` or, for a `reason`, `dropped`."""

    id: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Steered:
    """What an operator has set: the avatar makes no sound, is stopped for safety, is spoken for by a person."""

    muted: bool
    frozen: bool
    taken_over: bool


@dataclass(frozen=True, slots=True)
class Sensed:
    """A sensor is sure that somebody came, or left."""

    present: bool


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card that no answer brought; None takes away what is shown."""

    card: Card | None


@dataclass(frozen=True, slots=True)
class BackgroundSet:
    """What stands behind the avatar: `#rrggbb`, or a picture by the name that cards use; neither: its own.

    `drawn`: it is in the pictures already.
    """

    colour: str
    picture: str
    drawn: bool


@dataclass(frozen=True, slots=True)
class BlockTold:
    """Of a BML block: `what` is blockStart, syncPointProgress (of a `behavior`'s `point`), warning or blockEnd."""

    block: str
    what: str
    pts: int
    behavior: str = ""
    point: str = ""
    text: str = ""


Event = (
    MoodChanged
    | VoiceStarted
    | VoiceStopped
    | PartialTranscript
    | UtteranceHeard
    | NothingHeard
    | HearingFailed
    | HearingMended
    | TurnOpened
    | ReplyFound
    | SentenceStarted
    | ActionStarted
    | LatencyKnown
    | TurnEnded
    | OrderChanged
    | Steered
    | Sensed
    | CardShown
    | BackgroundSet
    | BlockTold
)
