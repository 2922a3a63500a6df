"""From timed mouth shapes to one mouth: neighbours blend, and what must close, closes.

Every shape has a weight that rises before it and falls after it. A shape that must be seen (lips that meet,
teeth on the lip) holds its figures against the others; at the middle of a closure nothing else counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig.data import Lips
from avatars.renderers.rig.motion import ease
from visavis.words import RATE, SLOT, Viseme

FIELDS = ("open", "wide", "round", "upper", "lower", "teeth", "under", "tongue", "bite", "press")
Shape = NDArray[np.float64]
"""One mouth: the figures of `FIELDS`."""

RISE = 0.085
"""Seconds in which a shape comes and goes."""
SHUT = 0.024
"""Half the time for which a closure is complete: every closure is complete in at least one picture."""
LAST = 0.35
"""How long the last known shape lasts when nothing follows it, in seconds."""


Table = Mapping[Viseme, tuple[Shape, Shape]]
"""Each shape, and the weight that each of its figures has among its neighbours."""


def table(visemes: Mapping[Viseme, Lips]) -> Table:
    """The rig's shapes made ready to mix."""
    return {
        name: (
            np.array([getattr(lips, field) for field in FIELDS]),
            np.array([lips.corners if field in ("wide", "round") else lips.hold for field in FIELDS]),
        )
        for name, lips in visemes.items()
    }


def spans(visemes: Sequence[tuple[int, Viseme]]) -> list[tuple[float, float, Viseme]]:
    """Start and end in seconds from the middle of the slot."""
    ends = [start for start, _ in visemes[1:]]
    ends.append(visemes[-1][0] + round(LAST * RATE))
    middle = SLOT / 2
    return [
        ((start - middle) / RATE, (end - middle) / RATE, name) for (start, name), end in zip(visemes, ends, strict=True)
    ]


def blend(visemes: Sequence[tuple[int, Viseme]], shapes: Table) -> Shape:
    """The mouth at the middle of the slot."""
    rest = shapes[Viseme.SIL][0]
    if not visemes:
        return rest.copy()
    total = np.zeros(len(FIELDS))
    weight = np.zeros(len(FIELDS))
    known = spans(visemes)
    for begin, end, name in known:
        reach = min(1.0, (end - begin) / 0.07)
        near = _near(begin, end) * (0.45 + 0.55 * reach)
        if near > 0.0:
            shape, hold = shapes[name]
            weight += hold * near
            total += shape * hold * near
    mouth = total / weight if weight[0] > 1e-6 else rest.copy()
    for begin, end, name in known:
        if name in (Viseme.PP, Viseme.FF):
            _hold(mouth, shapes[name][0], _shut(begin, end), name)
    return mouth


def _near(begin: float, end: float) -> float:
    """The weight at 0 of a shape that spans `begin`..`end`: a box with eased flanks."""
    return ease((RISE / 2 - begin) / RISE) * ease((end + RISE / 2) / RISE)


def _shut(begin: float, end: float) -> float:
    """How complete a closure is at 0: whole about its middle, opening over 60 ms on either side."""
    middle, half = (begin + end) / 2, max(SHUT, 0.36 * (end - begin))
    return 1.0 - ease((abs(middle) - half) / 0.06)


def _hold(mouth: Shape, shape: Shape, how: float, name: Viseme) -> None:
    """Draw the figures that make a closure towards `shape`; width and rounding stay with the neighbours."""
    if how <= 0.0:
        return
    keep = ("open", "upper", "lower", "teeth", "under", "tongue", "bite", "press")
    for field in keep:
        at = FIELDS.index(field)
        mouth[at] += (shape[at] - mouth[at]) * how
    if name is Viseme.FF:
        at = FIELDS.index("round")
        mouth[at] += (shape[at] - mouth[at]) * how * 0.7


def stress(visemes: Sequence[tuple[int, Viseme]], shapes: Table) -> float:
    """How open the speech is about now, 0..1: the slow beat that head and brows follow."""
    open_at = FIELDS.index("open")
    total = weight = 0.0
    for begin, end, name in spans(visemes) if visemes else ():
        near = ease(1.0 - abs((begin + end) / 2) / 0.24) * min(end - begin, 0.2)
        total += near * float(shapes[name][0][open_at])
        weight += near
    return total / weight if weight > 1e-6 else 0.0
