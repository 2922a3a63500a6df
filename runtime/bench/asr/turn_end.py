"""When the turn passes: questions that the knowledge answers with pauses inside, real orders, and free speech."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import yaml

from knowledge.knowledge import Knowledge
from knowledge.library import load_file
from runtime.bench.asr import Section, Task
from runtime.bench.asr.pauses import Speech, people, questions
from runtime.bench.asr.timeline import Decision, Listener, Timeline, decide, spread
from runtime.bench.asr.virtual import Parts, listen
from runtime.bench.flite import available
from runtime.bench.report import Row
from runtime.hearing.judge import SmartTurn
from runtime.hearing.pocketsphinx_service import PocketSphinxService
from runtime.hearing.turn_end import Endpointing
from runtime.hearing.turn_end.match import Questions
from runtime.opened import embedder_for
from runtime.settings import Asr, Installation
from visavis.errors import SetupError
from visavis.signal import empty
from visavis.vad import CHUNK

CUT, MEDIAN, P90 = 5.0, 500.0, 1100.0
LISTS: tuple[tuple[str, ...], ...] = (
    ("vad",),
    ("complete", "vad"),
    ("smart-turn", "vad"),
    ("match", "vad"),
    ("match", "complete", "vad"),
    ("match", "complete", "smart-turn", "vad"),
)
SILENCES = (0.3, 0.5, 0.7, 1.0, 1.3, 1.6)


@dataclass(slots=True)
class Corpus:
    """Timelines of speech that means to say something to who knows `questions`."""

    name: str
    parts: Parts
    lines: list[Timeline] = field(default_factory=list)
    grades: dict[str, float] = field(default_factory=dict)

    async def hear(self, speeches: Sequence[Speech], done: Callable[[int, int], None]) -> None:
        listener = Listener(self.parts.service, self.parts.verdict)
        for place, speech in enumerate(speeches):
            line = listener.hear(speech)
            self.lines.append(line)
            for words in set(line.words.values()) - set(self.grades):
                self.grades[words] = await self.parts.confidence(words)
            done(place + 1, len(speeches))

    def waits(self, turn: Sequence[str], settings: Endpointing) -> list[float]:
        found = [decide(line, turn, settings, self.grades, self.parts.questions) for line in self.lines]
        return [each.wait_s for each in found if isinstance(each, Decision)]


async def measure(task: Task) -> Section:
    """Measure the first dialog's settings. Raises SetupError where flite or its knowledge is missing."""
    if not available():
        raise SetupError("flite is not installed", "apt-get install -y flite")
    dialog = Installation(task.folder).dialog(None)
    asr = dialog.asr or Asr(engine="pocketsphinx")
    path = task.folder / "knowledge" / f"{dialog.knowledge[0]}.yaml"
    if not path.is_file():
        raise SetupError(f"there is no {path}", "name the first dialog's knowledge like its file")
    section = Section()
    asked = [each.ask for each in load_file(path).faq]
    count = (16, 8, 8, 4) if task.quick else (150, 60, 100, 30)
    section.rows += await _written(task, asr, path, [text for texts in asked for text in texts], count[0])
    curves = []
    with tempfile.TemporaryDirectory() as folder:
        unseen = [texts[-1] for texts in asked if len(texts) > 2]
        fewer = _library(Path(folder), [texts[:-1] if len(texts) > 2 else texts for texts in asked])
        curves.append(
            await _corpus(task, asr, fewer, "wordings that it does not have", list(questions(unseen, count[1])))
        )
        if (place := task.data / "speech").is_dir():
            orders = (place / "barista" / "corpus.txt").read_text("utf-8").splitlines()
            files = sorted((place / "barista").glob("*.flac"))[: count[2]]
            known = _library(Path(folder), [[each for each in orders if each.strip()]], "barista")
            curves.append(await _corpus(task, asr, known, "orders by people", list(people(files))))
            files = sorted((place / "librispeech").glob("*.flac"))
            read = [*files[:: max(1, len(files) // count[3])][: count[3]], place / "jfk.flac"]
            curves.append(await _corpus(task, asr, path, "free speech by people", list(people(read))))
        else:
            section.notes.append(f"Left out, people: there is no {place}; name another folder with --data DIR.")
    for corpus in curves:
        section.rows += _rows(corpus.name, corpus.waits(asr.turn, asr.endpointing), (None, None, None))
        section.rows += _judged(corpus)
        section.notes += _curve(corpus, asr.endpointing)
    return section


async def _written(task: Task, asr: Asr, path: Path, texts: list[str], count: int) -> list[Row]:
    """The real ears on the virtual clock."""
    async with embedder_for(_plain(task), "en") as (context, embedder):
        knowledge = await Knowledge.open_file(path, context, embedder)
        parts, waits = _parts(knowledge, asr, context.cache), []
        for place, speech in enumerate(questions(texts, count)):
            if (wait := await listen(parts, speech)) is not None:
                waits.append(wait)
            task.done(place, 2 * count)
    return _rows("questions that are known, pauses 0.3-1.2 s inside", waits, (CUT, MEDIAN, P90))


async def _corpus(task: Task, asr: Asr, path: Path, name: str, speeches: Sequence[Speech]) -> Corpus:
    async with embedder_for(_plain(task), "en") as (context, embedder):
        corpus = Corpus(name, _parts(await Knowledge.open_file(path, context, embedder), asr, context.cache))
        await corpus.hear(speeches, lambda done, total: task.done(total + done, 2 * total))
    return corpus


def _parts(knowledge: Knowledge, asr: Asr, cache: Path) -> Parts:
    service = PocketSphinxService(knowledge.phrases(), str(cache))
    verdict = partial(SmartTurn.verdict, SmartTurn.open())
    return Parts(service, knowledge.confidence, Questions(knowledge.questions()), verdict, asr)


def _plain(task: Task) -> Installation:
    return Installation(task.folder, required=False, with_dialogs=False)


def _library(folder: Path, asked: Sequence[Sequence[str]], name: str = "fewer") -> Path:
    """A knowledge file with an entry for each group of wordings."""
    items = [{"id": f"q{n}", "ask": list(texts), "say": "Yes."} for n, texts in enumerate(asked)]
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump({"knowledge": name, "language": "en", "faq": {"items": items}}), "utf-8")
    return path


def _rows(name: str, waits: Sequence[float], targets: tuple[float | None, float | None, float | None]) -> list[Row]:
    whole = [wait for wait in waits if wait >= 0]
    cut = 100 * (len(waits) - len(whole)) / max(1, len(waits))
    median, p90 = spread(whole)
    return [
        Row(f"end of turn, {name}: cut off", cut, "%", targets[0], note=f"{len(waits)} recordings"),
        Row(f"end of turn, {name}: wait, p50", median, "ms", targets[1]),
        Row(f"end of turn, {name}: wait, p90", p90, "ms", targets[2]),
    ]


def _judged(corpus: Corpus) -> list[Row]:
    """What the acoustic model says of ends that are ends, and what a verdict costs."""
    ends = [_last(line) for line in corpus.lines]
    known = [verdict for verdict in ends if verdict is not None]
    if not known or corpus.parts.verdict is None:
        return []
    wrong = 100 * sum(verdict < 0.5 for verdict in known) / len(known)
    began = time.process_time()
    for _ in range(5):
        corpus.parts.verdict(empty())
    cost = (time.process_time() - began) * 200
    return [
        Row(f"smart-turn, {corpus.name}: finished, but judged unfinished", wrong, "%", note=f"{cost:.0f} ms CPU each")
    ]


def _last(line: Timeline) -> float | None:
    """The verdict on the pause after the true end."""
    return next((line.verdicts[at] for at in sorted(line.verdicts) if at * CHUNK >= line.ended), None)


def _curve(corpus: Corpus, settings: Endpointing) -> list[str]:
    """Cut-offs against the median wait, for every list and length of plain silence."""
    lines = [f"\nCut off / median wait in ms, {corpus.name}, by the silence of `vad`:\n"]
    lines += ["| strategies | " + " | ".join(f"{s:g} s" for s in SILENCES) + " |", "|---|" + "---:|" * len(SILENCES)]
    for turn in LISTS:
        cells = []
        for silence_s in SILENCES:
            waits = corpus.waits(turn, settings.model_copy(update={"silence_s": silence_s}))
            cut = 100 * sum(wait < 0 for wait in waits) / max(1, len(waits))
            cells.append(f"{cut:.0f} % / {spread([wait for wait in waits if wait >= 0])[0]:.0f}")
        lines.append(f"| {', '.join(turn)} | " + " | ".join(cells) + " |")
    return lines
