"""Spoken questions in words that are not in the knowledge, from voices that the product does not use.

The questions served neither to choose the matcher's weights nor the recogniser's: for that there is another set.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.memory import Memory
from agent.mind import Mind
from knowledge.cases import Case, read_cases
from knowledge.knowledge import Knowledge
from runtime.bench.asr import Section, Task
from runtime.bench.recordings import VOICES, Noise, Recording, missing_tools, record
from runtime.bench.report import Row
from runtime.hearing.pocketsphinx import PocketSphinxAsr
from runtime.hearing.weighed import Weighed, meaning
from runtime.opened import embedder_for
from runtime.settings import Installation
from visavis.clock import LoopClock
from visavis.engines import Asr, Context
from visavis.errors import SetupError
from visavis.words import Pcm, Utterance

CASES = Path(__file__).parents[3] / "tests" / "knowledge" / "museum_heldout.csv"
LIBRARY = "museum"
NOISY: tuple[Noise, ...] = ("babble", "pink")
BEFORE, AFTER, PIECE = 16_000 * 4 // 10, 16_000 // 2, 512
QUICK = 6
"""With `quick` every so manieth question is asked."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a spoken question."""

    case: Case
    noise: Noise
    given: str | None
    offered: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return self.given is not None and self.given == self.case.expected_id


async def measure(task: Task) -> Section:
    """Raises SetupError where the voices, the knowledge or the questions are missing."""
    if missing := missing_tools():
        raise SetupError(f"{', '.join(missing)} is not installed", f"apt-get install -y {' '.join(missing)}")
    library = task.folder / "knowledge" / f"{LIBRARY}.yaml"
    for path in (CASES, library):
        if not path.is_file():
            raise SetupError(f"there is no {path}", "run it in a checkout, with --config configs")
    installation = Installation(task.folder, required=False, with_dialogs=False)
    async with embedder_for(installation, "en") as (context, embedder):
        knowledge = await Knowledge.open_file(library, context, embedder)
        cases = read_cases(CASES, knowledge.ids())[:: QUICK if task.quick else 1]
        heard_by = Context("en", context.launcher, context.cache, knowledge.phrases())
        asr = Weighed(await PocketSphinxAsr.open(heard_by), lambda text: meaning(knowledge, text))
        try:
            fates = await _ask(cases, knowledge, asr, task)
        finally:
            await asr.close()
    return Section(_rows(fates))


async def _ask(cases: Sequence[Case], knowledge: Knowledge, asr: Asr, task: Task) -> list[Fate]:
    """Each question once in a quiet room and once in noise, by another voice."""
    fates = []
    for place, case in enumerate(cases):
        for turn, noise in enumerate(("clean", NOISY[place % len(NOISY)])):
            (said,) = record([case.text], [VOICES[(place + turn) % len(VOICES)]], [noise])
            fates.append(await _answered(case, said, knowledge, asr))
        task.done(place + 1, len(cases))
    return fates


async def _answered(case: Case, said: Recording, knowledge: Knowledge, asr: Asr) -> Fate:
    final = [transcript async for transcript in asr.transcribe(_pieces(said))][-1]
    if not final.text:
        return Fate(case, said.noise, None)
    utterance = Utterance(final.text, "en", "voice", 0.0, 0.0, final.confidence)
    reply = await Mind(knowledge, None, clock=LoopClock()).answer(utterance, Memory())
    if reply.decision == "direct" and reply.match is not None:
        return Fate(case, said.noise, reply.match.id)
    choices = tuple(choice.id for choice in reply.choices) if reply.decision == "suggest" else ()
    return Fate(case, said.noise, None, choices)


async def _pieces(said: Recording) -> AsyncIterator[Pcm]:
    pcm = said.pcm()[max(0, said.began - BEFORE) : said.ended + AFTER]
    for at in range(0, len(pcm), PIECE):
        yield pcm[at : at + PIECE]


def _rows(fates: Sequence[Fate]) -> list[Row]:
    on = [fate for fate in fates if fate.case.expected_id]
    off = [fate for fate in fates if not fate.case.expected_id]
    rows = []
    for name, some, bounds in (
        ("spoken FAQ, unseen", on, (0.50, 0.68, 0.06)),
        ("the same, quiet room alone", [fate for fate in on if fate.noise == "clean"], (None, None, None)),
    ):
        right = sum(fate.right for fate in some)
        offered = sum(fate.case.expected_id in fate.offered for fate in some)
        wrong = sum(fate.given is not None for fate in some) - right
        shares = [count / max(1, len(some)) for count in (right, right + offered, wrong)]
        rows += [
            Row(f"{name}: right", shares[0], "", bounds[0], True, f"{len(some)} spoken questions"),
            Row(f"{name}: right or offered", shares[1], "", bounds[1], True),
            Row(f"{name}: wrong given", shares[2], "", bounds[2]),
        ]
    given = sum(fate.given is not None for fate in off) / max(1, len(off))
    return [*rows, Row("spoken off-topic: answered", given, "", note=f"{len(off)} spoken questions")]
