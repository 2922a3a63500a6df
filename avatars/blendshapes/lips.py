"""From timed mouth shapes to blendshapes: neighbours blend by their dominance, and lips that must meet, meet.

The model of Cohen and Massaro (1993): every shape has a dominance that rises before it and falls after it, and for
each blendshape the mouth is the mean of the shapes about it, so weighted. A closure holds against all others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from avatars.blendshapes.names import NAMES, places
from avatars.blendshapes.table import CORNERS, Table, Weights
from visavis.words import RATE, Viseme

RISE_S = 0.085
"""In which a shape comes and goes; half of it lies before its start."""
SPREAD_S = 0.24
"""The same for the lips' width and rounding, which reach over the consonants beside a vowel."""
FULL_S = 0.07
"""A shorter shape weighs less: it is not reached in full."""
SHUT_S = 0.024
"""Half the least time for which a closure is complete: longer than one slot, so that one sample shows it."""
OPENING_S = 0.06
LAST_S = 0.35
"""How long the last known shape lasts when nothing follows it."""
ORDER = {name: at for at, name in enumerate(Viseme)}
SEALS = frozenset([Viseme.PP, Viseme.FF])
"""What must be seen: lips that meet, teeth on the lip."""
SEALED = [
    at for at, name in enumerate(NAMES) if name not in ("mouthPucker", "mouthStretchLeft", "mouthStretchRight")
    and not name.startswith("mouthSmile")
]  # fmt: skip
"""What a closure decides; width and rounding stay with the neighbours."""
ROUNDING = [*places("mouthFunnel"), *places("mouthPucker")]


def blend(visemes: Sequence[tuple[int, Viseme]], known: Table) -> tuple[Weights, float]:
    """The mouth at time 0 and how sealed it is, 0 to 1. `visemes` are (start in samples from now, shape), sorted."""
    if not visemes:
        return np.zeros(len(NAMES)), 0.0
    visemes = [*visemes, (visemes[-1][0] + round(LAST_S * RATE), Viseme.SIL)]
    begin = np.array([start for start, _ in visemes]) / RATE
    end = np.append(begin[1:], np.inf)
    rows = [ORDER[name] for _, name in visemes]
    weight = known.hold[rows] * _dominance(begin, end, RISE_S)[:, None]
    weight[:, CORNERS] = known.hold[rows][:, CORNERS] * _dominance(begin, end, SPREAD_S)[:, None]
    total = weight.sum(axis=0)
    mouth = (weight * known.shape[rows]).sum(axis=0) / np.maximum(total, 1e-9)
    sealed = 0.0
    for at, (_, name) in enumerate(visemes):
        if name in SEALS and (how := _shut(float(begin[at]), float(end[at]))) > 0.0:
            mouth[SEALED] += (known.shape[rows[at]][SEALED] - mouth[SEALED]) * how
            sealed = max(sealed, how)
    return mouth, sealed


def _dominance(begin: NDArray[np.float64], end: NDArray[np.float64], rise: float) -> NDArray[np.float64]:
    """Of shapes that span `begin` to `end`, at 0: a box with eased flanks."""
    near = _ease((rise / 2 - begin) / rise) * _ease((end + rise / 2) / rise)
    return np.asarray(near * (0.45 + 0.55 * np.minimum(1.0, (end - begin) / FULL_S)))


def _shut(begin: float, end: float) -> float:
    """How complete a closure is at 0: whole about its middle, opening on either side."""
    beyond = abs(begin + end) / 2 - max(SHUT_S, 0.36 * (end - begin))
    return float(1.0 - _ease(np.array(beyond / OPENING_S)))


def _ease(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x))
