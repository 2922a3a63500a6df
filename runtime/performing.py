"""BML blocks in one session: what is said becomes orders, what is done beside it happens at its word, and every sync
point is told as it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from behaviors.bml import Anchor, Deed, Plan, Said
from behaviors.planner import Gesture
from behaviors.ports import Gaze, Urgency
from runtime.events import BlockTold
from runtime.orders import Orders, Placed
from runtime.staging import Line, Piece, pieces
from visavis.errors import ClientError
from visavis.words import SLOT, Emotion, Frame

BLOCKS = 20
"""Blocks that may be performed or wait at once."""
WHILE_S = 4.0
"""How long a face lasts of which nobody says when it ends."""
LOOKS: dict[str, Gaze] = {"visitor": "visitor", "away": "away", "aside": "aside"}


class Performer(Protocol):
    """What a block needs of its session."""

    @property
    def orders(self) -> Orders: ...

    def withdraw(self, placed: Placed) -> None: ...

    def look(self, at: Gaze) -> None: ...

    def feel(self, emotion: Emotion, intensity: float, for_s: float) -> None: ...


@dataclass(slots=True)
class _Pending:
    """Something that becomes due at an anchor: `do` is told the sample of the line."""

    anchor: Anchor
    do: Callable[[int], None]


@dataclass(slots=True)
class Performance:
    """One block; `began` is the sample of the line at which it began. It waits until it is `opened`."""

    plan: Plan
    began: int | None = None
    placed: Placed | None = None
    opened: bool = False
    shift: int | None = None
    """Where the first sample of its turn is on the line, once it is heard."""
    script: tuple[Piece, ...] = ()
    pending: list[_Pending] = field(default_factory=list)
    acting: dict[str, Placed] = field(default_factory=dict)
    """Deeds that are orders of their own."""
    cued: list[Deed] = field(default_factory=list)
    """Deeds that go with a word and have not begun."""
    looks: bool = False
    feels: bool = False
    """Whether it looks aside, or shows a face, until it is over."""
    coming: list[tuple[int, str, str]] = field(default_factory=list)
    """Sync points whose sample is known and has not come."""

    @property
    def first(self) -> Said | None:
        return self.plan.said[0] if self.plan.said else None


class Performing:
    """All blocks of a session; `slot` and `gestured` follow what the stage does."""

    def __init__(self, performer: Performer, tell: Callable[[BlockTold], None]) -> None:
        self._performer, self._tell = performer, tell
        self._blocks: list[Performance] = []
        self._at = 0
        """The first sample of the slot that comes next."""

    # ── placed ──
    def place(self, plan: Plan) -> Performance:
        """Perform a block, with those that go on, after them, or in their place. Raises ClientError."""
        if any(each.plan.id == plan.id for each in self._blocks):
            problem = f"a block {plan.id!r} is being performed; give this one another id"
            raise ClientError("invalid_bml", problem, param="bml.id")
        if plan.composition == "REPLACE":
            for each in list(self._blocks):
                self._end(each, "another block took its place")
        if len(self._blocks) >= BLOCKS:
            raise ClientError("too_many_requests", f"{BLOCKS} blocks wait already; wait until some have ended")
        performance = Performance(plan)
        if plan.composition != "APPEND" or not self._blocks:
            self._open(performance)
        self._blocks.append(performance)
        for warning in plan.warnings:
            self._say(performance, "warning", self._at, text=warning)
        return performance

    def _open(self, performance: Performance) -> None:
        performance.script, performance.opened = pieces(performance.plan), True
        self._divide(performance)
        if performance.first is None or performance.first.pause_s:
            self._begin(performance, self._at)
        if performance.first is not None and performance.first.pause_s:
            later = Anchor("", 0, performance.first.pause_s)
            performance.pending.append(_Pending(later, lambda at: self._speak(performance)))
        elif performance.first is not None:
            self._speak(performance)

    def _speak(self, performance: Performance) -> None:
        urgency: Urgency = "now" if performance.plan.composition == "REPLACE" else "next"
        sentences = tuple(piece.sentence for piece in performance.script)
        text = " ".join(said.text for said in performance.plan.said)
        performance.placed = self._performer.orders.place(text, "", urgency, sentences)

    def _divide(self, performance: Performance) -> None:
        """Which deeds go with the words, and which have their own time."""
        cued = [deed for piece in performance.script for deed in piece.deeds]
        for said in performance.plan.said:
            self._mark(performance, said)
        for deed in performance.plan.deeds:
            if deed.id not in cued:
                self._wait(performance, deed)
        known = {deed.id: deed for deed in performance.plan.deeds}
        performance.cued = [known[name] for name in cued]

    def _mark(self, performance: Performance, said: Said) -> None:
        points = [("start", 0), *said.marks.items(), ("end", len(said.text))]
        for point, at in points:
            anchor = Anchor(said.id, at, 0.0)
            performance.pending.append(_Pending(anchor, self._reporter(performance, said.id, point)))

    def _wait(self, performance: Performance, deed: Deed) -> None:
        def begin(at: int) -> None:
            self._do(performance, deed, at)

        performance.pending.append(_Pending(deed.start, begin))
        if deed.until is not None:

            def end(at: int) -> None:
                self._undo(performance, deed, at)

            performance.pending.append(_Pending(deed.until, end))

    def _reporter(self, performance: Performance, name: str, point: str) -> Callable[[int], None]:
        return lambda at: self._say(performance, "syncPointProgress", at, name, point)

    # ── done ──
    def _do(self, performance: Performance, deed: Deed, at: int) -> None:
        if deed.kind == "action":
            performance.acting[deed.id] = self._performer.orders.place("", deed.name, "now")
            return
        if deed.kind == "gaze":
            performance.looks = deed.name != "visitor"
            self._performer.look(LOOKS[deed.name])
        else:
            performance.feels = deed.until is not None
            self._performer.feel(Emotion(deed.name), deed.amount, WHILE_S if deed.until is None else 600.0)
        self._say(performance, "syncPointProgress", at, deed.id, "start")

    def _undo(self, performance: Performance, deed: Deed, at: int) -> None:
        self._calm(performance, look=deed.kind == "gaze", feel=deed.kind == "face")
        self._say(performance, "syncPointProgress", at, deed.id, "end")

    def _calm(self, performance: Performance, *, look: bool = True, feel: bool = True) -> None:
        """Look at the visitor again, and show nothing more, where the block did otherwise."""
        if look and performance.looks:
            performance.looks = False
            self._performer.look("visitor")
        if feel and performance.feels:
            performance.feels = False
            self._performer.feel(Emotion.NEUTRAL, 0.0, 0.0)

    # ── followed ──
    def gestured(self, gesture: Gesture) -> None:
        """The hands begin to move: tell the points of the deed that it is."""
        for performance in self._blocks:
            name = self._whose(performance, gesture)
            if name is not None:
                for point, at in (("start", gesture.start), ("stroke", gesture.stroke), ("end", gesture.end)):
                    performance.coming.append((at, name, point))
                return

    @staticmethod
    def _whose(performance: Performance, gesture: Gesture) -> str | None:
        turn = performance.placed.turn if performance.placed is not None else None
        if turn is not None and gesture.turn == turn.number and performance.cued:
            deed = next((each for each in performance.cued if each.name == gesture.name), performance.cued[0])
            performance.cued.remove(deed)
            return deed.id
        begun = [name for name, placed in performance.acting.items() if placed.state == "speaking" or placed.over]
        if gesture.turn == 0 and begun:
            del performance.acting[begun[0]]
            return begun[0]
        return None

    def slot(self, frame: Frame) -> None:
        """The slot of `frame` goes out: do and tell what falls into it."""
        self._at = frame.pts + SLOT
        for performance in list(self._blocks):
            self._advance(performance, frame)

    def _advance(self, performance: Performance, frame: Frame) -> None:
        placed = performance.placed
        turn = placed.turn if placed is not None else None
        if turn is not None and frame.turn == turn.number:
            performance.shift = frame.pts - frame.offset
            if performance.began is None:
                self._begin(performance, performance.shift)
        if performance.began is not None:
            self._due(performance, Line(performance.script, turn, performance.began, performance.shift))
        for coming in sorted(performance.coming):
            if coming[0] < self._at:
                performance.coming.remove(coming)
                self._say(performance, "syncPointProgress", *coming)
        self._settle(performance)

    def _due(self, performance: Performance, line: Line) -> None:
        """Do what falls into the slot; when all is said, forget what has no place."""
        said = performance.placed is not None and performance.placed.over
        for pending in list(performance.pending):
            at = line.sample(pending.anchor)
            if at is None and said and pending.anchor.speech:
                performance.pending.remove(pending)
            elif at is not None and at < self._at:
                performance.pending.remove(pending)
                self._try(performance, lambda each=pending, at=at: each.do(max(at, line.began)))  # type: ignore[misc]

    def _try(self, performance: Performance, step: Callable[[], None]) -> None:
        try:
            step()
        except ClientError as refused:
            self._say(performance, "warning", self._at, text=str(refused))

    def _begin(self, performance: Performance, at: int) -> None:
        performance.began = at
        self._say(performance, "blockStart", at)

    # ── ended ──
    def drop(self, reason: str) -> None:
        """End all blocks, those that wait too."""
        for each in reversed(self._blocks[:]):
            self._end(each, reason)

    def _settle(self, performance: Performance) -> None:
        """End the block when all of it is done, or when its words are not going to be said."""
        placed = performance.placed
        if placed is not None and placed.state == "dropped":
            self._end(performance, placed.reason)
        elif performance.opened and not self._goes_on(performance):
            self._end(performance)

    @staticmethod
    def _goes_on(performance: Performance) -> bool:
        placed = performance.placed
        speaks = placed is not None and not placed.over
        acts = any(not each.over for each in performance.acting.values())
        return speaks or acts or bool(performance.coming) or bool(performance.pending)

    def _end(self, performance: Performance, reason: str = "") -> None:
        self._blocks.remove(performance)
        self._calm(performance)
        for placed in (performance.placed, *performance.acting.values()):
            if placed is not None and not placed.over:
                self._performer.withdraw(placed)
        for deed in performance.cued if not reason else []:
            self._say(performance, "warning", self._at, deed.id, text="it was not done: something else was going on")
        self._say(performance, "blockEnd", self._at, text=reason)
        if self._blocks and not any(each.opened for each in self._blocks):
            waiting = self._blocks[0]
            self._try(waiting, lambda: self._open(waiting))

    def _say(
        self, performance: Performance, what: str, pts: int, behavior: str = "", point: str = "", text: str = ""
    ) -> None:
        self._tell(BlockTold(performance.plan.id, what, pts, behavior, point, text))
