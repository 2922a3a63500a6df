"""The nouns that cross from one part to another.

Times are samples at `RATE` unless a name ends in `_s` or `_ms`. A *media time* (`pts`) counts from
the start of the session; a *speech time* counts from the first sample of one sentence's speech.
PCM is mono int16 in a one-dimensional numpy array.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.int16]

RATE = 24_000
"""Samples a second on the session's line."""
FPS = 25
SLOT = RATE // FPS
"""Samples that belong to one picture (960, 40 ms)."""


class Viseme(StrEnum):
    """The fifteen mouth shapes of the Oculus set, in its order."""

    SIL = "sil"
    PP = "PP"
    FF = "FF"
    TH = "TH"
    DD = "DD"
    KK = "kk"
    CH = "CH"
    SS = "SS"
    NN = "nn"
    RR = "RR"
    AA = "aa"
    E = "E"
    I = "I"  # noqa: E741
    O = "O"  # noqa: E741
    U = "U"


class Emotion(StrEnum):
    """What a sentence, or a face, shows that the avatar feels."""

    NEUTRAL = "neutral"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISED = "surprised"
    SORRY = "sorry"
    CALM = "calm"


ACTIONS: tuple[str, ...] = (
    "idle", "nod", "shake",
    "wave", "present_right", "emphasis_right", "forward_right", "up_right", "index", "thumbs_up", "ok",
    "heart", "fist", "palm_sweep", "present_left", "emphasis_left", "welcome_both", "emphasis_both", "spread_both",
)  # fmt: skip
"""Every action id that knowledge, trees and clients may name."""

Via = Literal["voice", "touch", "text", "comment"]
Source = Literal[
    "greeting", "keyword", "faq", "skill", "rule", "suggest", "rag", "llm", "webhook", "review", "fallback", "operator"
]  # fmt: skip
Decision = Literal["direct", "suggest", "rag", "fallback"]
TurnKind = Literal["reply", "greeting", "script", "operator"]
Occasion = Literal["enter", "first_visit", "return", "idle", "time"]
"""Why the avatar may speak first."""
Gaze = Literal["visitor", "away", "aside"]
"""Where the avatar looks: at the visitor, into the distance, or a little past the visitor."""
Mood = Literal["idle", "listening", "thinking", "speaking", "held"]
"""What a session shows itself to be doing (`avatar.state`)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A coded picture that came with a question, and what it is."""

    data: bytes
    media: Literal["image/png", "image/jpeg", "image/webp"]


UNSURE = 0.7
"""What was heard with less confidence is not answered before it is asked back."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a person said: `began` and `ended` are seconds on the session's clock."""

    text: str
    language: str
    via: Via
    began: float
    ended: float
    confidence: float = 1.0
    pictures: tuple[Picture, ...] = ()


Rank = Literal["asked", "meant", "beat"]
"""Why an action is done: somebody named it, the words mean it, or a word is stressed."""


@dataclass(frozen=True, slots=True)
class Cue:
    """An action or an emotion pinned to character `at` of its sentence's text, `later_s` seconds after its word."""

    kind: Literal["action", "emotion"]
    name: str
    at: int = 0
    rank: Rank = "asked"
    later_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Card:
    """Something to show beside the avatar.

    `image`, `video` and `audio` are names below the knowledge file's folder, or https links.
    """

    title: str = ""
    text: str = ""
    image: str | None = None
    link: str | None = None
    video: str | None = None
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A question offered as a button."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that a text was taken for, by its id; `score` is 0 to 1."""

    id: str
    score: float


FELT = 0.7
"""How strongly a named emotion is felt, unless more is known."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One piece of a reply, as it is voiced.

    `fixed` text is written in a file, so it can be prepared. A `filler` bridges the wait for the answer and is no part
    of it. `markup` is the same in SSML, where it is spoken otherwise than it is written. `intensity` is how strongly
    its emotion is felt, from 0 to 1.
    """

    text: str
    emotion: Emotion = Emotion.NEUTRAL
    cues: tuple[Cue, ...] = ()
    citations: tuple[str, ...] = ()
    fixed: bool = False
    filler: bool = False
    markup: str = ""
    intensity: float = FELT


@dataclass(slots=True)
class Reply:
    """A stream of sentences and where it came from; `action` is done where no sentence of a file carries it."""

    source: Source
    decision: Decision
    sentences: AsyncIterator[Sentence]
    match: Match | None = None
    choices: tuple[Choice, ...] = ()
    show: Card | None = None
    language: str = "en"
    action: str | None = None


@dataclass(frozen=True, slots=True)
class TimedViseme:
    """A mouth shape from `start` (speech time) until the next one's start."""

    start: int
    viseme: Viseme


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word between two speech times; `at` is its first character in the sentence's text."""

    start: int
    end: int
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """A piece of a sentence's speech: the PCM that follows the last chunk's, and what became known with it.

    Visemes and words are in speech time; those of a chunk may lie up to its end or a little past it,
    and are never sent twice.
    """

    pcm: Pcm
    visemes: tuple[TimedViseme, ...] = ()
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a renderer needs to draw one slot; it holds no history, so any worker can draw any moment.

    `visemes` are (start in samples relative to the slot's first sample, shape), sorted, and cover at
    least -6,000..+7,200 where speech is known there. `actions` are (id, samples since it began).
    `gaze` and `breath` may be left out: a renderer without eyes ignores the one, `breath` (how far through a breath,
    0 to 1, out at 0) is None where it breathes at its own pace.
    """

    pts: int
    turn: int = 0
    mood: Mood = "idle"
    emotion: Emotion = Emotion.NEUTRAL
    intensity: float = 1.0
    visemes: tuple[tuple[int, Viseme], ...] = ()
    actions: tuple[tuple[str, int], ...] = ()
    gaze: Gaze = "visitor"
    breath: float | None = None


Codec = Literal["h264", "vp8"]


@dataclass(frozen=True, slots=True)
class Packet:
    """One coded picture (H.264 in Annex B, or VP8)."""

    data: bytes
    key: bool
    codec: Codec


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and the audio that belongs to it: samples `pts` to `pts + SLOT` of the session.

    `turn` is 0 while nobody's turn plays. `offset` is the turn's own sample at `pts`, `moment` all that is to be
    seen of the slot.
    """

    pts: int
    turn: int
    pcm: Pcm
    packet: Packet | None = None
    offset: int = 0
    visemes: tuple[TimedViseme, ...] = field(default=())
    words: tuple[TimedWord, ...] = field(default=())
    moment: Moment | None = None
