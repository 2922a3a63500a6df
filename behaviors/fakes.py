"""A body without a session: it plays turns by a clock that its owner moves, and keeps a log of what was done to it."""

from __future__ import annotations

from dataclasses import dataclass

from behaviors.ports import Gaze, Job, Occasion, Order, Playing, Urgency, Voice
from visavis.words import Emotion, Mood, TurnKind, Utterance

_URGENT: dict[Urgency, int] = {"now": 0, "next": 1, "idle": 2}


@dataclass
class FakeJob:
    """A turn or an action. It is audible from `starts_at` and has `left` seconds to go from then."""

    number: int
    kind: TurnKind | None
    starts_at: float
    left: float
    held: bool = False
    done: bool = False
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = self.cancelled or not self.done
        self.done = True


class FakeBody:
    """Implements `behaviors.ports.Body`. A turn thinks for `think_s` and is heard for `speech_s`.

    One that is not `polite` goes on speaking whatever it is told.
    """

    def __init__(self, *, think_s: float = 0.1, speech_s: float = 3.0, action_s: float = 1.0) -> None:
        self.think_s, self.speech_s, self.action_s = think_s, speech_s, action_s
        self.voice = Voice()
        self.waiting: Utterance | None = None
        self.present = False
        self.occasion: Occasion | None = None
        self.taken_over = False
        self.frozen = False
        self.orders: list[Order] = []
        self.pieces = 0
        self.emotion = Emotion.NEUTRAL
        self.quiet_since = 0.0
        self.gazes: list[tuple[float, Gaze]] = []
        self.moods: list[tuple[float, Mood]] = []
        self._base: Mood = "idle"
        self.jobs: list[FakeJob] = []
        self.log: list[tuple[float, str]] = []
        self.polite = True
        self._now = 0.0
        self._turn: FakeJob | None = None

    # what the owner does
    def advance(self, seconds: float) -> None:
        """Let time pass: voices last, turns go on."""
        before, self._now = self._now, round(self._now + seconds, 6)
        if self.voice.active:
            voiced = round(self.voice.voiced_s + seconds, 6)
            self.voice = Voice(True, self.voice.began, self._now, voiced, self.voice.words)
        for job in self.jobs:
            if not job.done and not job.held and self._now > job.starts_at:
                job.left = round(job.left - (self._now - max(before, job.starts_at)), 6)
                job.done = job.left <= 0
        if self._turn is not None and self._turn.done:
            self._turn, self.quiet_since = None, self._now
        self._see()

    def speak(self) -> None:
        """The visitor begins to make a sound."""
        self.voice = Voice(True, self._now, self._now)

    def words(self, text: str) -> None:
        """What has been understood of it so far."""
        voice = self.voice
        self.voice = Voice(voice.active, voice.began, voice.ended, voice.voiced_s, text)

    def hush(self) -> None:
        """The sound ends."""
        voice = self.voice
        self.voice = Voice(False, voice.began, self._now, voice.voiced_s, voice.words)
        self.quiet_since = self._now

    # what a tree perceives
    def now(self) -> float:
        return self._now

    @property
    def playing(self) -> Playing | None:
        turn = self._turn
        if turn is None or turn.done:
            return None
        assert turn.kind is not None
        return Playing(turn.number, turn.kind, turn.held, not turn.held and self._now >= turn.starts_at)

    @property
    def ordered(self) -> Order | None:
        return min(self.orders, key=lambda order: _URGENT[order.urgency], default=None)

    @property
    def scripted(self) -> bool:
        """A script of `pieces` that are left."""
        return self.pieces > 0

    # what a tree does
    def hold(self) -> None:
        self._note("hold")
        if self.polite and self._turn is not None and self._now >= self._turn.starts_at:
            self._turn.held = True
        self._see()

    def resume(self) -> None:
        self._note("resume")
        if self._turn is not None:
            self._turn.held = False
        self._see()

    def interrupt(self) -> None:
        self._note("interrupt")
        if self.polite:
            self._end()

    def cut(self) -> None:
        self._note("cut")
        self._end()

    def answer(self) -> Job:
        assert self.waiting is not None, "nobody waits for an answer"
        self._note(f"answer {self.waiting.text}")
        self.waiting = None
        return self._open("reply")

    def greet(self) -> Job:
        assert self.occasion is not None, "there is no occasion to greet"
        self._note(f"greet {self.occasion}")
        self.occasion = None
        return self._open("greeting")

    def obey(self) -> Job:
        order = self.ordered
        assert order is not None, "nothing is ordered"
        self._note(f"obey {order.id}")
        self.orders.remove(order)
        return self._open("operator") if order.text else self._job(None, 0.0, self.action_s)

    def recite(self) -> Job:
        assert self.pieces > 0, "there is no script"
        self._note("recite")
        self.pieces -= 1
        return self._open("script")

    def act(self, action: str) -> Job:
        self._note(f"act {action}")
        return self._job(None, 0.0, self.action_s)

    def show(self, mood: Mood) -> None:
        self._base = mood
        self._see()

    def look(self, at: Gaze) -> None:
        if not self.gazes or self.gazes[-1][1] != at:
            self.gazes.append((self._now, at))

    @property
    def mood(self) -> Mood:
        """What is shown: the turn's own, else what was asked for."""
        playing = self.playing
        if playing is None:
            return self._base
        return "held" if playing.held else "speaking" if playing.audible else "thinking"

    def _open(self, kind: TurnKind) -> FakeJob:
        self._end()
        self._turn = self._job(kind, self.think_s, self.speech_s)
        self._see()
        return self._turn

    def _job(self, kind: TurnKind | None, delay_s: float, length_s: float) -> FakeJob:
        job = FakeJob(len(self.jobs) + 1, kind, round(self._now + delay_s, 6), length_s)
        self.jobs.append(job)
        return job

    def _end(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn, self.quiet_since = None, self._now
        self._see()

    def _note(self, what: str) -> None:
        self.log.append((self._now, what))

    def _see(self) -> None:
        if not self.moods or self.moods[-1][1] != self.mood:
            self.moods.append((self._now, self.mood))
