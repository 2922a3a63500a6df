"""How often the face changes its feeling in ordinary talk, and that it does feel: whole sessions on the virtual clock.

Counted is every change of what is seen, to rest and from it too. Talks are written for it, and every question of the
shipped knowledge is asked in a row.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import groupby, islice
from pathlib import Path

import yaml

from agent.wording import Wording
from behaviors.direction import direct
from behaviors.emotion import feel
from behaviors.tact import tact
from behaviors.tree import Behavior
from knowledge.library import load_file
from runtime.bench.answering import Answering
from runtime.bench.report import Row
from runtime.bench.sections import Done
from runtime.manner import Manner
from runtime.session import Session
from runtime.settings import Installation
from runtime.simulate.stand_in import Listener
from visavis.clock import LoopClock, run_virtual
from visavis.fakes.face import FakeFace
from visavis.fakes.tts import FakeTts
from visavis.words import RATE, Emotion, Moment, Reply, Sentence, Utterance

MOST = 4.0
"""Flips a minute."""
LANGUAGES = {"en": 1 / 15, "zh": 1 / 4.5}
"""Seconds that a character takes to say."""
THINKS_S, LISTENS_S = 1.0, 0.8
"""A visitor waits so long before speaking; the avatar begins so long after it."""
QUICK = 12
"""Exchanges in a quick run."""
Exchange = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Felt:
    """What was seen in so many minutes: the feelings one after the other, and the share of the time with one."""

    minutes: float
    labels: tuple[Emotion, ...]
    share: float

    @property
    def flips(self) -> float:
        """Changes a minute."""
        return (len(self.labels) - 1) / self.minutes


async def measure(installation: Installation, *, quick: bool, data: Path, done: Done) -> tuple[list[Row], list[str]]:
    rows: list[Row] = []
    for step, language in enumerate(LANGUAGES):
        talk = list(islice(exchanges(language, installation.folder / "knowledge"), QUICK if quick else None))
        felt = await asyncio.to_thread(lived, talk, language)
        kinds = len(set(felt.labels) - {Emotion.NEUTRAL})
        note = f"{felt.minutes:.0f} min of talk"
        rows.append(Row(f"flips of the feeling, {language}", felt.flips, "/min", MOST, note=note))
        rows.append(Row(f"share of the talk with a feeling, {language}", felt.share, "", note=f"{kinds} feelings"))
        rows.append(Row(f"right feeling of a sentence, {language}", right(language), "", note="third kept aside"))
        done(step + 1, len(LANGUAGES))
    return rows, []


def right(language: str, *, aside: bool = True) -> float:
    """The share of hand-labelled sentences that get their feeling: of the third kept aside, or of the others."""
    source = files("runtime.bench.behavior") / "feelings" / f"{language}.yaml"
    kinds = yaml.safe_load(source.read_text("utf-8")).items()
    labelled = [(text, Emotion(label)) for label, texts in kinds for text in texts]
    asked = [(text, label) for text, label in labelled if (sha256(text.encode()).digest()[0] % 3 == 0) is aside]
    return sum(feel(text, language).label is label for text, label in asked) / len(asked)


def exchanges(language: str, knowledge: Path) -> Iterator[Exchange]:
    """What visitors say and what is answered."""
    source = files("runtime.bench.behavior") / "talks" / f"{language}.yaml"
    for talk in yaml.safe_load(source.read_text("utf-8")):
        yield from talk
    for path in sorted(knowledge.glob("*.yaml")) if knowledge.is_dir() else ():
        library = load_file(path)
        if library.language.startswith(language):
            yield from ((item.ask[0], item.say[0]) for item in library.faq)


def lived(talk: list[Exchange], language: str) -> Felt:
    """What a session shows while it answers one after the other."""
    moments = run_virtual(_lived(talk, language))
    seen = [moment.emotion for moment in moments]
    minutes = moments[-1].pts / RATE / 60
    felt = sum(each is not Emotion.NEUTRAL for each in seen) / len(seen)
    return Felt(minutes, tuple(label for label, _ in groupby(seen)), felt)


async def _lived(talk: list[Exchange], language: str) -> list[Moment]:
    clock = LoopClock()
    character_s = LANGUAGES[language]
    face, brain = FakeFace(clock), _Answers(language)
    tts = FakeTts(clock=clock, per_character=round(RATE * character_s))
    session = Session(
        clock, Listener(clock), brain, tts, lambda body: Behavior(body, 0), manner=Manner(), manners=tact(language)
    )
    session.see(face)
    living = asyncio.create_task(session.run())
    await asyncio.sleep(0)
    for asked, answer in talk:
        began = clock.now() + THINKS_S
        ended = began + character_s * len(asked)
        await clock.sleep_until(ended + LISTENS_S)
        brain.answers[asked] = answer
        session.say(Utterance(asked, language, "voice", began, clock.now()))
        while session.playing is not None or session.waiting is not None:
            await clock.sleep_until(clock.now() + 0.1)
    living.cancel()
    await asyncio.gather(living, return_exceptions=True)
    await session.close()
    return face.moments


class _Answers(Answering):
    """A brain that knows what is answered to what."""

    def __init__(self, language: str) -> None:
        self.answers: dict[str, str] = {}
        self._language, self._wording = language, Wording(language, directions=direct)

    async def answer(self, utterance: Utterance) -> Reply:
        return Reply("faq", "direct", self._said(self.answers[utterance.text]), language=self._language)

    async def _said(self, text: str) -> AsyncIterator[Sentence]:
        for sentence in self._wording.played(text):
            yield sentence
