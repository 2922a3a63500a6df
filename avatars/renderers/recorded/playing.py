"""Which frames of its footage a moment shows: a function of the moment alone, so that any worker can draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avatars.packages import pingpong
from avatars.packages.manifest import Body
from avatars.packages.segments import IDLE, Segment
from visavis.words import SLOT, Moment, Mood


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame, and how much of another one shows through it, 0 to 1."""

    frame: int
    other: int
    share: float = 0.0


def lengths(body: Body) -> dict[str, int]:
    """The actions with their length in samples."""
    return {each.name: each.frames * SLOT for each in body.actions}


def rest(body: Body, pts: int, mood: Mood) -> int:
    """The frame that is shown while no action is done: idle there and back, or the footage of somebody who speaks."""
    played = body.moving if body.moving is not None and mood == "speaking" else body.idle
    return pingpong.index(pts // SLOT, played.start, played.end)


def shown(body: Body, moment: Moment) -> Shown:
    """What is to be seen. Of several actions the one that began last is done; its ends blend with what is at rest."""
    at_rest = rest(body, moment.pts, moment.mood)
    by_name: Mapping[str, Segment] = {each.name: each for each in body.actions if each.name != IDLE}
    going = [(since, by_name[name]) for name, since in moment.actions if name in by_name]
    going = [(since, each) for since, each in going if 0 <= since < each.frames * SLOT]
    if not going:
        return Shown(at_rest, at_rest)
    since, action = min(going, key=lambda one: one[0])
    step = since // SLOT
    from_end = min(step, action.frames - 1 - step)
    return Shown(action.start + step, at_rest, fade(from_end, min(body.transition, action.frames // 3)))


def fade(step: int, frames: int) -> float:
    """How much of what was there before is left at `step` of a cross-fade of that many frames."""
    if step >= frames:
        return 0.0
    k = (step + 1) / (frames + 1)
    return 1.0 - k * k * (3.0 - 2.0 * k)
