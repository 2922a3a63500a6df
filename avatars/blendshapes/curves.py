"""One face for every slot: the mouth from the speech, everything else from what the presenter does as well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from avatars.blendshapes.lips import ROUNDING, blend
from avatars.blendshapes.names import AT, places
from avatars.blendshapes.table import Weights, table
from avatars.package import BUILT_IN
from avatars.renderers.rig.acting import Actor
from avatars.renderers.rig.data import Rig, load
from visavis.words import SLOT, Moment

SETTLE = 0.58
"""What is left of the mouth one slot after speech broke off."""
JAW, SMILE = AT["jawOpen"], places("mouthSmile")


class Head(NamedTuple):
    """Degrees that the head is turned: `yaw` to the avatar's left, `pitch` down, `roll` against the clock as one
    sees it; rotations about y, x and z of a head that looks along +z."""

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, slots=True)
class Expression:
    """How the face stands at one sample of the line: a weight of 0 to 1 for each of `NAMES`, and the head."""

    weights: Weights
    head: Head


@lru_cache(maxsize=1)
def presenter() -> Rig:
    """Whose manner of moving the curves have: the built-in presenter's."""
    return load(BUILT_IN / "presenter")


def actions() -> dict[str, int]:
    """Every action that a 3D client is told of, with its length in samples."""
    return presenter().lengths()


class Curves:
    """The faces of one session, slot after slot. Making the first one reads files: do it in a thread."""

    def __init__(self) -> None:
        self._table = table()
        self._actor = Actor(presenter())
        index = self._actor.channels.index
        rules = self._table.rules
        self._channels = [index[rule.channel] for rule in rules]
        self._gain = np.array([rule.gain for rule in rules])
        self._above = np.array([rule.above for rule in rules])
        self._turns = [(index[name], self._table.head[name]) for name in Head._fields]
        self._last: tuple[int, Weights] | None = None

    def at(self, moment: Moment) -> Expression:
        """The face at the first sample of the moment's slot; must be called once a slot, in their order."""
        pose, _ = self._actor.play(moment)
        mouth, sealed = blend(moment.visemes, self._table)
        if self._last is not None and 0 < moment.pts - self._last[0] <= 3 * SLOT and not moment.visemes:
            mouth = self._last[1] * SETTLE
        self._last = (moment.pts, mouth)
        felt = np.clip(self._gain * (pose[self._channels] - self._above), 0.0, 1.0) @ self._table.effect
        felt[JAW] *= 1.0 - sealed
        felt[SMILE] *= 1.0 - 0.7 * float(mouth[ROUNDING].max())
        weights = np.clip(mouth + felt, 0.0, 1.0)
        return Expression(weights, Head(*(float(pose[at]) * degrees for at, degrees in self._turns)))
