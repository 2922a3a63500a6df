"""How far an action's stroke is from the word that it belongs to, as it is drawn, with the voice that is always there.

The labelled sentences are answered with three by three on the virtual clock, with the real voice's sound and words,
and the real track, planner and stage; strokes are read off the moments that a renderer would have been given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from avatars.package import Avatar, find
from avatars.renderers.rig.data import load
from avatars.voices.espeak import EspeakTts
from behaviors.direction import direct
from behaviors.planner import Stroke
from behaviors.repertoire import Repertoire
from runtime.bench.behavior.labelled import LANGUAGES, sentences
from runtime.bench.report import Row
from runtime.events import Event
from runtime.gestures import repertoire_of
from runtime.settings import Installation
from runtime.stage import Stage
from runtime.track import Track
from runtime.turn import PAUSE
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock, run_virtual
from visavis.engines import Context, Style
from visavis.fakes.face import FakeFace
from visavis.words import RATE, SLOT, Frame, Moment, Sentence, SpeechChunk

AVATARS = {"en": "presenter", "zh": "hostess"}
LIMIT_MS = 80.0
AT_ONCE = 3
"""Sentences of an answer."""
Said = tuple[Sentence, list[SpeechChunk]]


@dataclass(frozen=True, slots=True)
class Done:
    """An action that was done: how long after its word's beginning its stroke was, and whether that is in the word.

    `whole`: its preparation fitted in.
    """

    late_s: float
    within: bool
    whole: bool


async def measure(
    installation: Installation, *, quick: bool, data: Path, done: Callable[[int, int], None]
) -> tuple[list[Row], list[str]]:
    """Rows for each language: every action, and those whose word does not begin the answer."""
    rows: list[Row] = []
    notes: list[str] = []
    for step, language in enumerate(LANGUAGES):
        avatar = find(AVATARS[language], installation.folder)
        answers = await spoken(language, avatar.voice.voice, every=2 if quick else 1)
        found, wished = await asyncio.to_thread(run_virtual, _played(answers, avatar))
        off = np.array([1000 * abs(each.late_s) for each in found])
        rows.append(Row(f"stroke against its word, median, {language}", float(np.median(off)), "ms", LIMIT_MS))
        rows.append(Row(f"stroke against its word, p90, {language}", float(np.percentile(off, 90)), "ms"))
        within = 100 * sum(each.within for each in found) / len(found)
        rows.append(Row(f"strokes that fall into their word, {language}", within, "%", at_least=True))
        whole = sum(each.whole for each in found)
        notes.append(
            f"Strokes, {language}: {len(found)} actions done of {wished} that words gave rise to in {len(answers)} "
            f"answers; {len(found) - whole} of them were hastened, for their word came before they could be prepared."
        )
        done(step + 1, len(LANGUAGES))
    return rows, notes


async def spoken(language: str, voice: str, *, every: int) -> list[list[Said]]:
    """The labelled sentences as answers, with what the voice makes of them."""
    launcher = LocalLauncher(LoopClock())
    try:
        tts = await EspeakTts.open(Context(language, launcher, Path()), voice=voice)
        said: list[Said] = []
        for each in sentences(language):
            emotion, cues = direct(each.text, language)
            chunks = [chunk async for chunk in tts.speak(each.text, Style(emotion=emotion))]
            said.append((Sentence(each.text, emotion, cues), chunks))
    finally:
        await launcher.close()
    answers = [said[at : at + AT_ONCE] for at in range(0, len(said), AT_ONCE)]
    return answers[::every]


async def _played(answers: Sequence[Sequence[Said]], avatar: Avatar) -> tuple[list[Done], int]:
    """What was done with all answers, each by a session of its own; and how much was wished for."""
    found: list[Done] = []
    wished = 0
    repertoire, lengths = repertoire_of(avatar), load(avatar.folder).lengths()
    for answer in answers:
        scene = Scene(repertoire, lengths)
        await scene.play(answer)
        wished += len(scene.wishes)
        found += scene.done()
    return found, wished


class Scene:
    """One answer on a stage of its own."""

    def __init__(self, repertoire: Repertoire, lengths: dict[str, int]) -> None:
        self.repertoire = repertoire
        clock = LoopClock()
        self.face, self.outlet = FakeFace(clock, actions=lengths), Shift()
        self.stage = Stage(clock, self.outlet, repertoire=repertoire)
        self.stage.show(self.face)
        self.track = Track()
        self.wishes: tuple[Stroke, ...] = ()

    async def play(self, answer: Sequence[Said]) -> None:
        """Return when all of it has been played."""
        running = asyncio.create_task(self.stage.run())
        await asyncio.sleep(1.0)
        self.stage.play(1, self.track)
        for sentence, chunks in answer:
            self.track.begin(sentence, pause=PAUSE)
            for chunk in chunks:
                self.track.append(chunk)
                await self.track.room()
            self.track.complete()
        self.wishes = self.track.wishes
        self.track.finish()
        await asyncio.sleep((self.track.length - self.track.cursor) / RATE + 2.0)
        assert self.track.over, "the line plays in time"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    def done(self) -> list[Done]:
        """Each action that was seen, against the nearest wish for it."""
        begun: dict[int, str] = {}
        first: dict[int, Moment] = {}
        for moment in self.face.moments:
            for name, since in moment.actions:
                begun[moment.pts - since] = name
                first.setdefault(moment.pts - since, moment)
        found = []
        shift = self.outlet.shift
        for start, name in begun.items():
            stroke = start + self.repertoire.stroke(name, self.face.actions[name])
            at = min((each.at for each in self.wishes if each.name == name), key=lambda at: abs(stroke - shift - at))
            late, length = stroke - shift - at, self._length(at)
            found.append(Done(late / RATE, -SLOT < late < length, first[start].pts - start < SLOT))
        return found

    def _length(self, at: int) -> int:
        """Of the word that begins at turn time `at`."""
        return next(w.end - w.start for s in self.track.sentences for w in s.words if w.start == at)


class Shift:
    """An outlet that notes how the turn's line lies on the session's."""

    paced = True

    def __init__(self) -> None:
        self.shift = 0

    def send(self, frame: Frame) -> bool:
        if frame.turn:
            self.shift = frame.pts - frame.offset
        return True

    def tell(self, event: Event) -> None: ...

    async def drain(self) -> None: ...

    def clear(self, turn: int, fade_ms: int) -> None: ...

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...
