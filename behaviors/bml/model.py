"""A block as it is written: behaviours, and how their sync points hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from visavis.errors import ClientError

Composition = Literal["MERGE", "APPEND", "REPLACE"]
POINTS = ("start", "ready", "strokeStart", "stroke", "strokeEnd", "relax", "end")
"""The sync points of every behaviour, in their order."""
Kind = Literal["speech", "action", "gaze", "face", "wait"]


class BmlError(ClientError):
    """A block that makes no sense: `param` is the behaviour and its attribute (`g1.stroke`)."""

    def __init__(self, behavior: str, attribute: str, problem: str, remedy: str) -> None:
        where = ".".join(each for each in (behavior, attribute) if each)
        super().__init__("invalid_bml", f"{where or 'bml'}: {problem}; {remedy}", param=where or "bml")


@dataclass(frozen=True, slots=True)
class Ref:
    """A time: `offset` seconds after the point (or mark) of the behaviour `target`; "" is the block itself."""

    target: str
    point: str
    offset: float = 0.0

    def __str__(self) -> str:
        offset = round(self.offset, 3)
        if not self.target:
            return f"{offset:g}"
        return f"{self.target}:{self.point}" + (f"{offset:+g}" if offset else "")


@dataclass(frozen=True, slots=True)
class Behavior:
    """One element. `name` is the action, the place that is looked at, or the emotion.

    `marks` are characters of a speech's `text` by the id of their `sync` element, `times` the seconds after its
    start at which they were said, where that is known. `amount` is an emotion's intensity or a wait's seconds.
    """

    kind: Kind
    id: str
    name: str = ""
    sync: Mapping[str, Ref] = field(default_factory=dict)
    text: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    amount: float = 1.0
    repetition: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A `<bml>` element; `warnings` name what was left out."""

    id: str
    behaviors: tuple[Behavior, ...] = ()
    composition: Composition = "MERGE"
    warnings: tuple[str, ...] = ()
