"""The leaves of a behaviour tree over one `Body`.

None of them waits: `initialise` starts something on the body, `update` polls it, `terminate` cancels it when
a higher branch takes over.
"""

from __future__ import annotations

import random
import re
from abc import abstractmethod

from py_trees.behaviour import Behaviour
from py_trees.common import Status

from behaviors.backchannel import is_backchannel
from behaviors.manners import Manners
from behaviors.ports import Body, Job, Occasion
from visavis.words import UNSURE, Utterance

_LONE = re.compile(r"\W*[a-z']+\W*", re.IGNORECASE)
"""A single word; coughs and exclamations come out as such."""
EPSILON = 1e-6
"""Seconds by which a time that has been summed up may fall short."""


class Attention:
    """What the leaves of one tree agree on about the visitor."""

    def __init__(self, body: Body, manners: Manners) -> None:
        self.body, self.manners = body, manners
        self._passed_over: Utterance | None = None
        self._outdated: Occasion | None = None

    def notice(self) -> None:
        """Once a tick: an "mm-hm" or a doubtful lone word over the avatar's speech is not a question, now or later."""
        waiting, playing = self.body.waiting, self.body.playing
        over_speech = playing is not None and (playing.audible or playing.held)
        if waiting is not None and over_speech and waiting.via == "voice" and waiting.text:
            doubtful = waiting.confidence < UNSURE and _LONE.fullmatch(waiting.text) is not None
            self._passed_over = waiting if doubtful or is_backchannel(waiting.text) else self._passed_over
        if self.body.occasion is None:
            self._outdated = None

    @property
    def question(self) -> Utterance | None:
        """The utterance that wants an answer."""
        waiting = self.body.waiting
        return None if waiting is None or waiting is self._passed_over else waiting

    @property
    def occasion(self) -> Occasion | None:
        """The occasion that wants a greeting: not one from before a question, who asks is welcome already."""
        occasion = self.body.occasion
        return None if occasion == self._outdated else occasion

    def answering(self) -> None:
        """A question is being answered now."""
        self._outdated = self.body.occasion

    @property
    def speaking(self) -> bool:
        """Whether the visitor speaks, long enough to be sure."""
        voice = self.body.voice
        return voice.active and voice.voiced_s >= self.manners.onset_s - EPSILON

    @property
    def audible(self) -> bool:
        """Whether a turn is being heard, or held in the middle."""
        playing = self.body.playing
        return playing is not None and (playing.audible or playing.held)


class Leaf(Behaviour):
    """A leaf that acts on the body."""

    def __init__(self, name: str, attention: Attention) -> None:
        super().__init__(name)
        self.attention, self.body, self.manners = attention, attention.body, attention.manners


class Yield(Leaf):
    """Hold the turn while the visitor may be speaking and resume it after a cough; never takes the branch."""

    def __init__(self, attention: Attention, name: str = "yield") -> None:
        super().__init__(name, attention)
        self._held: tuple[int, float] | None = None

    def update(self) -> Status:
        playing, voice, now = self.body.playing, self.body.voice, self.body.now()
        if playing is None or not (playing.audible or playing.held):
            self._held = None
        elif not playing.held:
            if self.attention.speaking:
                self.body.hold()
                self._held = (playing.turn, now)
        else:
            if self._held is None or self._held[0] != playing.turn:
                self._held = (playing.turn, now)
            since = max(voice.ended, self._held[1])
            if not voice.active and now - since >= self.manners.resume_s - EPSILON:
                self.body.resume()
        return Status.FAILURE


class GiveWay(Leaf):
    """End the turn that plays: for words, a long voice, or a new question. A body may refuse."""

    def __init__(self, attention: Attention, name: str = "give way") -> None:
        super().__init__(name, attention)

    def update(self) -> Status:
        if not self.attention.audible:
            return Status.FAILURE
        asked = self.attention.question is not None
        if not (asked or self._taken()):
            return Status.FAILURE
        self.body.show("thinking" if asked else "listening")
        self.body.interrupt()
        if self.attention.audible:
            self.body.show("idle")
            return Status.FAILURE
        return Status.FAILURE if asked else Status.SUCCESS

    def _taken(self) -> bool:
        """Whether the visitor has taken the floor."""
        playing, voice = self.body.playing, self.body.voice
        if not (voice.active or (playing is not None and playing.held)):
            return False
        long = voice.active and voice.voiced_s >= self.manners.floor_s - EPSILON
        return long or not is_backchannel(voice.words)


class Doing(Leaf):
    """Runs one job of the body at a time."""

    def __init__(self, name: str, attention: Attention) -> None:
        super().__init__(name, attention)
        self.job: Job | None = None

    def poll(self) -> Status:
        """RUNNING while the job is."""
        if self.job is not None and not self.job.done:
            return Status.RUNNING
        self.job = None
        return Status.SUCCESS

    def drop(self) -> None:
        job, self.job = self.job, None
        if job is not None and not job.done:
            job.cancel()

    def terminate(self, new_status: Status) -> None:
        if new_status is Status.INVALID:
            self.drop()

    @abstractmethod
    def update(self) -> Status: ...


class AnswerQuestion(Doing):
    """Answer the newest question; a newer one takes its place, unless the body goes on speaking."""

    def __init__(self, attention: Attention, name: str = "reply") -> None:
        super().__init__(name, attention)

    def update(self) -> Status:
        if self.attention.question is not None and not self.attention.audible:
            self.body.show("thinking")
            self.drop()
            self.attention.answering()
            self.job = self.body.answer()
            self.body.show("idle")
        elif self.job is None:
            return Status.FAILURE
        return self.poll()


class Listen(Leaf):
    """Attend to a visitor who speaks, and a moment longer."""

    def __init__(self, attention: Attention, name: str = "listening") -> None:
        super().__init__(name, attention)

    def initialise(self) -> None:
        self._shown = False

    def update(self) -> Status:
        if self.attention.audible or not self._heard():
            return Status.FAILURE
        if not self._shown:
            self.body.show("listening")
            self._shown = True
        return Status.RUNNING

    def _heard(self) -> bool:
        if self.attention.speaking:
            return True
        lately = self.body.now() - self.body.voice.ended < self.manners.linger_s - EPSILON
        return self._shown and (self.body.voice.active or lately)


class Greet(Doing):
    """Use an occasion to greet while nobody speaks."""

    def __init__(self, attention: Attention, name: str = "greeting") -> None:
        super().__init__(name, attention)

    def update(self) -> Status:
        if self.job is None:
            free = self.body.playing is None and not self.body.voice.active
            if not free or self.attention.occasion is None:
                return Status.FAILURE
            self.job = self.body.greet()
            self.body.show("idle")
        return self.poll()


class Rest(Doing):
    """Do nothing in particular, and now and then a small action."""

    def __init__(self, attention: Attention, rng: random.Random, name: str = "idle") -> None:
        super().__init__(name, attention)
        self._rng = rng
        self._next = 0.0

    def initialise(self) -> None:
        self.body.show("idle")
        self._plan()

    def update(self) -> Status:
        free = self.body.playing is None and not self.body.voice.active
        if not free:
            self.drop()
            self._plan()
        elif self.job is not None:
            self.poll()
        elif self.body.now() >= self._next - EPSILON:
            action = self._rng.choice(self.manners.idle_actions) if self.manners.idle_actions else ""
            self.job = self.body.act(action) if action else None
            self._plan()
        return Status.RUNNING

    def _plan(self) -> None:
        self._next = self.body.now() + self._rng.uniform(*self.manners.idle_every_s)
