"""Actions as stretches of a video of 25 pictures a second, exact to the frame.

A frame is written as its number (`260`), as second and frame (`10+10`: the 10th frame after second 10, counted from
0), or in seconds (`10.4 s`); all three say the same frame. A stretch shows its `start` first and its `end` last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from visavis.config import Fault, Strict, suggest
from visavis.words import ACTIONS, FPS

IDLE = "idle"
IDLE_S, ACTION_S = 180, 10
"""The longest that idle and any other action may last, in seconds."""
LAST = 24 * 3600 * FPS
_WRITTEN = re.compile(r"(\d{1,6})\+(\d{1,2})|(\d{1,6}(?:\.\d{1,4})?) ?s", re.ASCII)


def frame_of(written: Any) -> int:
    """The number of a frame, however it is written. Raises ValueError."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    found = _WRITTEN.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None:
        raise ValueError(f"{written!r} is no frame; write its number (260), 10+10 or 10.4 s")
    if found[3] is None:
        second, frame = int(found[1]), int(found[2])
        if frame >= FPS:
            raise ValueError(f"a second has the frames 0 to {FPS - 1}, not {frame}; write {second + 1}+{frame - FPS}")
        return second * FPS + frame
    exact = float(found[3]) * FPS
    near = round(exact)
    if abs(exact - near) > 1e-6:
        raise ValueError(f"at {found[3]} s there is no frame; write {seconds(int(exact))} or {seconds(int(exact) + 1)}")
    return near


def seconds(frame: int) -> str:
    """`10.4 s` for frame 260; `frame_of` reads it back."""
    return f"{frame / FPS:.2f}".rstrip("0").rstrip(".") + " s"


def clock(frame: int) -> str:
    """`10+10` for frame 260; `frame_of` reads it back."""
    return f"{frame // FPS}+{frame % FPS}"


Frame = Annotated[int, BeforeValidator(frame_of), Field(ge=0, le=LAST)]


class Segment(Strict):
    """One action. `stroke`: the frame that belongs to the stressed word."""

    name: str
    start: Frame
    end: Frame
    stroke: Frame | None = None
    notes: str = Field(default="", max_length=500)

    @property
    def frames(self) -> int:
        """How many are shown."""
        return self.end - self.start + 1

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in ACTIONS:
            raise ValueError(f"there is no action {name!r}: {suggest(name, ACTIONS)}")
        return name

    @model_validator(mode="after")
    def _in_order(self) -> Segment:
        if self.end <= self.start:
            raise Fault("end", f"it ends at {seconds(self.end)}, not after its start; write a later frame")
        most = IDLE_S if self.name == IDLE else ACTION_S
        if self.frames > most * FPS:
            said = f"{self.name} shows {seconds(self.frames)}, more than {most} s"
            raise Fault("end", f"{said}; end it at {clock(self.start + most * FPS - 1)} or before")
        if self.stroke is not None and not self.start <= self.stroke <= self.end:
            raise Fault("stroke", f"it lies outside the action; write {clock(self.start)} to {clock(self.end)}")
        return self


def checked(found: Sequence[Segment]) -> None:
    """Raise Fault unless action 1 is idle and no name comes twice."""
    if not found or found[0].name != IDLE:
        raise Fault("[0].name", "the first action is not idle; put idle first, the others begin and end with its pose")
    for place, each in enumerate(found):
        if any(each.name == other.name for other in found[:place]):
            raise Fault(f"[{place}].name", f"{each.name} is there already; give every action once")
