"""What an avatar can do with its body, and how often it does that by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from behaviors.fallback import nearest
from visavis.words import RATE

STROKE_S = 0.45
"""Where an action's stroke lies that nobody has measured: a preparation of 300 to 500 ms is usual."""
EARLY = 0.4
"""The stroke of a short one lies in this share of it."""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """An avatar's manners with its hands, in seconds. The defaults are those of a drawn one.

    `actions`: those that it may do, None for all that its face has. `strokes`: from an action's beginning to its
    stroke. `apart_s`: from one action's end to the beginning of the next that the rules choose. `again_s`: between
    two beginnings of the same. `longest_s`: an action is at rest again by then. `ready_s`: the shortest preparation
    that looks natural; None where an action is footage, that plays whole or not at all.
    """

    actions: frozenset[str] | None = None
    strokes: Mapping[str, float] = field(default_factory=dict)
    apart_s: float = 0.8
    again_s: float = 10.0
    longest_s: float = 10.0
    ready_s: float | None = 0.24

    def choose(self, action: str, lengths: Mapping[str, int]) -> str | None:
        """The action, or its nearest, of those that the face has the `lengths` of and the avatar may do."""
        can = [each for each, length in lengths.items() if length and self.may(each)]
        return nearest(action, can)

    def may(self, action: str) -> bool:
        return self.actions is None or action in self.actions

    def stroke(self, action: str, length: int) -> int:
        """Samples from the beginning of an action, that is `length` samples long, to its stroke."""
        found = self.strokes.get(action)
        return round(found * RATE) if found is not None else min(round(STROKE_S * RATE), round(EARLY * length))
