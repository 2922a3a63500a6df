"""An avatar's manners with its hands, as its package says, and as is usual for its kind."""

from __future__ import annotations

from avatars.package import Avatar
from behaviors.repertoire import Repertoire

DRAWN = Repertoire()
RECORDED = Repertoire(apart_s=8.0, again_s=24.0, ready_s=None)
"""Of footage the same few seconds are soon known by heart, and it cannot begin or end in the middle."""


def repertoire_of(avatar: Avatar) -> Repertoire:
    """What the avatar's sessions may do."""
    usual, own = RECORDED if avatar.recorded else DRAWN, avatar.gestures
    return Repertoire(
        actions=frozenset(avatar.actions) if avatar.limited else None,
        strokes=own.stroke,
        apart_s=usual.apart_s if own.apart is None else own.apart,
        again_s=usual.again_s if own.again is None else own.again,
        longest_s=own.longest,
        ready_s=usual.ready_s,
    )
