"""A body that perceives what was recorded: the visitor does the same again, whatever the tree now does.

What the avatar itself says is not the record's but the tree's that is tried: its turns take as long as the recorded
ones of their kind did, one that was cut short as long as the longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from behaviors.ports import Gaze, Job, Occasion, Order, Playing, Voice
from behaviors.recorded import Recorded
from visavis.words import Emotion, Mood, TurnKind, Utterance

THINK_S, SPEECH_S, ACTION_S = 0.2, 3.0, 1.5
"""How long a turn takes to be heard, and lasts, and an action, where the record does not tell."""
NEAR_S = 0.12
"""What is perceived of something done may be told so much later."""
_URGENT = ("now", "next", "idle")


@dataclass(slots=True)
class Length:
    """A recorded turn: when it was opened, how long it took to be heard, and how long it was."""

    kind: TurnKind
    opened: float
    think_s: float = THINK_S
    speech_s: float = 0.0
    whole: bool = True


@dataclass(slots=True)
class Action:
    """An action that is played."""

    left: float
    done: bool = False

    def cancel(self) -> None:
        self.done = True


@dataclass(slots=True)
class TurnAgain:
    """A turn of the tree that is tried."""

    body: ReplayBody
    number: int
    kind: TurnKind
    silent: float
    left: float
    held: bool = False
    done: bool = False

    def cancel(self) -> None:
        if not self.done:
            self.body.cut()


class ReplayBody:
    """Implements `behaviors.ports.Body`. `until` lets time pass."""

    def __init__(self, recorded: Recorded) -> None:
        self.voice, self.present, self.taken_over, self.frozen = Voice(), False, False, False
        self.waiting: Utterance | None = None
        self.occasion: Occasion | None = None
        self.emotion = Emotion.NEUTRAL
        self.quiet_since = 0.0
        self._orders: list[Order] = []
        self._known: set[str] = set()
        self._pieces = 0
        self._now = 0.0
        self._acts = [(float(each["at_s"]), str(each["did"])) for each in recorded.decisions if each["did"]]
        self._changes = list(recorded.perceived)
        self._next = 0
        self._lengths = lengths(recorded)
        self._holds = heeded(recorded, "hold")
        self._yields = heeded(recorded, "interrupt")
        self._turn: TurnAgain | None = None
        self._actions: list[Action] = []
        self._count = 0

    # ── time ──
    def until(self, at_s: float) -> None:
        """Let time pass, and what was recorded until then happen."""
        passed, self._now = at_s - self._now, at_s
        self._pass(passed)
        while self._next < len(self._changes) and self._changes[self._next][0] <= at_s + 1e-9:
            at, changed = self._changes[self._next]
            self._next += 1
            for name, value in changed.items():
                self._perceive(at, name, value, changed)

    def _pass(self, seconds: float) -> None:
        for action in self._actions:
            action.left -= seconds
            action.done = action.done or action.left <= 0
        self._actions = [each for each in self._actions if not each.done]
        turn = self._turn
        if turn is not None and not turn.held:
            silent = min(turn.silent, seconds)
            turn.silent, turn.left = turn.silent - silent, turn.left - (seconds - silent)
            if turn.left <= 1e-9:
                self.cut()

    def _perceive(self, at: float, name: str, value: Any, changed: Mapping[str, Any]) -> None:
        match name, value:
            case "waiting", None:
                self.waiting = self.waiting if self._did(at, "answer") else None
            case "occasion", None:
                self.occasion = self.occasion if self._did(at, "greet", "answer") else None
            case "ordered", None:
                self._orders = self._orders if self._did(at, "obey") else []
            case "ordered", Order() if value.id not in self._known:
                self._known.add(value.id)
                self._orders.append(value)
            case "ordered" | "playing", _:
                pass
            case "scripted", True:
                self._pieces = max(self._pieces, 1)
            case "scripted", _:
                self._pieces = self._pieces if self._did(at, "recite") else 0
            case "quiet_since", float():
                if changed.get("playing", self) is not None:
                    self.quiet_since = max(self.quiet_since, value)
            case "present", False if self.present:
                self.present, self.occasion, self.waiting = False, None, None
            case _:
                setattr(self, name, value)

    def _did(self, at: float, *what: str) -> bool:
        """Whether the recorded tree had just done something that begins so."""
        near = [did for when, did in self._acts if at - NEAR_S <= when <= at]
        return any(each.startswith(what) for did in near for each in did.split(", "))

    # ── perceives ──
    def now(self) -> float:
        return self._now

    @property
    def playing(self) -> Playing | None:
        turn = self._turn
        if turn is None:
            return None
        return Playing(turn.number, turn.kind, turn.held, not turn.held and turn.silent <= 1e-9)

    @property
    def ordered(self) -> Order | None:
        return min(self._orders, key=lambda each: _URGENT.index(each.urgency), default=None)

    @property
    def scripted(self) -> bool:
        return self._pieces > 0

    # ── does ──
    def hold(self) -> None:
        if self._holds and self._turn is not None and self._turn.silent <= 1e-9:
            self._turn.held = True

    def resume(self) -> None:
        if self._turn is not None:
            self._turn.held = False

    def interrupt(self) -> None:
        if self._yields:
            self.cut()

    def cut(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.done, self.quiet_since = True, self._now

    def answer(self) -> Job:
        self.waiting = self.occasion = None
        return self._open("reply")

    def greet(self) -> Job:
        self.occasion = None
        return self._open("greeting")

    def obey(self) -> Job:
        order = self.ordered
        assert order is not None, "nothing is ordered"
        self._orders.remove(order)
        return self._open("operator") if order.text else self.act(order.action)

    def recite(self) -> Job:
        self._pieces = 1 if self._recited_on() else 0
        return self._open("script")

    def _recited_on(self) -> bool:
        """Whether the record's script went on with another piece that was ready already."""
        later = [at for at, did in self._acts if at > self._now + NEAR_S and "recite" in did]
        ready = [at for at, changed in self._changes if changed.get("scripted") and at > self._now]
        return bool(later) and (not ready or later[0] < ready[0])

    def act(self, action: str) -> Job:
        job = Action(ACTION_S)
        self._actions.append(job)
        return job

    def show(self, mood: Mood) -> None:
        """Nobody sees it."""

    def look(self, at: Gaze) -> None:
        """Nobody sees it."""

    def _open(self, kind: TurnKind) -> Job:
        self.cut()
        self._count += 1
        alike = [each for each in self._lengths if each.kind == kind]
        nearest = min(
            alike, key=lambda each: abs(each.opened - self._now), default=Length(kind, 0.0, speech_s=SPEECH_S)
        )
        whole = [each.speech_s for each in alike if each.whole]
        lasts = nearest.speech_s if nearest.whole else max([nearest.speech_s, SPEECH_S, *whole])
        self._turn = TurnAgain(self, self._count, kind, nearest.think_s, lasts)
        return self._turn


def lengths(recorded: Recorded) -> list[Length]:
    """The turns of a record with their lengths."""
    return list(_lengths(recorded))


def _lengths(recorded: Recorded) -> Iterator[Length]:
    ends = [float(each["at_s"]) for each in recorded.decisions if _ends(str(each["did"]))]
    open_, number, since, before = None, 0, 0.0, None
    rows = [(at, changed["playing"]) for at, changed in recorded.perceived if "playing" in changed]
    for at, playing in [*rows, (recorded.ended_s, None)]:
        if open_ is not None and before is not None and before.audible:
            open_.speech_s += at - since
        if open_ is not None and (playing is None or playing.turn != number):
            cut = any(at - NEAR_S <= each <= at for each in ends) or at == recorded.ended_s
            yield replace(open_, whole=not cut)
            open_ = None
        if playing is not None and open_ is None:
            opened = max([float(d["at_s"]) for d in recorded.decisions if float(d["at_s"]) <= at], default=at)
            open_, number = Length(playing.kind, opened), playing.turn
        if open_ is not None and playing is not None and playing.audible and open_.speech_s == 0:
            open_.think_s = at - open_.opened
        since, before = at, playing


def _ends(did: str) -> bool:
    """Whether this ended the turn that played."""
    begun = ("interrupt", "cut", "answer", "greet", "recite", "obey", "cancel")
    return any(each.startswith(begun) for each in did.split(", "))


def heeded(recorded: Recorded, did: str) -> bool:
    """Whether the recorded session ever did what its tree told it so; where that was never tried, it is taken to."""
    tried = [float(each["at_s"]) for each in recorded.decisions if did in str(each["did"]).split(", ")]
    rows: list[tuple[float, Playing | None]] = [
        (at, changed["playing"]) for at, changed in recorded.perceived if "playing" in changed
    ]
    return not tried or any(
        at <= when <= at + NEAR_S and _gave_way(before, after)
        for at in tried
        for (_, before), (when, after) in pairwise(rows)
    )


def _gave_way(before: Playing | None, after: Playing | None) -> bool:
    """Whether the turn that played has been held or ended."""
    return before is not None and (after is None or after.held or after.turn != before.turn)
