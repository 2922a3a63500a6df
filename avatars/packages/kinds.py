"""The kinds of avatars, and what a package of each may hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["drawn", "standard", "premium", "motion-editable", "quick", "multi-scene"]
Keying = Literal["none", "green", "portrait", "green-after"]
"""How the person was cut out: not at all, by the screen's colour, by the outline, or by colour after the lips."""
EVERY: frozenset[Keying] = frozenset({"none", "green", "portrait", "green-after"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a kind may and must have. `looks`: the fewest outfits or angles; 0: it has one body and no looks."""

    keying: frozenset[Keying] = EVERY
    actions: Literal["idle", "some", "any"] = "idle"
    moving: bool = False
    """Whether there is footage that is played while it speaks."""
    looks: int = 0


RECORDED: dict[Kind, Rules] = {
    "standard": Rules(),
    "premium": Rules(moving=True),
    "motion-editable": Rules(actions="some"),
    "quick": Rules(keying=frozenset({"none"})),
    "multi-scene": Rules(actions="any", looks=2),
}
