"""When an avatar's hands move while it speaks: what is wished for at which word becomes actions that can be played.

A plan is made slot by slot, so that it is right whatever happens to the speech: an action begins as long before its
word as its preparation takes. One planner lives as long as its session; it remembers what was done lately.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from behaviors.repertoire import Repertoire
from visavis.words import RATE, Rank

SETTLE = RATE // 5
"""A stroke is seen for so long, or the action is not worth beginning."""
STRENGTH: dict[Rank, int] = {"beat": 0, "meant": 1, "asked": 2}


@dataclass(slots=True)
class Stroke:
    """A wish: the action whose stroke belongs to turn time `at`. It is `settled` once it is begun or given up."""

    at: int
    name: str
    rank: Rank = "asked"
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Gesture:
    """An action on the session's line, from `start` to `end` with its stroke at `stroke`; `turn` is 0 outside speech.

    `start` lies before the first slot that shows it where a part of its preparation is left out.
    """

    name: str
    start: int
    stroke: int
    end: int
    turn: int
    rank: Rank = "asked"


@dataclass(frozen=True, slots=True)
class Place:
    """A slot of speech: where it is on the turn's line and on the session's, and what is left to say if that is known.

    `lengths` are the actions that the face has, in samples.
    """

    turn: int
    offset: int
    pts: int
    left: int | None
    lengths: Mapping[str, int]


class Planner:
    """`playing` is the action that is seen."""

    def __init__(self, repertoire: Repertoire | None = None) -> None:
        self.repertoire = repertoire or Repertoire()
        self.playing: Gesture | None = None
        self._free = 0
        """From when on the rules may choose again."""
        self._began: dict[str, int] = {}

    @property
    def _footage(self) -> bool:
        return self.repertoire.ready_s is None

    # ── what begins ──
    def speak(self, place: Place, wishes: Sequence[Stroke]) -> Gesture | None:
        """Begin what is due in this slot, of all that is wished for from its first sample on, in order of time."""
        for wish in wishes:
            gesture = self._gesture(wish, place)
            if gesture is None:
                wish.settled = True
            elif gesture.start <= place.pts:
                wish.settled = True
                if (fitted := self._fit(gesture, place)) and self._free_for(fitted, wishes, place):
                    return self._begin(fitted, place.pts)
        return None

    def act(self, action: str, pts: int, lengths: Mapping[str, int]) -> Gesture | None:
        """Begin an action outside speech, if nothing else is played."""
        name = self.repertoire.choose(action, lengths)
        if name is None or self.playing is not None:
            return None
        length = min(lengths[name], round(self.repertoire.longest_s * RATE))
        return self._begin(Gesture(name, pts, pts + self.repertoire.stroke(name, length), pts + length, 0), pts)

    def _begin(self, gesture: Gesture, pts: int) -> Gesture:
        self.stop(pts)
        self.playing = gesture
        self._began[gesture.name] = pts
        if gesture.turn or self._footage:
            self._free = gesture.end + round(self.repertoire.apart_s * RATE)
        return gesture

    def _gesture(self, wish: Stroke, place: Place) -> Gesture | None:
        """The wish as this avatar can fulfil it from this slot on; None where it cannot."""
        name = self.repertoire.choose(wish.name, place.lengths)
        if name is None:
            return None
        length = place.lengths[name]
        before = self.repertoire.stroke(name, length)
        ready = self.repertoire.ready_s
        soonest = before if ready is None else min(before, round(ready * RATE))
        stroke = max(place.pts + wish.at - place.offset, place.pts + soonest)
        start = stroke - before
        end = start + min(length, round(self.repertoire.longest_s * RATE))
        return Gesture(name, start, stroke, end, place.turn, wish.rank)

    def _fit(self, gesture: Gesture, place: Place) -> Gesture | None:
        """The gesture no longer than the speech; None where its stroke would be lost.

        What was asked for by name is shown at least to its stroke.
        """
        if place.left is None or gesture.end <= place.pts + place.left:
            return gesture
        asked, over = gesture.rank == "asked", place.pts + place.left
        if self._footage:
            return gesture if asked else None
        if over < gesture.stroke + SETTLE and not asked:
            return None
        return replace(gesture, end=min(gesture.end, max(over, gesture.stroke + SETTLE)))

    def _free_for(self, gesture: Gesture, wishes: Sequence[Stroke], place: Place) -> bool:
        """Whether nothing stands in its way: what plays, what was just done, what comes and matters more."""
        playing = self.playing
        if playing is not None and (playing.turn or self._footage):
            return not self._footage and gesture.rank == "asked" and playing.rank != "asked"
        if gesture.rank == "asked":
            return True
        again = self._began.get(gesture.name)
        if again is not None and place.pts < again + round(self.repertoire.again_s * RATE):
            return False
        if place.pts < self._free:
            return False
        until = gesture.end + round(self.repertoire.apart_s * RATE)
        return not any(
            later.start < until
            for wish in wishes
            if not wish.settled and STRENGTH[wish.rank] > STRENGTH[gesture.rank]
            if (later := self._gesture(wish, place)) is not None
        )

    # ── what ends ──
    def at(self, pts: int) -> Gesture | None:
        """What is seen at `pts` of the line."""
        if self.playing is not None and pts >= self.playing.end:
            self.playing = None
        return self.playing

    def stop(self, pts: int) -> None:
        """End what is played; one whose stroke was not seen has not been done."""
        gesture, self.playing = self.playing, None
        if gesture is None or pts >= gesture.end:
            return
        if pts < gesture.stroke:
            self._began.pop(gesture.name, None)
            self._free = pts
        else:
            self._free = pts + round(self.repertoire.apart_s * RATE)

    def hush(self, pts: int) -> None:
        """The speech is over: what went with it ends, unless it is footage or was asked for."""
        gesture = self.playing
        if gesture is None or not gesture.turn or self._footage:
            return
        if gesture.rank != "asked" or pts >= gesture.stroke + SETTLE:
            self.stop(pts)
