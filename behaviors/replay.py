"""What an edit of a tree changes: a recorded session lived through again, and where the decisions differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from behaviors.recorded import Recorded
from behaviors.replay_body import ReplayBody
from behaviors.tree import Behavior
from behaviors.trees.loading import Tree

TICK_S, LULL_S = 0.04, 0.5
NEWS_S = 30.0
"""So long after something was recorded it is decided as often as in a session; later on more seldom."""
OUTWARD = ("show ", "look ", "gesture ")
"""What only the face has to do with, or what the words of an answer bring about."""
DRAWN = frozenset(["idle", "attract"])
"""Types of node of which chance draws what they do."""
SAME_S = 0.3
"""The same done so much earlier or later is no difference."""
SHIFTED_S = 5.0
"""The same done so much earlier or later is still the same, at another time."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a tree did, and why; `what` is empty for nothing."""

    at_s: float
    what: str
    node: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    at_s: float
    was: Act
    now: Act


@dataclass(frozen=True, slots=True)
class Compared:
    """`same` decisions came again; `idle` counts the small actions of idleness then and now, which chance draws."""

    tree: str
    recorded: str
    same: int
    differences: Sequence[Difference]
    idle: tuple[int, int]

    def data(self) -> dict[str, Any]:
        told = {"tree": self.tree, "recorded": self.recorded, "same": self.same}
        idle = {"was": self.idle[0], "now": self.idle[1]}
        return {**told, "differences": [asdict(each) for each in self.differences], "idle": idle}


def replay(recorded: Recorded, tree: Tree, *, seed: int | None = None) -> Compared:
    """Let `tree` decide on what was perceived then."""
    before = [_act(each) for each in recorded.decisions if _counts(each)]
    again = _Again(recorded, tree, recorded.seed if seed is None else seed)
    again.run([each.at_s for each in before])
    after = [_act(each) for each in again.decisions if _counts(each)]
    differences = _differences(before, after, again, recorded)
    idle = (sum(map(_idles, recorded.decisions)), sum(map(_idles, again.decisions)))
    missing = sum(bool(each.was.what) for each in differences)
    return Compared(tree.name, recorded.tree, len(before) - missing, differences, idle)


def _act(decision: Mapping[str, Any]) -> Act:
    return Act(float(decision["at_s"]), _did(decision), str(decision["node"]), str(decision["why"]))


def _did(decision: Mapping[str, Any]) -> str:
    """What was done, without what nobody but the face has to do with."""
    return ", ".join(each for each in str(decision["did"]).split(", ") if each and not each.startswith(OUTWARD))


def _idles(decision: Mapping[str, Any]) -> bool:
    return decision.get("type") in DRAWN and bool(_did(decision))


def _counts(decision: Mapping[str, Any]) -> bool:
    return decision.get("type") not in DRAWN and bool(_did(decision))


class _Again:
    """The session lived through with another tree."""

    def __init__(self, recorded: Recorded, tree: Tree, seed: int) -> None:
        self._recorded = recorded
        self._body = ReplayBody(recorded)
        self._behavior = Behavior(self._body, seed, newest=lambda: tree)
        self.decisions: list[Mapping[str, Any]] = []
        self._states: dict[float, dict[str, Any]] = {}

    def run(self, looks: Sequence[float]) -> None:
        """Tick from the beginning to the end; how the tree stands is kept for the times in `looks`."""
        told = 0
        for at in _ticks(self._recorded.times):
            self._body.until(at)
            self._behavior.tick()
            state = self._behavior.snapshot(told)
            self.decisions += state["decisions"]
            told = self.decisions[-1]["n"] if self.decisions else 0
            if at in looks:
                self._states[at] = state
        self._behavior.close()

    def why_not(self, act: Act) -> Act:
        """Why nothing was done at the time of a recorded act that has not come again."""
        state = self._states[act.at_s]
        doing = str(state["doing"])
        found = next((each for each in _nodes(state["root"]) if each["name"] == act.node), None)
        tip = next((each for each in _nodes(state["root"]) if each["name"] == doing), None)
        if found is None:
            return Act(act.at_s, "", why=f"there is no node {act.node!r}")
        if found["status"] == "INVALID" and tip is not None:
            return Act(act.at_s, "", doing, f"{doing!r} goes before it: {tip['why']}")
        return Act(act.at_s, "", act.node, str(found["why"]))


def _ticks(times: Sequence[float]) -> Iterator[float]:
    """When to tick: whenever something was recorded, often for a while after it, and seldom while nothing was."""
    for at, following in pairwise([*times, times[-1] if times else 0.0]):
        yield at
        near = min(following, at + NEWS_S)
        yield from _between(at, near, TICK_S)
        yield from _between(near, following, LULL_S)


def _between(begin: float, end: float, step: float) -> Iterator[float]:
    count = 1
    while (at := round(begin + count * step, 3)) < end:
        yield at
        count += 1


def _nodes(root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield root
    for child in root["children"]:
        yield from _nodes(child)


def _differences(before: list[Act], after: list[Act], again: _Again, recorded: Recorded) -> list[Difference]:
    pairs = _paired(before, after)
    found = [
        Difference(was.at_s, was, now)
        for was, now in pairs
        if abs(was.at_s - now.at_s) > SAME_S or was.node != now.node
    ]
    gone = [each for each in before if all(each is not was for was, _ in pairs)]
    new = [each for each in after if all(each is not now for _, now in pairs)]
    for was in gone:
        instead = next((each for each in new if abs(each.at_s - was.at_s) <= SAME_S), None)
        if instead is not None:
            new.remove(instead)
        found.append(Difference(was.at_s, was, instead or again.why_not(was)))
    found += [Difference(now.at_s, _meanwhile(now.at_s, recorded), now) for now in new]
    return sorted(found, key=lambda each: each.at_s)


def _paired(before: list[Act], after: list[Act]) -> list[tuple[Act, Act]]:
    """The acts that came again, each with the nearest of its kind that is free."""
    free, pairs = list(after), []
    for was in before:
        alike = [each for each in free if each.what == was.what and abs(each.at_s - was.at_s) <= SHIFTED_S]
        if alike:
            now = min(alike, key=lambda each: abs(each.at_s - was.at_s))
            free = [each for each in free if each is not now]
            pairs.append((was, now))
    return pairs


def _meanwhile(at_s: float, recorded: Recorded) -> Act:
    """What the recorded tree was about at that time, which was nothing that counts."""
    last = next((each for each in reversed(recorded.decisions) if float(each["at_s"]) <= at_s), None)
    if last is None:
        return Act(at_s, "")
    return Act(at_s, "", str(last["node"]), str(last["why"]))
