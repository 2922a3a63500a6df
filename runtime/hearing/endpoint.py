"""When a visitor's voice begins, pauses and ends, and when the turn passes: pure logic over voice probabilities.

Time is counted in samples at 16 kHz since the first chunk; there is no clock, task or socket here. Whether a
silence is the end of the turn is decided by the strategies of `runtime.hearing.turn_end`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Literal

from runtime.hearing.turn_end import TURN, Endpointing, Pace, Silence, passes, strategies
from visavis.vad import CHUNK, VAD_RATE

Edge = Literal["began", "paused", "resumed", "ended", "overlong"]
"""What a chunk changed: voice began, fell silent for a moment, came back, the turn passed, or it grew too long."""


class _Phase(Enum):
    QUIET = "quiet"
    RISING = "rising"
    VOICE = "voice"
    FALLING = "falling"


class Endpoint:
    """The state of one listener. Feed `chunk` in order, and what is known of the words and of the sound's end
    (`words`, `match`, `known`, `goes_on`, `verdict`: see `Silence`) whenever it changes."""

    def __init__(
        self, settings: Endpointing | None = None, turn: Sequence[str] = TURN, *, language: str = "en"
    ) -> None:
        self.settings = settings or Endpointing()
        self.pace = Pace(most_s=self.settings.held_s)
        self._turn = strategies(self.settings, turn, language=language, pace=self.pace)
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
        self.verdict: float | None = None
        self.understood("")

    def understood(self, words: str) -> None:
        """The words so far; what is known of them comes later."""
        self.words, self.match, self.known, self.goes_on = words, 0.0, False, False

    @property
    def active(self) -> bool:
        """Whether an utterance is open."""
        return self._held or self._phase in (_Phase.VOICE, _Phase.FALLING)

    @property
    def pressed(self) -> bool:
        """Whether the button is held."""
        return self._held

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
            resumed = self._resume()
            self._voice()
            self._phase = _Phase.VOICE
            return resumed
        self._phase = _Phase.FALLING
        silence_s = (self.position - self.ended) / VAD_RATE
        silence = Silence(silence_s, self.words, self.match, self.known, self.goes_on, self.verdict)
        if passes(self._turn, silence, self.settings.longest_silence_s):
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
        resumed = self._resume()
        self._voice()
        return ["began"] if first else resumed

    def _voice(self) -> None:
        self.voiced += CHUNK
        self.last_voiced = self.position

    def _pause(self, silence_s: float) -> list[Edge]:
        if self._paused or silence_s < self.settings.pause_s:
            return []
        self._paused = True
        return ["paused"]

    def _resume(self) -> list[Edge]:
        if not self._paused:
            return []
        self._paused, self.verdict = False, None
        self.pace.paused((self.position - CHUNK - self.ended) / VAD_RATE)
        return ["resumed"]

    def _overlong(self) -> bool:
        return self.position - self.began >= self.settings.max_utterance_s * VAD_RATE
