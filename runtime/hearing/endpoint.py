"""When a visitor's voice begins, pauses and ends, and when the turn passes: pure logic over voice probabilities.

Time is counted in samples at 16 kHz since the first chunk; there is no clock, task or socket here.
The turn passes when any of a list of strategies says so: `vad` after plain silence, `match` sooner,
once the words so far are a question that the knowledge base answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

from visavis.vad import CHUNK, VAD_RATE

Edge = Literal["began", "paused", "resumed", "ended", "overlong"]
"""What a chunk changed: voice began, fell silent for a moment, came back, the turn passed, or it grew too long."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """Settings. `release_s` is how long the detector goes on reporting voice after it has ended."""

    onset: float = 0.5
    offset: float = 0.35
    begin_s: float = 0.09
    pre_roll_s: float = 0.3
    release_s: float = 0.07
    pause_s: float = 0.16
    silence_s: float = 0.42
    matched_silence_s: float = 0.3
    match_score: float = 0.85
    max_utterance_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Silence:
    """What a strategy decides on: how long it has been silent, the words so far and how well they match."""

    silence_s: float
    words: str
    match: float


class TurnEnd(Protocol):
    """One way to tell that a visitor has finished."""

    def passes(self, silence: Silence) -> bool:
        """Whether the visitor has finished."""
        ...


@dataclass(frozen=True, slots=True)
class SilenceEnd:
    """The turn passes after this much silence (`vad`)."""

    silence_s: float

    def passes(self, silence: Silence) -> bool:
        return silence.silence_s >= self.silence_s


@dataclass(frozen=True, slots=True)
class MatchEnd:
    """The turn passes after less silence when the words are a question that can be answered (`match`)."""

    silence_s: float
    score: float

    def passes(self, silence: Silence) -> bool:
        return silence.silence_s >= self.silence_s and bool(silence.words) and silence.match >= self.score


def strategies(settings: Endpointing, names: Sequence[str] = ("match", "vad")) -> list[TurnEnd]:
    """The strategies that a dialog's `turn:` names."""
    known: dict[str, TurnEnd] = {
        "vad": SilenceEnd(settings.silence_s),
        "match": MatchEnd(settings.matched_silence_s, settings.match_score),
    }
    return [known[name] for name in names]


class _Phase(Enum):
    QUIET = "quiet"
    RISING = "rising"
    VOICE = "voice"
    FALLING = "falling"


class Endpoint:
    """The state of one listener. Feed `chunk` in order, `words` and `match` whenever they change."""

    def __init__(self, settings: Endpointing | None = None, turn: Sequence[str] = ("match", "vad")) -> None:
        self.settings = settings or Endpointing()
        self._turn = strategies(self.settings, turn)
        self._phase = _Phase.QUIET
        self._paused = False
        self._held = False
        self.hands_free = True
        """Whether voice alone opens an utterance; otherwise only a press does."""
        self.position = 0
        """Samples heard so far."""
        self._open()

    def _open(self) -> None:
        self.began = self.last_voiced = self.position
        self.voiced = 0
        self.words, self.match = "", 0.0

    @property
    def active(self) -> bool:
        """Whether an utterance is open."""
        return self._held or self._phase in (_Phase.VOICE, _Phase.FALLING)

    @property
    def full(self) -> bool:
        """Whether the button is held on beyond the longest utterance: what follows is left out of it."""
        return self._held and self.voiced > 0 and self._overlong()

    @property
    def silent(self) -> bool:
        """Whether the last chunk held no voice."""
        return self.last_voiced != self.position

    @property
    def ended(self) -> int:
        """The last sample of voice so far, freed of the detector's delay."""
        release = round(self.settings.release_s * VAD_RATE)
        return max(self.began, self.last_voiced - release) if self.voiced else self.last_voiced

    def chunk(self, probability: float) -> list[Edge]:
        """Take the next 512 samples' probability of voice; return what it changed."""
        start, self.position = self.position, self.position + CHUNK
        silent = not self.voiced or self._paused or not self.active
        voiced = probability >= (self.settings.onset if silent else self.settings.offset)
        if self._held:
            return self._holding(voiced, start)
        if self.active:
            return self._listening(voiced)
        return self._waiting(voiced and self.hands_free, start)

    def skip(self, samples: int) -> None:
        """Samples that were lost pass as silence."""
        self.position += samples

    def press(self) -> bool:
        """The visitor holds the button; return whether that opens an utterance (False: one was open already)."""
        opens = not self.active
        if opens:
            self._open()
        self._held = True
        return opens

    def release(self) -> bool:
        """The button is let go; return whether an utterance ends by it."""
        was, self._held = self._held, False
        self._phase, self._paused = _Phase.QUIET, False
        return was

    def reset(self) -> None:
        """Nobody speaks; what was open is forgotten."""
        self._phase, self._held, self._paused = _Phase.QUIET, False, False
        self._open()

    def _waiting(self, voiced: bool, start: int) -> list[Edge]:
        if not voiced:
            self._phase = _Phase.QUIET
            return []
        if self._phase is _Phase.QUIET:
            self._phase = _Phase.RISING
            self._open()
            self.began = start
        self._voice()
        if self.position - self.began < self.settings.begin_s * VAD_RATE:
            return []
        self._phase = _Phase.VOICE
        return ["began"]

    def _listening(self, voiced: bool) -> list[Edge]:
        if self._overlong():
            self._phase, self._paused = _Phase.QUIET, False
            return ["overlong"]
        if voiced:
            self._voice()
            self._phase = _Phase.VOICE
            return self._resume()
        self._phase = _Phase.FALLING
        silence_s = (self.position - self.ended) / VAD_RATE
        if any(end.passes(Silence(silence_s, self.words, self.match)) for end in self._turn):
            self._phase, self._paused = _Phase.QUIET, False
            return ["ended"]
        return self._pause(silence_s)

    def _holding(self, voiced: bool, start: int) -> list[Edge]:
        if self.full:
            return []
        if not voiced:
            return self._pause((self.position - self.ended) / VAD_RATE) if self.voiced else []
        first = not self.voiced
        if first:
            self.began = start
        self._voice()
        return ["began"] if first else self._resume()

    def _voice(self) -> None:
        self.voiced += CHUNK
        self.last_voiced = self.position

    def _pause(self, silence_s: float) -> list[Edge]:
        if self._paused or silence_s < self.settings.pause_s:
            return []
        self._paused = True
        return ["paused"]

    def _resume(self) -> list[Edge]:
        was, self._paused = self._paused, False
        return ["resumed"] if was else []

    def _overlong(self) -> bool:
        return self.position - self.began >= self.settings.max_utterance_s * VAD_RATE
