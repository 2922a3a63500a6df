"""The protocols behind which every replaceable part stands, and how one is found by name.

An engine is a class named by an entry point of the group `visavis.<kind>` (`visavis.tts`, `visavis.asr`, …).
It is made by `await Engine.open(context, **options)`, where the options are the YAML keys beside `engine:`.
Heavy imports belong inside `open`. `visavis.contracts` holds the tests that any engine must pass.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from visavis.errors import SetupError
from visavis.words import Emotion, Moment, Pcm, Picture, SpeechChunk

Count = Annotated[int, Field(ge=1, le=64)]
"""An engine's option: how many at a time. Bounds in the type of an option are told with the file's line."""
Pace = Annotated[float, Field(ge=0.25, le=4)]
"""An engine's option: how many times as fast."""

Kind = Literal["asr", "llm", "embedder", "tts", "renderer", "connector", "classifier"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. `languages` are BCP-47 tags; `*` stands for any. `sample_rate` is its own, in Hz.

    `controls` are the fields of a `Style` that a voice follows by itself; the others are made good behind it.
    """

    languages: tuple[str, ...] = ("*",)
    streams: bool = True
    word_times: bool = False
    sample_rate: int = 24_000
    controls: frozenset[str] = frozenset()

    def speaks(self, language: str) -> bool:
        """Whether `language` or its primary subtag is among the languages."""
        primary = language.split("-")[0].lower()
        return any(tag == "*" or tag.split("-")[0].lower() == primary for tag in self.languages)


# ── worker processes ────────────────────────────────────────────────────────────────────────────────
Message = dict[str, Any]
"""What crosses to a worker: str, int, float, bool, None, bytes, and lists and dicts of them."""


class Service(Protocol):
    """The side that lives in a worker process: synchronous, one call at a time, many streams.

    It is made with `Service(**options)`. `emit` sends a reply at once and returns False when the stream
    has been cancelled meanwhile, so that long work can stop. An exception ends that stream alone, and
    `cancel` is called for it too. A service whose single calls may take longer than 20 s without an `emit`
    says so in `patience_s`; otherwise its process is taken for hung.
    """

    capacity: int

    def open(self, stream: int, message: Message) -> Message: ...
    def append(self, stream: int, message: Message, emit: Callable[[Message], bool]) -> None: ...
    def end(self, stream: int, emit: Callable[[Message], bool]) -> None: ...
    def cancel(self, stream: int) -> None: ...


class Stream(Protocol):
    """The side that lives in the session: one stream of one worker. Replies come in order."""

    hello: Message
    """What `Service.open` answered."""

    async def append(self, message: Message) -> None: ...
    async def end(self) -> None:
        """No more will be appended; the replies end after the last one."""
        ...

    def cancel(self) -> None:
        """Forget the stream: the worker stops, the replies end. Safe to call twice and after the end."""
        ...

    def __aiter__(self) -> AsyncIterator[Message]: ...


class Pool(Protocol):
    """The workers of one service."""

    async def open(self, message: Message) -> Stream:
        """A stream on the least busy worker. Raises AtCapacity at once when all are full, EngineError if none lives."""
        ...

    async def close(self) -> None:
        """End the workers; every stream fails."""
        ...


class Launcher(Protocol):
    """Starts worker processes. `service` is `module:Class`; a worker that dies is started again."""

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> Pool: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What every engine is given when it opens."""

    language: str
    launcher: Launcher
    cache: Path
    phrases: tuple[str, ...] = ()
    """What the knowledge base says and is asked: hints for a recogniser."""


# ── the engines ─────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Pronounced:
    """Characters `start` to `end` of a text are to be spoken as the phonemes `ipa`."""

    start: int
    end: int
    ipa: str


@dataclass(frozen=True, slots=True)
class Style:
    """How a sentence is to be spoken: `rate`, `pitch` and `energy` are factors of the voice's own.

    `degree` is how strongly the emotion shows, from 0 to 2; `duration_s`, where given, the length of the sentence,
    whatever the rate; `sounds` what of the text is pronounced otherwise than it is written, in order.
    """

    emotion: Emotion = Emotion.NEUTRAL
    rate: float = 1.0
    pitch: float = 1.0
    energy: float = 1.0
    degree: float = 1.0
    duration_s: float | None = None
    sounds: tuple[Pronounced, ...] = ()


class Tts(Protocol):
    """A voice. Several sentences may be spoken at once; closing it twice is safe."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def version(self) -> str:
        """Changes whenever the same text would sound different: part of every cache key."""
        ...

    def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        """Stream one sentence at `RATE`. Closing the iterator stops the work. Raises EngineError."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word of a transcript, and when it was said: seconds from the beginning of the utterance."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recogniser makes of one utterance so far.

    The final one may carry (text, confidence) `alternatives`, and its `words` with their times where they are known.
    """

    text: str
    final: bool
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    words: tuple[HeardWord, ...] = ()


class Asr(Protocol):
    """A recogniser. Several utterances may be heard at once; closing it twice is safe."""

    capabilities: Capabilities
    """Its `sample_rate` is what `transcribe` takes."""

    def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        """One utterance: partial transcripts while `audio` flows, one final one after it ends. Raises EngineError."""
        ...

    async def close(self) -> None: ...


ToolSpec = dict[str, Any]
"""A tool as a model is told of it: `name`, `description`, and `parameters` as a JSON Schema."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model wants a tool's answer; `arguments` is JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message of what a language model is told; one of the role `tool` `answers` the call with that id."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    pictures: tuple[Picture, ...] = ()
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""


class Llm(Protocol):
    """A language model. Several answers may be streamed at once; closing it twice is safe."""

    capabilities: Capabilities

    def complete(self, messages: Sequence[ChatMessage]) -> AsyncIterator[str]:
        """Stream the answer in pieces of any size. Closing the iterator closes the connection. Raises EngineError."""
        ...

    async def close(self) -> None: ...


class Embedder(Protocol):
    """From texts to vectors whose dot product says how alike they are in meaning."""

    capabilities: Capabilities
    version: str
    """Changes whenever the same text would get another vector: part of every cache key."""
    dimensions: int

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimensions). Raises EngineError."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """The picture that is asked of a renderer: size in pixels, whether it has a background, its label's text."""

    width: int = 540
    height: int = 960
    alpha: bool = False
    label: str = "AI"
    language: str = "en"
    background: str = ""
    """In place of the avatar's own: `#rrggbb`, or the path of a picture. A picture with alpha has none."""
    extra: Mapping[str, Any] = field(default_factory=dict)


class Renderer(Protocol):
    """Draws one avatar for one session; lives in a worker process, so it is synchronous.

    It is made with `Renderer(avatar_folder, look)`. It may smooth between the moments that it is shown,
    but must draw any moment correctly after a jump or a restart.
    """

    actions: Mapping[str, int]
    """The actions it has, with their length in samples."""

    def draw(self, moment: Moment, out: NDArray[np.uint8]) -> None:
        """Paint the moment into `out`: BGRA, shape (height, width, 4), whose content is the last picture drawn."""
        ...


@cache
def _registered(kind: Kind) -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"visavis.{kind}")}


def engine_names(kind: Kind) -> list[str]:
    """The names under which engines of this kind are registered."""
    return sorted(_registered(kind))


def engine(kind: Kind, name: str) -> Any:
    """The engine class registered under `name`. Raises SetupError naming those that exist."""
    found = _registered(kind)
    if name not in found:
        have = ", ".join(sorted(found)) or "none"
        raise SetupError(f"there is no {kind} engine named {name!r}", f"use one of: {have}")
    try:
        return found[name].load()
    except ImportError as error:
        problem = f"the {kind} engine {name!r} cannot be loaded: {error}"
        raise SetupError(problem, f"install it: pip install 'visavis[{name}]'") from error
