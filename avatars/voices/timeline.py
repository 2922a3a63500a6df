"""From timed phonemes to timed mouth shapes, as they become certain.

Times are samples at the synthesiser's own rate. A phoneme's shapes are known once the next phoneme is:
then its end is, and how much of the silence before the next one is that one's closure.
"""

from __future__ import annotations

from dataclasses import dataclass

from avatars.voices import visemes
from visavis.words import Viseme

Timed = tuple[int, Viseme]


@dataclass(frozen=True, slots=True)
class Phoneme:
    """An event: `ipa` sounds from `start`; `closure` samples of silence lie before it. An empty `ipa` is a pause."""

    start: int
    ipa: str
    closure: int = 0


class MouthTimeline:
    """Takes phonemes in order, gives shapes in order; each shape lasts until the next one's start."""

    def __init__(self, rate: int) -> None:
        self._release = rate // 100
        self._parting = rate * 24 // 1000
        self._shortest_pause = rate // 16
        self._longest_closure = rate // 14
        self._pending: Phoneme | None = None
        self._last: Timed = (-1, Viseme.SIL)

    @property
    def known_until(self) -> int:
        """No shape that begins before this sample is still to come."""
        if self._pending is None:
            return 0
        return max(0, self._pending.start - self._longest_closure)

    def add(self, phoneme: Phoneme) -> list[Timed]:
        """The shapes that became certain."""
        closed = phoneme.closure if visemes.closes(phoneme.ipa) else 0
        begins = max(0, phoneme.start - min(closed, self._longest_closure))
        previous, self._pending = self._pending, Phoneme(begins, phoneme.ipa, phoneme.start - begins)
        return self._settle(previous, self._pending) if previous else []

    def end(self, at: int) -> list[Timed]:
        """The last shapes, and silence from `at`."""
        if self._pending is None:
            return []
        out = self._settle(self._pending, Phoneme(at, ""))
        self._pending = None
        return out if out and out[-1][1] is Viseme.SIL else [*out, *self._put(at, Viseme.SIL)]

    def _settle(self, phoneme: Phoneme, following: Phoneme) -> list[Timed]:
        """The shapes of `phoneme`, whose closure is counted in its start, up to the start of `following`."""
        end = following.start
        if not visemes.symbols(phoneme.ipa):
            return self._put(phoneme.start, Viseme.SIL) if end - phoneme.start >= self._shortest_pause else []
        if visemes.is_aspirate(phoneme.ipa):
            ahead = visemes.shapes(following.ipa)
            return self._put(phoneme.start, ahead[0][0] if ahead else Viseme.E)
        out: list[Timed] = []
        at = float(phoneme.start)
        for shape, share in visemes.shapes(phoneme.ipa):
            out += self._put(round(at), shape)
            at += share * (end - phoneme.start)
        return out + self._after_burst(phoneme, following)

    def _after_burst(self, phoneme: Phoneme, following: Phoneme) -> list[Timed]:
        """Opens the lips into the next sound as soon as a stop is released.

        A voiceless one is released at its event; the release of lips that hum belongs to their own sound.
        """
        released = phoneme.start + phoneme.closure + self._release
        ahead = visemes.shapes(following.ipa)
        if visemes.is_voiced_closure(phoneme.ipa):
            released = max(released, following.start - self._parting)
        elif not visemes.is_voiceless_stop(phoneme.ipa):
            return []
        return self._put(released, ahead[0][0]) if ahead and released < following.start else []

    def _put(self, at: int, shape: Viseme) -> list[Timed]:
        """One shape, unless it is the one that stands already; never before the last one, the first at 0."""
        if shape is self._last[1] and self._last[0] >= 0:
            return []
        self._last = (max(at, self._last[0]) if self._last[0] >= 0 else 0, shape)
        return [self._last]
