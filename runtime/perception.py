"""What a session knows of its visitor's voice and words: the stretch of sound, and the question that waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from behaviors.ports import Voice
from runtime.events import (
    Event,
    HearingFailed,
    HearingMended,
    NothingHeard,
    PartialTranscript,
    UtteranceHeard,
    VoiceStarted,
    VoiceStopped,
)
from runtime.hearing import heard as hear
from runtime.manner import Manner
from visavis.clock import Clock
from visavis.words import Utterance

NEWS_S = 1.0
"""A voice of which nothing has been heard for so long is over: the client's sound has stopped coming."""


@dataclass(frozen=True, slots=True)
class Question:
    """An utterance that wants an answer; `timings` if it was spoken."""

    utterance: Utterance
    timings: hear.Timings | None = None


class Perception:
    """Takes what the ears hear and what the client sends, and tells what the client may know of it."""

    def __init__(self, clock: Clock, manner: Manner, tell: Callable[[Event], None]) -> None:
        self._clock, self._manner, self._tell = clock, manner, tell
        self._voice = Voice()
        self._open = False
        """Whether a stretch of sound has begun and has not ended."""
        self._paused = False
        """Whether the words so far may be all that is said."""
        self._news_at = self.quiet_since = clock.now()
        self.question: Question | None = None
        self._kept: Question | None = None
        """What was understood and is answered only when the client asks for it."""
        self._owed = False
        """Whether the client asked for an answer to what is still being understood."""

    @property
    def voice(self) -> Voice:
        if self._voice.active and self._clock.now() - self._news_at >= NEWS_S:
            self._voice = replace(self._voice, active=False, ended=self._news_at)
        return self._voice

    @property
    def maybe(self) -> Utterance | None:
        """What was said if nothing more comes; None while the visitor speaks on, or the words are not known."""
        if not self._paused or not self._voice.words or self.question is not None:
            return None
        return Utterance(self._voice.words, "", "voice", self._voice.began, self._voice.ended)

    # ── what the client asks ──
    def ask(self, utterance: Utterance) -> None:
        """The visitor typed or touched."""
        self.question = Question(utterance)

    def wants_answer(self, *, transcribing: bool) -> bool:
        """The client wants what was heard to be answered, now or when it is understood; False if there is nothing."""
        if self._kept is not None:
            self.question, self._kept = self._kept, None
            return True
        self._owed = transcribing
        return transcribing

    def take(self) -> Question:
        """The question, to be answered now."""
        question, self.question = self.question, None
        assert question is not None, "nobody waits for an answer"
        return question

    def discard(self) -> None:
        """What was understood and is not to be answered yet never will be."""
        self._kept = None

    def forget(self) -> None:
        """Whatever was asked needs no answer."""
        self.question = self._kept = None
        self._owed = False

    # ── what the ears hear ──
    def notice(self, event: hear.Sound) -> None:
        now = self._news_at = self._clock.now()
        match event:
            case hear.VoiceBegan(at):
                self._open, self._paused, self._voice = True, False, Voice(active=True, began=at, ended=now)
                self._tell(VoiceStarted(at))
            case hear.VoiceContinues(_, voiced_s, words):
                if words != self._voice.words:
                    self._tell(PartialTranscript(words))
                self._paused = self._paused and voiced_s <= self._voice.voiced_s
                ended = self._voice.ended if self._paused else now
                self._voice = Voice(not self._paused, self._voice.began, ended, voiced_s, words)
            case hear.VoicePaused(at):
                self._paused = True
                self._voice = replace(self._voice, active=False, ended=at)
            case hear.VoiceEnded(at, voiced_s):
                self._open, self._paused, self.quiet_since = False, True, now
                self._voice = replace(self._voice, active=False, ended=at, voiced_s=voiced_s)
                self._tell(VoiceStopped(at))
            case hear.Heard():
                self._understood(event)
            case hear.Noise(why=why):
                self._nothing_said(None, keep=why != "muted")
            case hear.Failed(error):
                self._nothing_said(str(error))
            case hear.Broken(error):
                self._tell(HearingFailed(str(error)))
            case hear.Mended():
                self._tell(HearingMended())

    def _understood(self, event: hear.Heard) -> None:
        utterance = event.utterance
        if not self._open:
            self._paused = False
            self._voice = Voice(False, utterance.began, utterance.ended, self._voice.voiced_s, utterance.text)
        self._tell(UtteranceHeard(utterance))
        question = Question(utterance, event.timings)
        if self._manner.replies or self._owed:
            self._owed, self.question = False, question
        else:
            self._kept = question

    def _nothing_said(self, problem: str | None, *, keep: bool = True) -> None:
        """The words so far were none; a newer stretch that goes on already keeps its own.

        With `keep` the client may still ask for an answer to it.
        """
        self._tell(NothingHeard(problem))
        if not self._open:
            self._paused = False
            self._voice = replace(self._voice, active=False, words="")
        now = self._clock.now()
        nothing = Question(Utterance("", "", "voice", now, now))
        if self._owed:
            self._owed, self.question = False, nothing
        elif keep and not self._manner.replies:
            self._kept = self._kept or nothing
