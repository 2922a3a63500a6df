"""When everything in a block happens, as far as can be known before a word is spoken.

Words have no times yet, so a time is an anchor: so many seconds from a character of a text, or from the block's start.
An action's length cannot be changed: one of its points is placed, and the others follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from behaviors.bml.model import POINTS, Behavior, Block, BmlError, Composition, Kind, Ref

FIRST = ("stroke", "strokeStart", "start", "ready", "strokeEnd", "relax", "end")
"""Of several points that are given, the one that places an action."""
TOGETHER_S = 0.05
"""Times that differ less are the same."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from an action's beginning to its stroke, and to its end."""

    stroke_s: float = 0.45
    length_s: float = 1.5

    @property
    def phases(self) -> dict[str, float]:
        """Where each sync point lies, in seconds from the beginning."""
        stroke, end = min(self.stroke_s, self.length_s), self.length_s
        held = min(end, stroke + 0.2)
        ready = max(0.0, stroke - 0.1)
        relax = max(held, end - 0.4)
        return dict(zip(POINTS, (0.0, ready, ready, stroke, held, relax, end), strict=True))


@dataclass(frozen=True, slots=True)
class Anchor:
    """`offset_s` after character `at` of the speech `speech` begins to be said; "" is the beginning of the block."""

    speech: str
    at: int
    offset_s: float

    def later(self, seconds: float) -> Anchor:
        return Anchor(self.speech, self.at, self.offset_s + seconds)


@dataclass(frozen=True, slots=True)
class Said:
    """A text that is spoken, `pause_s` after the one before, or after the block's beginning."""

    id: str
    text: str
    marks: Mapping[str, int]
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done beside the words: an action, a look, a face. `until` is None where nobody says."""

    kind: Kind
    id: str
    name: str
    start: Anchor
    phases: Mapping[str, float] = field(default_factory=dict)
    until: Anchor | None = None
    amount: float = 1.0

    @property
    def stroke(self) -> Anchor:
        return self.start.later(self.phases.get("stroke", 0.0))


@dataclass(frozen=True, slots=True)
class Plan:
    """What is said, in order, and what is done beside it."""

    id: str
    composition: Composition
    said: tuple[Said, ...]
    deeds: tuple[Deed, ...]
    warnings: tuple[str, ...]


def plan(block: Block, timing: Callable[[str], Timing] = lambda action: Timing()) -> Plan:
    """Find the times of a block. Raises BmlError for what makes no sense."""
    return _Planner(block, timing).plan()


class _Planner:
    def __init__(self, block: Block, timing: Callable[[str], Timing]) -> None:
        self._block, self._timing = block, timing
        self._known = {each.id: each for each in block.behaviors}
        self._starts: dict[str, Anchor] = {}
        self._open: list[tuple[str, str]] = []
        self._warnings = list(block.warnings)
        self._first = ""
        """The speech that begins with the block."""

    def plan(self) -> Plan:
        said = self._speeches()
        if said and said[0].pause_s == 0.0:
            self._first = said[0].id
        deeds = [
            deed for each in self._block.behaviors if each.kind not in ("speech", "wait") for deed in self._do(each)
        ]
        for each in self._block.behaviors:
            self._ordered(each)
        return Plan(self._block.id, self._block.composition, tuple(said), tuple(deeds), tuple(self._warnings))

    # ── times ──
    def _resolve(self, ref: Ref, behavior: Behavior, attribute: str) -> Anchor:
        if ref.target in ("", self._block.id):
            return Anchor("", 0, ref.offset)
        target = self._known.get(ref.target)
        if target is None:
            remedy = f"name one of {', '.join(self._known)}"
            raise BmlError(behavior.id, attribute, f"there is no behaviour {ref.target!r}", remedy)
        if target.kind == "speech" and ref.point in target.marks:
            return Anchor(target.id, target.marks[ref.point], ref.offset)
        if ref.point not in POINTS:
            marks = (*target.marks, *POINTS)
            raise BmlError(
                behavior.id,
                attribute,
                f"{target.id} has no sync point {ref.point!r}",
                f"name one of {', '.join(marks)}",
            )
        if target.kind == "speech":
            at = 0 if POINTS.index(ref.point) < POINTS.index("strokeEnd") else len(target.text)
            return Anchor(target.id, at, ref.offset)
        return self._point(target, ref.point, (behavior.id, attribute)).later(ref.offset)

    def _point(self, target: Behavior, point: str, asking: tuple[str, str]) -> Anchor:
        """Where a point of a behaviour that is no speech lies."""
        if point == "end" and target.kind in ("gaze", "face"):
            if "end" not in target.sync:
                raise BmlError(*asking, f"{target.id} has no end of its own", f"give {target.id} an end")
            return self._once(target, "end", asking)
        return self._once(target, "", asking).later(self._phases(target)[point])

    def _once(self, target: Behavior, what: str, asking: tuple[str, str]) -> Anchor:
        """The start of a behaviour, or the point `what` of it, found once. Raises BmlError for a cycle."""
        key = f"{target.id}:{what}"
        if key in self._starts:
            return self._starts[key]
        if (target.id, what) in self._open:
            chain = " → ".join(
                name for name, _ in [*self._open[self._open.index((target.id, what)) :], (target.id, "")]
            )
            raise BmlError(*asking, f"the times wait for each other ({chain})", "give one of them a time of its own")
        self._open.append((target.id, what))
        found = self._resolve(target.sync[what], target, what) if what else self._start(target)
        self._open.pop()
        self._starts[key] = found
        return found

    def _start(self, behavior: Behavior) -> Anchor:
        point = next((each for each in FIRST if each in behavior.sync), None)
        if behavior.kind in ("gaze", "face"):
            point = next((each for each in POINTS[:-1] if each in behavior.sync), None)
        if point is None:
            return Anchor("", 0, 0.0)
        at = self._resolve(behavior.sync[point], behavior, point)
        return at.later(-self._phases(behavior)[point])

    def _phases(self, behavior: Behavior) -> Mapping[str, float]:
        if behavior.kind == "action":
            return self._timing(behavior.name).phases
        if behavior.kind == "wait":
            return {point: (0.0 if point == "start" else behavior.amount) for point in POINTS}
        return dict.fromkeys(POINTS, 0.0)

    def _normal(self, anchor: Anchor) -> Anchor:
        """From the block's start where that is the same as from a text's."""
        same = anchor.speech == self._first and anchor.at == 0
        return Anchor("", 0, anchor.offset_s) if same else anchor

    # ── what is said ──
    def _speeches(self) -> list[Said]:
        left = [each for each in self._block.behaviors if each.kind == "speech"]
        done: list[Said] = []
        while left:
            ready = [each for each in left if self._follows(each) in ("", *(said.id for said in done))]
            if not ready:
                chain = " → ".join(each.id for each in left)
                problem = f"the texts wait for each other ({chain})"
                raise BmlError(left[0].id, "start", problem, "give one of them a time of its own")
            left.remove(ready[0])
            done.append(self._say(ready[0], done))
        return done

    def _when(self, speech: Behavior) -> Anchor | None:
        ref = speech.sync.get("start")
        return None if ref is None else self._resolve(ref, speech, "start")

    def _follows(self, speech: Behavior) -> str:
        """The text after which it is said; "" where it is free."""
        when = self._when(speech)
        return "" if when is None else when.speech

    def _say(self, speech: Behavior, done: list[Said]) -> Said:
        when = self._when(speech)
        for point in [each for each in speech.sync if each != "start"]:
            self._warnings.append(f"{speech.id}.{point}: a text takes as long as it takes; only its start can be set")
        if when is None:
            return Said(speech.id, speech.text, speech.marks)
        if when.speech == "":
            if when.offset_s < 0:
                raise BmlError(speech.id, "start", "it lies before the block begins", "give a later time")
            if done:
                self._warnings.append(f"{speech.id}.start: it begins when {done[-1].id} has been said")
            return Said(speech.id, speech.text, speech.marks, 0.0 if done else when.offset_s)
        before = next(said for said in done if said.id == when.speech)
        if when.at < len(before.text) or when.offset_s < 0:
            problem, remedy = f"two texts cannot be said at once: {before.id} goes on then", f"say {before.id}:end"
            raise BmlError(speech.id, "start", problem, remedy)
        if before is not done[-1]:
            self._warnings.append(f"{speech.id}.start: it begins when {done[-1].id} has been said")
        return Said(speech.id, speech.text, speech.marks, when.offset_s)

    # ── what is done ──
    def _do(self, behavior: Behavior) -> list[Deed]:
        start = self._normal(self._once(behavior, "", (behavior.id, "start")))
        phases = self._phases(behavior)
        if behavior.kind == "action":
            plays = (behavior.repetition + 1) // 2
            many = [behavior.id, *(f"{behavior.id}~{n}" for n in range(2, plays + 1))]
            return [
                Deed("action", name, behavior.name, start.later(n * phases["end"]), phases)
                for n, name in enumerate(many)
            ]
        until = None
        if "end" in behavior.sync:
            until = self._normal(self._once(behavior, "end", (behavior.id, "end")))
        return [Deed(behavior.kind, behavior.id, behavior.name, start, {}, until, behavior.amount)]

    def _ordered(self, behavior: Behavior) -> None:
        """The points that are given stand in their order, none before the block, and an action's fit its length."""
        if behavior.kind == "speech":
            return
        given = [
            (point, self._normal(self._resolve(ref, behavior, point)))
            for point, ref in sorted(behavior.sync.items(), key=lambda each: POINTS.index(each[0]))
        ]
        for point, at in given:
            if at.speech == "" and at.offset_s < 0:
                raise BmlError(behavior.id, point, "it lies before the block begins", "give a later time")
        for (earlier, one), (later, two) in pairwise(given):
            if _before(two, one):
                raise BmlError(behavior.id, later, f"{later} lies before {earlier}", "change one of them")
        if behavior.kind == "action" and len(given) > 1:
            self._fits(behavior, given)

    def _fits(self, behavior: Behavior, given: list[tuple[str, Anchor]]) -> None:
        start, phases = self._normal(self._once(behavior, "", (behavior.id, "start"))), self._phases(behavior)
        placed = next(each for each in FIRST if each in behavior.sync)
        for point, at in given:
            fits = start.later(phases[point])
            if (fits.speech, fits.at) != (at.speech, at.at) or abs(fits.offset_s - at.offset_s) > TOGETHER_S:
                self._warnings.append(f"{behavior.id}.{point}: the action has its own length; {placed} places it")


def _before(one: Anchor, two: Anchor) -> bool:
    """Whether one certainly lies before the other."""
    if one.speech != two.speech:
        return False
    if one.at == two.at:
        return one.offset_s < two.offset_s - 1e-6
    return one.at < two.at and one.offset_s <= two.offset_s
