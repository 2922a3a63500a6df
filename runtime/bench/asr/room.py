"""A room on the virtual clock: a real session with the real ears, a loudspeaker that a microphone hears, and people."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from behaviors.tree import Behavior
from runtime.bench.answering import Answering
from runtime.bench.asr.timeline import Service
from runtime.bench.asr.virtual import InProcess
from runtime.events import Event
from runtime.hearing.ears import Ears, Mode
from runtime.hearing.heard import Sound
from runtime.manner import Manner
from runtime.session import Session
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.engines import Asr, Capabilities, Context, Style, Tts, engine
from visavis.words import RATE, SLOT, Frame, Pcm, Reply, Sentence, SpeechChunk, Utterance

PIECE = RATE // 50
"""The microphone's sound comes in pieces of 20 ms, as browsers send it."""
VISITOR_DBFS = -25.0
NOISE_DBFS = -70.0
ECHO_DB = 15.0
_WAYS_S = ((0.12, 1.0), (0.133, 0.5), (0.151, 0.35), (0.19, 0.2), (0.25, 0.1))
"""How sound gets from the loudspeaker to the microphone: delays and gains."""

Spoken = Mapping[str, Sequence[SpeechChunk]]
Samples = NDArray[np.floating[Any]]


async def speak(texts: Sequence[str], language: str = "en") -> Spoken:
    """The texts in the built-in voice."""
    launcher = LocalLauncher(LoopClock())
    try:
        with tempfile.TemporaryDirectory() as cache:
            tts: Tts = await engine("tts", "espeak").open(Context(language, launcher, Path(cache)))
            return {text: [chunk async for chunk in tts.speak(text, Style())] for text in texts}
    finally:
        await launcher.close()


def level(pcm: NDArray[np.generic]) -> float:
    """The level of speech, its pauses left out."""
    frames = pcm[: len(pcm) // 320 * 320].reshape(-1, 320).astype(np.float64)
    powers = np.mean(frames**2, axis=1)
    return float(np.sqrt(np.mean(powers[powers > np.max(powers) / 1000])))


def scaled(pcm: Pcm, dbfs: float) -> Samples:
    """Speech brought to a level."""
    found: Samples = pcm * (32768 * 10 ** (dbfs / 20) / level(pcm))
    return found


class Ready:
    """A voice whose sentences have been spoken before."""

    capabilities = Capabilities()
    version = "ready"

    def __init__(self, spoken: Spoken) -> None:
        self._spoken = spoken

    async def speak(self, text: str, style: Style) -> AsyncIterator[SpeechChunk]:
        for chunk in self._spoken[text]:
            await asyncio.sleep(0.01)
            yield chunk

    async def close(self) -> None: ...


class Talker(Answering):
    """A brain that answers everything with the next `lines` of what it has to say."""

    def __init__(self, texts: Sequence[str], lines: int) -> None:
        self._texts, self._lines = itertools.cycle(texts), lines

    async def answer(self, utterance: Utterance) -> Reply:
        return Reply("faq", "direct", self._say())

    async def _say(self) -> AsyncIterator[Sentence]:
        for text in itertools.islice(self._texts, self._lines):
            yield Sentence(text)


@dataclass(slots=True)
class Loudspeaker:
    """An outlet whose sound is in the room; `faded` holds when each clear had become silence."""

    clock: LoopClock
    seconds: float
    paced: bool = True
    events: list[tuple[float, Event]] = field(default_factory=list)
    faded: list[float] = field(default_factory=list)
    line: Samples = field(init=False)

    def __post_init__(self) -> None:
        self.line = np.zeros(round((self.seconds + 5) * RATE))

    def send(self, frame: Frame) -> bool:
        if frame.turn:
            self.line[frame.pts : frame.pts + SLOT] = frame.pcm
        return True

    def tell(self, event: Event) -> None:
        self.events.append((self.clock.now(), event))

    def clear(self, turn: int, fade_ms: int) -> None:
        now, fade = round(self.clock.now() * RATE), RATE * fade_ms // 1000
        self.line[now : now + fade] *= np.linspace(1, 0, fade)
        self.line[now + fade :] = 0
        self.faded.append(self.clock.now() + fade_ms / 1000)

    def echo(self, start: int, count: int) -> Samples:
        """What of it reaches the microphone between two samples."""
        heard = np.zeros(count)
        for delay_s, gain in _WAYS_S:
            at = start - round(delay_s * RATE)
            if at >= 0:
                heard += gain * self.line[at : at + count]
        return heard

    async def drain(self) -> None: ...
    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...


class Room:
    """`lines` sentences answer whatever is said; with `echo` the loudspeaker is heard too, and `others` always."""

    def __init__(
        self, spoken: Spoken, asr: Asr, *, seconds: float, lines: int = 4, echo: bool = False, others: Samples | None
    ) -> None:
        self.clock = LoopClock()
        self.outlet = Loudspeaker(self.clock, seconds)
        self._gain = _echo_gain(spoken) if echo else 0.0
        noise = np.random.default_rng(0).normal(0, 32768 * 10 ** (NOISE_DBFS / 20), round(seconds * RATE))
        self._room = noise if others is None else noise + np.resize(others, len(noise))
        self._ears = lambda tell, rate, mode: _ears(asr, self.clock, tell, rate, mode)
        self.session = Session(
            self.clock,
            self.outlet,
            Talker(list(spoken), lines),
            Ready(spoken),
            lambda body: Behavior(body, 0),
            ears=self._ears,
            manner=Manner(holds=True),
        )

    @property
    def speaking(self) -> bool:
        """Whether the avatar is being heard."""
        return self.session.playing is not None and self.session.playing.audible

    def says(self, voice: Samples) -> float:
        """The visitor speaks from now on; returns when it is over."""
        at = round(self.clock.now() * RATE)
        end = min(len(self._room), at + len(voice))
        self._room[at:end] += voice[: end - at]
        return end / RATE

    async def live(self, script: Callable[[Room], AsyncIterator[float]]) -> None:
        """Live until `script` ends, which yields when it wants to go on."""
        living = asyncio.create_task(self.session.run())
        try:
            async for until in script(self):
                await self._hear(until)
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
            await self.session.close()

    async def _hear(self, until: float) -> None:
        assert self.session.ears is not None
        while self.clock.now() < until:
            at = round(self.clock.now() * RATE)
            await self.clock.sleep_until((at + PIECE) / RATE)
            sound = self._room[at : at + PIECE] + self._gain * self.outlet.echo(at, len(self._room[at : at + PIECE]))
            self.session.ears.push(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), RATE)


def recogniser(service: Service) -> Asr:
    return InProcess(service)


def _echo_gain(spoken: Spoken) -> float:
    whole = np.concatenate([chunk.pcm for chunks in spoken.values() for chunk in chunks])
    return float(32768 * 10.0 ** ((VISITOR_DBFS - ECHO_DB) / 20) / level(whole))


def _ears(asr: Asr, clock: LoopClock, tell: Callable[[Sound], None], rate: int, mode: Mode) -> Ears:
    return Ears(asr, tell, clock=clock, input_rate=rate, mode=mode)
