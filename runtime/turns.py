"""The turns of one session: at most one has the stage, one more may be prepared.

Each is opened once and ended once, however it ends; one that is prepared and never opened leaves no trace.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from agent.filler import Filler
from runtime.events import LatencyKnown, ReplyFound, TurnEnded, TurnOpened
from runtime.outlets import Outlet
from runtime.perception import Question
from runtime.stage import Stage
from runtime.temper import Temper
from runtime.track import Track
from runtime.turn import State, Turn
from visavis.clock import Clock
from visavis.engines import Tts
from visavis.errors import VisavisError
from visavis.words import UNSURE, Frame, Reply, TurnKind, Utterance

log = logging.getLogger(__name__)

REMEMBERED = 4
Find = Callable[[], Awaitable[Reply | None]]
Status = Literal["completed", "cancelled", "failed"]


@dataclass(slots=True)
class _Prepared:
    """What was probably asked, and the turn that answers it once that is `sure` to be worth it."""

    asked: str
    turn: Turn
    sure: bool = False


class Memory(Protocol):
    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        """The visitor said `utterance` and heard `text` of the answer."""
        ...


class Turns:
    """`changed` is called when a turn has begun to be heard, or has ended by itself."""

    def __init__(
        self,
        clock: Clock,
        outlet: Outlet,
        stage: Stage,
        memory: Memory,
        changed: Callable[[], None],
        temper: Temper | None = None,
    ) -> None:
        self._clock, self._outlet, self._stage, self._memory = clock, outlet, stage, memory
        self._changed, self._temper = changed, temper
        self._group: asyncio.TaskGroup | None = None
        self._count = 0
        self.opened = 0
        """How many turns had the stage."""
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._tracks: dict[int, Track] = {}
        """What the last turns said, for a client that tells later how much of it was heard."""
        self.current: Turn | None = None
        self._prepared: _Prepared | None = None

    def live(self, group: asyncio.TaskGroup) -> None:
        """Run turns in `group` from now on."""
        self._group = group

    @property
    def living(self) -> bool:
        """Whether turns can be opened."""
        return self._group is not None

    # ── from the first to the last moment ──
    def prepare(self, asked: str, worth: Callable[[], Awaitable[bool]], find: Find, tts: Tts) -> None:
        """Begin to answer what was probably asked, if it is worth it.

        Nobody is told, and nothing of it is played until it is opened.
        """
        if self._prepared is not None and self._prepared.asked == _heard_as(asked):
            return

        async def find_if_worth() -> Reply | None:
            if not await worth():
                return None
            prepared.sure = True
            return await find()

        self.drop()
        self._settle()
        self._prepared = prepared = _Prepared(_heard_as(asked), self._make("reply", find_if_worth, tts, asked))

    def drop(self) -> None:
        """What was prepared is not wanted."""
        if self._prepared is not None:
            self._stop(self._prepared.turn)

    def open(
        self,
        kind: TurnKind,
        t0: float,
        find: Find,
        tts: Tts,
        question: Question | None = None,
        filler: Filler | None = None,
    ) -> Turn:
        """Give the stage to a turn, the prepared one if it answers the question; the one that has it ends.

        `filler` bridges the wait where the answer takes long.
        """
        self.end()
        turn = self._take(question)
        if turn is None:
            self._settle()
            turn = self._make(kind, find, tts, question.utterance.text if question is not None else "", filler)
        turn.record.t0 = t0
        if question is not None:
            turn.utterance = question.utterance
            if question.timings is not None:
                passed = question.utterance.ended + question.timings.endpoint_s
                turn.record.mark("endpoint", passed)
                turn.record.mark("transcript", passed + question.timings.transcript_s)
        self.current, self.opened = turn, self.opened + 1
        self._stage.play(turn.number, turn.track)
        self._outlet.tell(TurnOpened(turn.number, kind))
        if turn.reply is not None:
            self._tell_reply(turn)
        return turn

    def _take(self, question: Question | None) -> Turn | None:
        """The prepared turn if it is sure to answer the question; it is dropped if not."""
        heard = question is not None and question.timings is not None and question.utterance.confidence >= UNSURE
        asked = _heard_as(question.utterance.text) if question is not None and heard else None
        prepared = self._prepared
        if prepared is None or not prepared.sure or prepared.asked != asked:
            self.drop()
            return None
        self._prepared = None
        return prepared.turn

    def _make(self, kind: TurnKind, find: Find, tts: Tts, asked: str, filler: Filler | None = None) -> Turn:
        """A turn at work that has no stage yet."""
        assert self._group is not None, "the session does not run"
        self._count += 1
        temper = self._temper.turn(asked) if self._temper is not None and kind != "operator" else None
        turn = Turn(self._count, kind, self._clock, find, tts, filler=filler, temper=temper, on_reply=self._tell_reply)
        task = self._group.create_task(self._run(turn), name=f"turn {turn.number}")
        self._tasks[turn.number] = task
        task.add_done_callback(lambda _: self._tasks.pop(turn.number, None))
        return turn

    async def _run(self, turn: Turn) -> None:
        """Run a turn to its end; its failure is its own."""
        try:
            await turn.run()
        except asyncio.CancelledError:
            self._close(turn, "cancelled")
            raise
        except Exception as error:
            log.exception("turn %d failed", turn.number)
            turn.problem = _problem(error)
            self._close(turn, "failed")
        else:
            self._close(turn, "completed")

    def end(self, turn: Turn | None = None) -> None:
        """End a turn now, the current one unless another is given, with all it started."""
        turn = turn or self.current
        if turn is None or turn.ended:
            return
        self._stop(turn)

    def _stop(self, turn: Turn) -> None:
        self._close(turn, "cancelled")
        if task := self._tasks.get(turn.number):
            task.cancel()

    def _close(self, turn: Turn, status: Status) -> None:
        """What is to be done once, however a turn ends."""
        if turn.ended:
            return
        if turn is not self.current:
            turn.state, self._prepared = State.ENDED, None
            return
        heard = turn.track.text(turn.track.length if status == "completed" else self._heard(turn))
        turn.state = State.ENDED
        self.current = None
        (self._stage.leave if status == "completed" else self._stage.end)()
        turn.track.forget_sound()
        self._memory.heard(turn.number, turn.utterance, heard)
        if turn.temper is not None:
            turn.temper.ended(turn.number, heard, whole=status == "completed")
        self._tracks[turn.number] = turn.track
        if len(self._tracks) > REMEMBERED:
            self._tracks.pop(next(iter(self._tracks)))
        turn.ending = TurnEnded(turn.number, status, heard, turn.problem)
        self._outlet.tell(turn.ending)
        self._changed()

    def finish_sentence(self) -> None:
        """End the turn that is heard after the sentence that sounds now."""
        if self.current is not None:
            self.current.track.curtail()

    # ── held ──
    def hold(self) -> None:
        """Let the turn that is heard fall silent, and keep the rest of it."""
        if self.current is not None and self.current.state is State.PLAYING:
            self.current.hold(self._stage.out)
            self._stage.hold()

    def resume(self) -> None:
        """Go on with the held turn from the start of the last word heard."""
        if self.current is not None and self.current.state is State.HELD:
            self._stage.resume(self.current.resume(self._heard(self.current)))

    # ── what was heard ──
    def _heard(self, turn: Turn) -> int:
        """Samples of the turn that the visitor has heard: the outlet's word, else what has come out by the clock."""
        reported = self._outlet.played(turn.number)
        return turn.heard(self._stage.out) if reported is None else min(reported, turn.track.cursor)

    def correct(self, turn: int, heard: int) -> str | None:
        """The visitor heard only `heard` samples of an ended turn; return what that was, None if it is not known."""
        if (track := self._tracks.get(turn)) is None:
            return None
        text = track.text(heard)
        self._memory.heard(turn, None, text)
        return text

    def _settle(self) -> None:
        """What the outlet has reported since the last turn ended is the last word on it."""
        for number in list(self._tracks)[-1:]:
            if (reported := self._outlet.played(number)) is not None:
                self.correct(number, reported)

    def forget(self) -> None:
        """Nothing that was said can be corrected any more."""
        self._tracks.clear()

    # ── what the stage and the turns tell ──
    def drawn(self, number: int) -> None:
        """A picture of a turn's speech is there."""
        if self.current is not None and self.current.number == number:
            self.current.drawn()

    def handed_over(self, frame: Frame) -> None:
        """A frame went to the outlet."""
        turn = self.current
        if turn is None:
            return
        begins = turn.state is State.PREPARING
        if frame.turn == turn.number and turn.handed_over(frame):
            record = turn.record
            self._outlet.tell(LatencyKnown(turn.number, record.first_av_ms, record.stages, record.filler_ms))
        turn.came_out(self._stage.out)
        if turn.heard_all.is_set() and turn.track.said:
            self.end(turn)
            return
        if begins and turn.state is State.PLAYING:
            self._changed()

    def _tell_reply(self, turn: Turn) -> None:
        if turn is self.current and (reply := turn.reply) is not None:
            self._outlet.tell(
                ReplyFound(turn.number, reply.source, reply.decision, reply.match, reply.choices, reply.show)
            )
            if reply.action is not None:
                self._stage.act(reply.action)


def _heard_as(words: str) -> str:
    """Words as they sound: without marks and capitals."""
    return "".join(each for each in words.casefold() if each.isalnum())


def _problem(error: BaseException) -> str:
    """What a person is told of a turn's failure."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, VisavisError) else "it broke unexpectedly; the log tells more"
