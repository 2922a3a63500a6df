"""A record of a session, read again. Whatever is in the file, it is a record or it is refused with its line."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, FiniteFloat, ValidationError, model_validator

from behaviors.masking import Kind, standing_for
from behaviors.ports import Order, Playing, Urgency, Voice
from visavis.config import Strict, contents
from visavis.errors import ConfigError
from visavis.words import Emotion, Occasion, TurnKind, Utterance, Via

LIMIT = 16 * 1024 * 1024
"""Bytes of a file that is read."""
LONGEST_S = 7 * 86_400.0
"""From the first line to the last."""
_REMEDY = "use what a session or `behavior simulate --record` wrote, as it was written"

M = TypeVar("M", bound=Strict)
Time = Annotated[FiniteFloat, Field(ge=-1e9, le=1e9)]
Text = Annotated[str, Field(max_length=10_000)]


class _Part(Strict, ABC):
    """Something perceived that has parts."""

    @abstractmethod
    def whole(self) -> Any:
        """As a body perceives it."""
        ...


class _Voice(_Part):
    active: bool
    began: Time
    ended: Time
    voiced_s: Time
    words: Kind

    def whole(self) -> Voice:
        return Voice(self.active, self.began, self.ended, self.voiced_s, standing_for(self.words))


class _Playing(_Part):
    turn: int
    kind: TurnKind
    held: bool
    audible: bool

    def whole(self) -> Playing:
        return Playing(self.turn, self.kind, self.held, self.audible)


class _Waiting(_Part):
    via: Via
    confidence: FiniteFloat
    words: Kind
    asked_s: Time

    def whole(self) -> Utterance:
        return Utterance(standing_for(self.words), "", self.via, self.asked_s, self.asked_s, self.confidence)


class _Order(_Part):
    id: Text
    says: bool
    action: Text
    urgency: Urgency

    def whole(self) -> Order:
        return Order(self.id, "something" if self.says else "", self.action, self.urgency)


class _Perceived(Strict):
    voice: _Voice = _Voice(active=False, began=0, ended=0, voiced_s=0, words="")
    playing: _Playing | None = None
    waiting: _Waiting | None = None
    present: bool = False
    occasion: Occasion | None = None
    quiet_since: Time = 0.0
    taken_over: bool = False
    frozen: bool = False
    ordered: _Order | None = None
    scripted: bool = False
    emotion: Emotion = Emotion.NEUTRAL

    def whole(self) -> dict[str, Any]:
        """What is told, for a body."""
        told = {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
        return {name: value.whole() if isinstance(value, _Part) else value for name, value in told.items()}


class _Decision(Strict):
    n: int
    at_s: Time
    node: Text
    type: Text = ""
    path: tuple[Text, ...] = ()
    did: Text
    why: Text
    facts: dict[str, Any] = Field(default_factory=dict)


class _Head(Strict):
    record: Literal[1]
    tree: Text = ""
    seed: int = 0
    began: Text = ""
    forgotten: int = 0
    root: dict[str, Any] | None = None


class _Line(Strict):
    at_s: Annotated[FiniteFloat, Field(ge=0, le=1e9)]
    perceived: _Perceived | None = None
    decision: _Decision | None = None

    @model_validator(mode="after")
    def _tells(self) -> Self:
        if (self.perceived is None) == (self.decision is None):
            raise ValueError("it tells of either what was perceived or a decision")
        return self


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record that was read: what changed when, in order, and what was decided."""

    tree: str
    seed: int
    perceived: Sequence[tuple[float, Mapping[str, Any]]] = field(default=())
    decisions: Sequence[Mapping[str, Any]] = field(default=())

    @property
    def times(self) -> list[float]:
        """When there is something to read, in order."""
        return sorted({*(at for at, _ in self.perceived), *(float(each["at_s"]) for each in self.decisions)})

    @property
    def ended_s(self) -> float:
        """When its last line was written."""
        return max(self.times, default=0.0)


def read_record(path: Path) -> Recorded:
    """Read a record of a session. Raises ConfigError with the line that is wrong."""
    lines = [(n, each) for n, each in enumerate(_text(path).split("\n"), 1) if each.strip()]
    if not lines:
        raise ConfigError(path, 1, "", "the file is empty", _REMEDY)
    head = _built(_Head, path, *lines[0])
    found = [(number, _built(_Line, path, number, text)) for number, text in lines[1:]]
    for (_, before), (number, line) in pairwise(found):
        if line.at_s < before.at_s:
            raise ConfigError(path, number, "at_s", "it goes back in time", _REMEDY)
        if line.at_s - found[0][1].at_s > LONGEST_S:
            raise ConfigError(path, number, "at_s", f"the record is longer than {LONGEST_S:,.0f} s", "cut it")
    perceived = [(line.at_s, line.perceived.whole()) for _, line in found if line.perceived is not None]
    decisions = [line.decision.model_dump() for _, line in found if line.decision is not None]
    return Recorded(head.tree, head.seed, perceived, decisions)


def _built(model: type[M], path: Path, number: int, text: str) -> M:
    """One line of the file as what it should be. Raises ConfigError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(path, number, "", "the line is not JSON", _REMEDY) from error
    if not isinstance(found, dict):
        raise ConfigError(path, number, "", "the line is no JSON object", _REMEDY)
    try:
        return model.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(each) for each in first["loc"])
        raise ConfigError(path, number, key, f"this is no record: {first['msg']}", _REMEDY) from error


def _text(path: Path) -> str:
    raw = contents(path, LIMIT)
    if len(raw) > LIMIT:
        raise ConfigError(path, 1, "", f"the file is larger than {LIMIT:,} bytes", "cut it")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(path, 1, "", "the file is not UTF-8 text", _REMEDY) from error
