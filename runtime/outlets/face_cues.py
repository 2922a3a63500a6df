"""Tells a client that draws a body of its own how the face stands: what is felt, and on wish ARKit's curves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from avatars.blendshapes import NAMES, Curves
from visavis.words import FPS, Emotion, Moment

STEP = 0.2
"""A change of intensity that is worth telling."""
Cue = tuple[str, dict[str, Any]]
"""An event's type and its fields."""


class FaceCues:
    """Of one connection; `cues` must be asked once a slot, in their order."""

    def __init__(self) -> None:
        self._curves: Curves | None = None
        self._named = False
        self._felt = (Emotion.NEUTRAL, 1.0)
        self._acting: tuple[str, int, int] | None = None
        """The action that the client was told of last, with its turn and its end."""

    @property
    def curved(self) -> bool:
        return self._curves is not None

    def curve(self, curves: Curves | None) -> None:
        """Send curves from the next slot on, with their names once; None: no more."""
        self._curves, self._named = curves, False

    def act(self, turn: int, action: str, end: int) -> None:
        """The client is told that an action begins, and when it will end."""
        self._acting = (action, turn, end)

    def cues(self, moment: Moment) -> Iterator[Cue]:
        yield from self._cut_short(moment)
        yield from self._feeling(moment)
        if self._curves is not None:
            yield self._face(self._curves, moment)

    def _cut_short(self, moment: Moment) -> Iterator[Cue]:
        """An action is not played to the end that was told."""
        if self._acting is None:
            return
        name, turn, end = self._acting
        if moment.pts < end and name in [action for action, _ in moment.actions]:
            return
        self._acting = None
        if moment.pts < end:
            yield "avatar.action_end", {"turn": turn, "action": name, "pts": moment.pts}

    def _feeling(self, moment: Moment) -> Iterator[Cue]:
        emotion, intensity = self._felt
        if moment.emotion is emotion and abs(moment.intensity - intensity) < STEP:
            return
        self._felt = (moment.emotion, moment.intensity)
        told = {"label": moment.emotion.value, "intensity": round(moment.intensity, 3)}
        yield "avatar.emotion", {"turn": moment.turn, "pts": moment.pts, **told}

    def _face(self, curves: Curves, moment: Moment) -> Cue:
        face = curves.at(moment)
        names = {} if self._named else {"names": list(NAMES)}
        self._named = True
        fields = {
            "turn": moment.turn,
            "pts": moment.pts,
            "fps": FPS,
            **names,
            "frames": [[round(value, 3) for value in face.weights.tolist()]],
            "head": [[round(value, 2) for value in face.head]],
        }
        return "avatar.blendshapes", fields
