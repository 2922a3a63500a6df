"""What a marked-up text says and how, with every place counted in its plain text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visavis.errors import EngineError
from visavis.ssml.manner import Manner
from visavis.words import Cue


class MarkupError(EngineError):
    """A marked-up text is refused: too large, too deep, or with a DOCTYPE or an entity of its own."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__("SSML", problem, remedy)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `begin` to `end` are spoken in one manner."""

    begin: int
    end: int
    manner: Manner


@dataclass(frozen=True, slots=True)
class Reading:
    """Characters `begin` to `end` are read otherwise than they are written.

    `sub`: as `value`. `phoneme`: as the phonemes `value` of the alphabet `detail`. `say-as`: as a `value` (date, …)
    written in the format `detail`.
    """

    kind: Literal["sub", "phoneme", "say-as"]
    begin: int
    end: int
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence before character `at`."""

    at: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Document:
    """A marked-up text; all parts are in order. `warnings` tell what was left out."""

    text: str
    spans: tuple[Span, ...] = ()
    readings: tuple[Reading, ...] = ()
    pauses: tuple[Pause, ...] = ()
    cues: tuple[Cue, ...] = ()
    warnings: tuple[str, ...] = ()
    well_formed: bool = True
