"""Made-up speakers for the face bench: distinct mouths, a third of them gesturing."""

from __future__ import annotations

import random
from collections.abc import Mapping

from visavis.words import RATE, SLOT, Emotion, Moment, Viseme

SHAPE = RATE * 9 // 100
"""90 ms a mouth shape, brisk speech."""
BEFORE, AFTER = 6000, 7200


class Speaker:
    """One visitor's avatar that never stops talking; `gestures` plays one action after another."""

    def __init__(self, seed: int, actions: Mapping[str, int], *, gestures: bool) -> None:
        dice = random.Random(seed)  # noqa: S311
        self._shapes = [dice.choice(tuple(Viseme)) for _ in range(997)]
        self._emotion = dice.choice(tuple(Emotion))
        self._plan: list[tuple[str, int]] = []
        names = [name for name in actions if name != "idle"]
        if gestures and names:
            dice.shuffle(names)
            self._plan = [(name, actions[name]) for name in names]

    def moment(self, slot: int) -> Moment:
        """What slot `slot` shows."""
        pts = slot * SLOT
        first, last = (pts - BEFORE) // SHAPE, (pts + AFTER) // SHAPE
        visemes = tuple((n * SHAPE - pts, self._shapes[n % len(self._shapes)]) for n in range(first, last + 1))
        return Moment(pts, 1, "speaking", self._emotion, 1.0, visemes, self._action(pts))

    def _action(self, pts: int) -> tuple[tuple[str, int], ...]:
        if not self._plan:
            return ()
        at = pts % sum(length for _, length in self._plan)
        for name, length in self._plan:
            if at < length:
                return ((name, at),)
            at -= length
        return ()
