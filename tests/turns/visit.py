"""A whole session in virtual time: the real tree, stage and turns; the engines and the visitor follow a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from scene import Recorder

from agent.filler import Filler
from behaviors.ports import Occasion
from behaviors.tact import Tact
from behaviors.tree import Behavior
from runtime.events import MoodChanged, SentenceStarted, TurnEnded, TurnOpened
from runtime.hearing import heard as hear
from runtime.hearing.ears import Mode
from runtime.manner import Manner
from runtime.needs import Brain
from runtime.session import Session
from runtime.trials import Trials
from visavis.clock import LoopClock, run_virtual
from visavis.engines import Tts
from visavis.fakes.face import FakeFace
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, SLOT, Cue, Emotion, Pcm, Reply, Sentence, Utterance, Via

TICK = SLOT / RATE
LETTER = 0.05
"""Seconds of the fake voice for one character."""
DRAWN = 0.004
"""Seconds of the fake face for one picture."""
BEGIN_S, PAUSE_S, END_S, WORDS_S = 0.096, 0.16, 0.42, 0.05
"""How late the ears tell that a voice began, paused, ended, and what was said."""
NUMBERS = "One two three four five six seven eight nine ten."

Step = Sentence | str | float | Exception
"""A sentence, a wait in seconds, a failure."""


class Script:
    """A brain that answers every question with the same steps and remembers what it is told."""

    def __init__(self, *steps: Step, greeting: str | None = None, find_s: float = 0.0) -> None:
        self.steps = steps or (NUMBERS,)
        self.greeting, self.find_s = greeting, find_s
        self.greeted = False
        self.asked: list[str] = []
        self.memory: dict[int, tuple[str, str]] = {}
        self.visitors = 1

    async def answer(self, utterance: Utterance) -> Reply:
        self.asked.append(utterance.text)
        await asyncio.sleep(self.find_s)
        return Reply("faq", "direct", self._say(self.steps))

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        if self.greeting is None:
            return None
        self.greeted = True
        return Reply("greeting", "direct", self._say([self.greeting]))

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        return occasion == "enter" and self.greeting is not None and not self.greeted

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        asked = utterance.text if utterance is not None else self.memory.get(turn, ("", ""))[0]
        self.memory[turn] = (asked, text)

    def forget(self) -> None:
        self.memory.clear()
        self.visitors += 1

    async def _say(self, steps: Sequence[Step]) -> AsyncIterator[Sentence]:
        for step in steps:
            match step:
                case Exception():
                    raise step
                case float() | int():
                    await asyncio.sleep(step)
                case str():
                    yield Sentence(step)
                case Sentence():
                    yield step


class ScriptedEars:
    """Ears that hear what the test says."""

    def __init__(self) -> None:
        self.tell: Callable[[hear.Sound], None] = lambda sound: None
        self.orders: list[str] = []
        self.echo: list[str | None] = []
        self.broken = asyncio.Event()

    def make(self, tell: Callable[[hear.Sound], None], rate: int, mode: Mode) -> ScriptedEars:
        self.tell = tell
        return self

    def push(self, pcm: Pcm, arrived: float) -> None: ...

    def press(self) -> None:
        self.orders.append("press")

    def release(self) -> None:
        self.orders.append("release")

    def switch(self, mode: Mode) -> None:
        self.orders.append(mode)

    def saying(self, text: str | None) -> None:
        self.echo.append(text)

    def playing(self, pcm: Pcm, rate: int, at: float) -> None: ...

    async def run(self) -> None:
        await self.broken.wait()
        raise RuntimeError("the ears break")


class Visit:
    """A living session and its visitor."""

    def __init__(
        self,
        *,
        brain: Brain | None = None,
        tts: Tts | None = None,
        manner: Manner | None = None,
        face: bool = True,
        hearing: bool = True,
        tree: str = "kiosk",
        likely: float | None = None,
        filler: Filler | None = None,
        manners: Tact | None = None,
        trials: Callable[[LoopClock], Trials] | None = None,
    ) -> None:
        self.clock = LoopClock()
        self.outlet = Recorder(self.clock)
        self.script = Script()
        self.likely = likely
        self.tts = tts or FakeTts(clock=self.clock)
        self.face = FakeFace(self.clock, delay_s=DRAWN)
        self.ears = ScriptedEars()
        if isinstance(brain, Script):
            self.script = brain
        self.session = Session(
            self.clock,
            self.outlet,
            brain or self.script,
            self.tts,
            lambda body: Behavior(body, 0, name=tree),
            ears=self.ears.make if hearing else None,
            manner=manner or Manner(greets=True, holds=True),
            likely=None if likely is None else self._likely,
            filler=filler,
            manners=manners,
            trials=trials(self.clock) if trials is not None else None,
            wall=lambda: datetime(2030, 1, 1, 12),
        )
        if face:
            self.session.see(self.face)
        if self.session.ears is not None:
            self.session.ears.push(np.zeros(480, np.int16), RATE)
        self.memory: dict[int, tuple[str, str]] = {}
        """What the script remembered at the end: by turn, what was asked and what was heard."""
        self.running: list[asyncio.Task[None]] = []

    async def until(self, when: float) -> None:
        await self.clock.sleep_until(when)

    async def _likely(self, words: str) -> float:
        await asyncio.sleep(0)
        return self.likely or 0.0

    # ── what the visitor does ──
    def ask(self, text: str = "?", via: Via = "text") -> None:
        now = self.clock.now()
        self.session.say(Utterance(text, "en", via, now, now))

    def sounds(
        self, began: float, ended: float, *, words: Sequence[tuple[float, str]] = (), final: str | None = None
    ) -> None:
        """A voice from `began` to `ended`: partial transcripts at their times, then `final`, or noise without."""
        self.running.append(asyncio.create_task(self._sound(began, ended, list(words), final)))

    async def _sound(self, began: float, ended: float, words: list[tuple[float, str]], final: str | None) -> None:
        at = began + BEGIN_S
        await self.until(at)
        self.ears.tell(hear.VoiceBegan(began))
        said = ""
        while at + BEGIN_S <= ended:
            at += BEGIN_S
            await self.until(at)
            while words and words[0][0] <= at:
                said = words.pop(0)[1]
            self.ears.tell(hear.VoiceContinues(at, at - began, said))
        await self.until(ended + PAUSE_S)
        self.ears.tell(hear.VoicePaused(ended))
        await self.until(ended + END_S)
        self.ears.tell(hear.VoiceEnded(ended, ended - began))
        await self.until(ended + END_S + WORDS_S)
        if final is None:
            self.ears.tell(hear.Noise(began, ended, ended - began, "no words"))
        else:
            utterance = Utterance(final, "en", "voice", began, ended)
            self.ears.tell(hear.Heard(utterance, hear.Timings(END_S, WORDS_S)))

    # ── what came of it ──
    def story(self, *leave_out: type[Any]) -> list[tuple[float, str]]:
        """What the outlet was told, in milliseconds and in short, with the first and the last slot of speech."""
        return [
            (round(at * 1000, 3), tale(event)) for at, event in self.outlet.events if not isinstance(event, leave_out)
        ]

    def moods(self) -> list[tuple[float, str]]:
        return [(round(at * 1000, 3), e.mood) for at, e in self.outlet.events if isinstance(e, MoodChanged)]

    def endings(self) -> list[tuple[int, str, str]]:
        return [(e.turn, e.status, e.heard) for e in self.outlet.told(TurnEnded)]

    def offsets(self, turn: int) -> list[int]:
        """Which slots of a turn's speech were sent, in order."""
        return [frame.offset // SLOT for _, frame in self.outlet.speech(turn)]

    def check(self) -> None:
        """What holds of every session, whatever happened in it."""
        check_line(self.outlet)
        check_turns(self.outlet)


def check_line(outlet: Recorder) -> None:
    """The line has no gap and no overlap but for the step back after a clear, and no more than the lead."""
    due = 0
    clears = [at for at, _ in outlet.cleared]
    before = 0.0
    for at, frame in outlet.frames:
        assert len(frame.pcm) == SLOT
        if any(before <= clear <= at for clear in clears):
            assert frame.pts <= due, "nothing is left out by a clear"
        else:
            assert frame.pts == due, f"the line jumps at {at}"
        assert frame.pts / RATE - at <= 0.2 + 1e-6, "more than the lead"
        assert frame.pts / RATE - at >= -TICK, "late"
        due, before = frame.pts + SLOT, at


def check_turns(outlet: Recorder) -> None:
    """Every turn ends once, one after the other, and sends nothing when it is over."""
    opened = [event.turn for event in outlet.told(TurnOpened)]
    ended = [event.turn for event in outlet.told(TurnEnded)]
    assert opened == sorted(set(opened))
    assert ended == opened[: len(ended)]
    assert len(opened) - len(ended) <= 1
    for kind in (TurnOpened, TurnEnded):
        assert len(outlet.when(kind)) == len(outlet.told(kind))
    playing = 0
    for _, event in outlet.events:
        if isinstance(event, TurnOpened):
            assert playing == 0, "one turn at a time"
            playing = event.turn
        elif isinstance(event, TurnEnded):
            playing = 0
        elif isinstance(event, SentenceStarted):
            assert event.turn == playing
    ends = {event.turn: at for at, event in outlet.events if isinstance(event, TurnEnded)}
    for at, frame in outlet.frames:
        assert not frame.turn or at <= ends.get(frame.turn, at), "a stale frame"
        assert frame.turn or not frame.pcm.any(), "only a turn makes a sound"


def tale(event: Any) -> str:
    """An event in short."""
    match event:
        case MoodChanged(mood):
            return mood
        case TurnOpened(turn, kind):
            return f"turn {turn}: {kind}"
        case SentenceStarted(turn, sentence):
            return f"turn {turn} says: {sentence.text}"
        case TurnEnded(turn, status, heard):
            return f"turn {turn} {status}: {heard}"
    return type(event).__name__


def perform(play: Callable[[Visit], Awaitable[None]], **options: Any) -> Visit:
    """Play a visit to its end in virtual time: no task of it is left, and what holds of every session held."""

    async def scene() -> Visit:
        before = len(asyncio.all_tasks())
        visit = Visit(**options)
        living = asyncio.create_task(visit.session.run())
        await asyncio.sleep(0)
        await play(visit)
        assert not living.done(), living.exception()
        for task in (living, *visit.running):
            task.cancel()
        await asyncio.gather(living, *visit.running, return_exceptions=True)
        visit.memory = dict(visit.script.memory)
        await visit.session.close()
        assert len(asyncio.all_tasks()) == before, asyncio.all_tasks()
        return visit

    visit = run_virtual(scene())
    visit.check()
    return visit


def sentence(text: str, *actions: tuple[str, int], emotion: Emotion = Emotion.NEUTRAL) -> Sentence:
    return Sentence(text, emotion, tuple(Cue("action", name, at) for name, at in actions))
