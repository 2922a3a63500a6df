"""What a room has just been told, so that it is not told again at once. Only hashes are kept."""

from __future__ import annotations

from collections import OrderedDict

from knowledge.normalise import normalise
from visavis.clock import Clock

KEPT_S = 600.0
KEPT = 4_096


class Recent:
    """The sentences of the last `kept_s` seconds, at most `kept` of them."""

    def __init__(self, clock: Clock, *, kept_s: float = KEPT_S, kept: int = KEPT) -> None:
        self._clock, self._kept_s, self._kept = clock, kept_s, kept
        self._said: OrderedDict[int, float] = OrderedDict()

    def note(self, text: str) -> None:
        """`text` is said now."""
        key = self._key(text)
        self._said.pop(key, None)
        self._said[key] = self._clock.now()
        self._drop()

    def __contains__(self, text: str) -> bool:
        """Whether `text`, whatever its case and punctuation, was said a short time ago."""
        self._drop()
        return self._key(text) in self._said

    def _key(self, text: str) -> int:
        return hash(normalise(text) or text)

    def _drop(self) -> None:
        oldest = self._clock.now() - self._kept_s
        while self._said and (len(self._said) > self._kept or next(iter(self._said.values())) < oldest):
            self._said.popitem(last=False)
