"""Whose voice it may be, by its level: the visitor's own is learned, and what is far weaker comes from further away."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from visavis.words import Pcm

FAR_DB = 8.0
"""A voice whose loudest moments stay so much under the visitor's average is another's: 13 dB between averages."""
FAINT_DB = 17.0
"""Within an utterance: people let their voices fall, above all at the end."""
FADES_DB = 4.0
"""What was learned is believed so much less with each minute in which the visitor says nothing."""
QUIET = 0.2
"""Below this probability of voice a chunk shows the room's own noise."""
_RECENT = 12
_SHARE = 0.3
"""How far the newest utterance moves what was learned."""
_FALLS, _RISES = 0.2, 0.01


class Levels:
    """Follows the level of a microphone, chunk by chunk. Levels are powers of samples, times seconds of any clock."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._visitor: float | None = None
        self._learned_at = 0.0
        self.floor = 0.0
        """The room's own noise."""

    def hear(self, pcm: Pcm, probability: float, *, own: bool = False) -> float:
        """Take a chunk and its probability of voice; return its level above the room's noise.

        With `own` the voice is the avatar's, and tells nothing of anybody's level.
        """
        power = float(np.mean(np.square(pcm, dtype=np.float64)))
        if probability < QUIET:
            step = power - self.floor
            self.floor = power if not self.floor else self.floor + step * (_FALLS if step < 0 else _RISES)
            if self._recent:
                self._recent.popleft()
            return power
        power -= min(self.floor, 0.9 * power)
        if not own:
            self._recent.append(power)
        return power

    def learn(self, level: float, now: float) -> None:
        """An utterance that was answered had this level on average."""
        if level > 0:
            known = self._visitor
            self._visitor = level if known is None else known ** (1 - _SHARE) * level**_SHARE
            self._learned_at = now

    def far(self, now: float, *, speaking: bool) -> bool:
        """Whether the newest of the voice, some 0.4 s, is too weak to be the visitor's, who is `speaking` or not.

        False as long as nobody is known.
        """
        if self._visitor is None or not self._recent:
            return False
        faded = FADES_DB * (now - self._learned_at) / 60
        under = (FAINT_DB if speaking else FAR_DB) + faded
        return max(self._mean(), 1e-9) < self._visitor * 10 ** (-under / 10)

    def forget(self) -> None:
        """Another visitor comes."""
        self._visitor = None

    def _mean(self) -> float:
        return math.fsum(self._recent) / len(self._recent)
