"""Who stands in for the rest of a session: a brain that has its lines, ears that hear by the script, a listener."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.sentences import split
from behaviors.direction import direct
from behaviors.planner import Gesture
from behaviors.ports import Job, Occasion
from runtime.events import ActionStarted, Event, MoodChanged, SentenceStarted, TurnEnded
from runtime.hearing import heard as hear
from runtime.jobs import TurnJob
from runtime.session import Session
from runtime.simulate.known import Known
from runtime.simulate.scenario import Scenario
from visavis.clock import Clock
from visavis.words import RATE, Frame, Reply, Sentence, Source, TimedWord, Utterance

THINKS_S = 0.15
"""So long the brain takes for an answer."""
AGAIN_S = 30.0
"""So long nobody is greeted in the same way again."""
BEGIN_S, PAUSE_S, END_S, WORDS_S, NEWS_S = 0.1, 0.16, 0.42, 0.05, 0.1
"""How late ears tell that a voice began, paused, ended, and what was said; how often they tell that it goes on."""
SPOKEN_S, SHORTEST_S = 0.07, 0.5
"""How long a visitor speaks for a character, and at least."""
_MISSING = {"en": "I have no answer to that in this scenario.", "zh": "这个场景里没有写好回答。"}


class Lines:
    """A brain that says what the scenario gives it; its sentences have the actions and the emotion of their words."""

    def __init__(self, scenario: Scenario, clock: Clock, known: Known | None = None) -> None:
        self._scenario, self._clock, self._known = scenario, clock, known
        self._greeter = known.greeter() if known is not None else None
        self._answers = deque(scenario.answers)
        self._greeted: dict[Occasion, float] = {}
        self.given: dict[str, str] = {}
        """Answers to what is said, by what is said."""

    async def answer(self, utterance: Utterance) -> Reply:
        await self._clock.sleep_until(self._clock.now() + THINKS_S)
        line = self.given.pop(utterance.text, None)
        if line is None and self._known is not None and utterance.text in self._known.answers:
            return self._reply(self._known.answers[utterance.text], "faq")
        if line is None and self._answers:
            line = self._answers[0]
            self._answers.rotate(-1)
        language = self._scenario.language.split("-")[0]
        return self.reply(line or _MISSING.get(language, _MISSING["en"]))

    def reply(self, text: str, source: Source = "faq") -> Reply:
        """`text` as the avatar says it."""
        return self._reply(self.sentences(text), source)

    def _reply(self, sentences: tuple[Sentence, ...], source: Source) -> Reply:
        async def said() -> AsyncIterator[Sentence]:
            for sentence in sentences:
                yield sentence

        return Reply(source, "direct", said(), language=self._scenario.language)

    def sentences(self, text: str) -> tuple[Sentence, ...]:
        """`text` in sentences, each with its emotion and its actions."""
        directed = [(each, *direct(each, self._scenario.language)) for each in split(text)]
        return tuple(Sentence(each, emotion, cues, fixed=True) for each, emotion, cues in directed)

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        if self._greeter is not None:
            return self._greeter.greet(occasion, now, quiet_s)
        line = self._scenario.greets.get(occasion)
        if line is None:
            return None
        self._greeted[occasion] = self._clock.now()
        return self.reply(line, "greeting")

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        if self._greeter is not None:
            return self._greeter.may_greet(occasion, now, quiet_s)
        if occasion not in self._scenario.greets or (occasion == "idle" and quiet_s < self._scenario.idle_after_s):
            return False
        last = self._greeted.get(occasion)
        return last is None or self._clock.now() - last >= AGAIN_S

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None: ...
    def inform(self, context: Mapping[str, object]) -> None: ...
    def forget(self) -> None: ...


class Ears:
    """Ears that hear what the scenario says, as late as ears do."""

    def __init__(self, clock: Clock, language: str) -> None:
        self._clock, self._language = clock, language
        self.tell: Callable[[hear.Sound], None] = lambda sound: None

    def make(self, tell: Callable[[hear.Sound], None], rate: int, mode: object) -> Ears:
        self.tell = tell
        return self

    async def hear(self, began: float, text: str, for_s: float | None) -> None:
        """A voice that begins at `began`; without a text it is noise."""
        ended = began + (for_s or max(SHORTEST_S, SPOKEN_S * len(text)))
        words, at = text.split(" "), began + BEGIN_S
        await self._clock.sleep_until(at)
        self.tell(hear.VoiceBegan(began))
        while at + NEWS_S <= ended:
            at += NEWS_S
            await self._clock.sleep_until(at)
            known = " ".join(words[: int(len(words) * (at - began - BEGIN_S) / (ended - began))])
            self.tell(hear.VoiceContinues(at, round(at - began, 6), known if len(words) > 1 else ""))
        await self._clock.sleep_until(ended + PAUSE_S)
        self.tell(hear.VoicePaused(ended))
        await self._clock.sleep_until(ended + END_S)
        self.tell(hear.VoiceEnded(ended, ended - began))
        await self._clock.sleep_until(ended + END_S + WORDS_S)
        if not text:
            self.tell(hear.Noise(began, ended, ended - began, "no words"))
            return
        utterance = Utterance(text, self._language, "voice", began, ended)
        self.tell(hear.Heard(utterance, hear.Timings(END_S, WORDS_S)))

    def push(self, pcm: object, arrived: float) -> None: ...
    def press(self) -> None: ...
    def release(self) -> None: ...
    def switch(self, mode: object) -> None: ...
    def saying(self, text: str | None) -> None: ...
    def playing(self, pcm: object, rate: int, at: float) -> None: ...

    async def run(self) -> None:
        await asyncio.Event().wait()


@dataclass(slots=True)
class Listener:
    """An outlet that keeps what was told and when it came out, in seconds, and every word."""

    clock: Clock
    paced: bool = True
    told: list[tuple[float, Event]] = field(default_factory=list)
    words: list[TimedWord] = field(default_factory=list)
    strokes: dict[tuple[int, int], int] = field(default_factory=dict)
    """The stroke of each action, in samples of the line, by its turn and its end."""
    _coming: list[SentenceStarted | ActionStarted] = field(default_factory=list)
    """What begins with the next frame of its turn."""

    def send(self, frame: Frame) -> bool:
        begun = [each for each in self._coming if each.turn in (0, frame.turn)]
        self._coming = [each for each in self._coming if each not in begun]
        self.told += [(frame.pts / RATE, event) for event in begun]
        self.words += frame.words
        return True

    def tell(self, event: Event) -> None:
        if isinstance(event, SentenceStarted | ActionStarted):
            self._coming.append(event)
        elif isinstance(event, MoodChanged | TurnEnded):
            if isinstance(event, TurnEnded):
                self._coming = [each for each in self._coming if each.turn != event.turn]
            self.told.append((self.clock.now(), event))

    def word_at(self, at_s: float) -> str:
        """The word that sounds at that time, or the nearest within half a second; empty where there is none."""
        pts = at_s * RATE
        gaps = [(max(word.start - pts, pts - word.end, 0.0), n) for n, word in enumerate(self.words)]
        gap, n = min(gaps, default=(RATE, 0))
        return self.words[n].text if gap < RATE / 2 else ""

    async def drain(self) -> None: ...

    def clear(self, turn: int, fade_ms: int) -> None:
        """What has not come out is not heard; a sentence that goes on later begins then."""
        unheard = [event for at, event in self.told if at > self.clock.now()]
        self.told = [each for each in self.told if each[0] <= self.clock.now()]
        self.words = [each for each in self.words if each.start <= self.clock.now() * RATE]
        self._coming = [each for each in (*unheard, *self._coming) if isinstance(each, SentenceStarted)]

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...


class Stand(Session):
    """A session with a script, which is the scenario's."""

    def __init__(self, clock: Clock, listener: Listener, lines: Lines, *given: Any, **more: Any) -> None:
        self.listener, self.lines, self.pieces = listener, lines, deque[str]()
        super().__init__(clock, listener, lines, *given, **more)

    def _on_gesture(self, gesture: Gesture) -> None:
        self.listener.strokes[gesture.turn, gesture.end] = gesture.stroke
        super()._on_gesture(gesture)

    @property
    def scripted(self) -> bool:
        return bool(self.pieces)

    def recite(self) -> Job:
        piece = self.pieces.popleft()

        async def find() -> Reply:
            return self.lines.reply(piece)

        return TurnJob(self._turns, self._turns.open("script", self._clock.now(), find, self._voice_now))
