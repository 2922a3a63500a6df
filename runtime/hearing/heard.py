"""What the ears tell a session. Times are seconds on the session's clock, by count of the samples received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visavis.errors import EngineError
from visavis.words import Utterance


@dataclass(frozen=True, slots=True)
class VoiceBegan:
    """Somebody began to make a sound with their voice."""

    at: float


@dataclass(frozen=True, slots=True)
class VoiceContinues:
    """The voice goes on: how much of it so far may be the visitor's, and the partial transcript.

    A lone word is not told of before the end, for it may be a cough. Neither counts what the avatar itself
    is saying: `voiced_s` starts again where its words were heard last.
    """

    at: float
    voiced_s: float
    words: str


@dataclass(frozen=True, slots=True)
class VoicePaused:
    """Silent since `at`; the turn has not passed."""

    at: float


@dataclass(frozen=True, slots=True)
class VoiceEnded:
    """The stretch is over and its last voice was at `at`. What was said follows: Heard, Noise or Failed."""

    at: float
    voiced_s: float


@dataclass(frozen=True, slots=True)
class Timings:
    """`endpoint_s`: from the last voice until the turn passed; `transcript_s`: from then until the final words."""

    endpoint_s: float
    transcript_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The visitor said something. `alternatives` are other readings with their scores, likeliest first."""

    utterance: Utterance
    timings: Timings
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Noise:
    """There was a stretch of sound, but nothing was said to the avatar; `text` is what it sounded like.

    `aside`: it was said to somebody else, for the wake phrase was missing.
    """

    began: float
    ended: float
    voiced_s: float
    why: Literal["no voice", "no words", "echo", "muted", "aside"]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A stretch of voice could not be recognised; the ears go on listening."""

    error: EngineError


@dataclass(frozen=True, slots=True)
class Broken:
    """Nothing is heard until `Mended`."""

    error: EngineError


@dataclass(frozen=True, slots=True)
class Mended:
    """What is said from now on is listened to again."""


Sound = VoiceBegan | VoiceContinues | VoicePaused | VoiceEnded | Heard | Noise | Failed | Broken | Mended
