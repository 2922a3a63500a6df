"""What each kind of avatar asks of its recording."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

KindName = Literal["standard", "premium", "motion-editable", "quick", "multi-scene", "portrait"]
NAMES: Final[tuple[KindName, ...]] = get_args(KindName)


@dataclass(frozen=True, slots=True)
class Kind:
    """Seconds that a recording lasts, from `least_s` to `most_s`; below `advised_s` it may be used and is worse.

    `silent_s`: how long it begins in silence, with closed lips. `lips`: it teaches how this person's lips move.
    """

    name: KindName
    least_s: float
    advised_s: float
    most_s: float
    silent_s: float
    lips: bool = True
    photo: bool = False
    """One still picture serves."""


KINDS: Final[dict[str, Kind]] = {
    each.name: each
    for each in (
        Kind("standard", 180, 300, 2100, 30),
        Kind("premium", 180, 300, 2100, 30),
        Kind("motion-editable", 180, 210, 2100, 30),
        Kind("quick", 60, 300, 2100, 5),
        Kind("multi-scene", 120, 180, 2100, 0),
        Kind("portrait", 0, 0, 600, 0, lips=False, photo=True),
    )
}
