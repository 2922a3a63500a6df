"""How well and how fast the knowledge base answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from runtime.bench.kb_corpora import FOLDS, banking, clinc
from runtime.bench.kb_edits import edits
from runtime.bench.kb_sets import SETS, small_sets
from runtime.bench.kb_speed import INNOCENT, decision, lookup, reviewing
from runtime.bench.report import Report, Row, yardstick
from runtime.opened import embedder_for
from runtime.settings import Installation
from visavis.engines import Embedder
from visavis.errors import SetupError

DATA = Path(__file__).parents[3] / "shared" / "testdata"
"""Where public question sets lie, beside the checkout."""
CLINC, BANKING = "nlu/clinc150_train_val.json", "nlu/banking77_train.csv"
STEPS = 7
Done = Callable[[int, int], None]


async def bench_kb(folder: Path, *, quick: bool = False, data: Path | None = None, done: Done | None = None) -> Report:
    """Measure with the embedders of the installation; public sets are read from `data`. Raises VisavisError."""
    place = _place(data)
    installation = Installation(folder, required=False, with_dialogs=False)
    report = Report("kb", [], yardstick_ms=yardstick())
    tell = done or (lambda done, total: None)
    rows, texts = await small_sets(installation, quick=quick, done=_part(0, tell))
    report.rows += rows
    if not rows:
        report.notes.append(f"Left out, the small FAQs: there are none in {SETS}.")
    if quick:
        report.notes.append("Left out, CLINC150 and BANKING77: they take minutes; run without --quick.")
    else:
        await _public(report, installation, place, tell)
    report.rows += await decision(installation, quick)
    _part(3, tell)(1, 1)
    report.rows += await reviewing(texts[:: 4 if quick else 1] or INNOCENT)
    _part(4, tell)(1, 1)
    report.rows += await lookup(quick)
    _part(5, tell)(1, 1)
    report.rows += await edits(quick)
    _part(6, tell)(1, 1)
    return report


async def _public(report: Report, installation: Installation, place: Path, tell: Done) -> None:
    """Add the figures of the public sets, and a note for each that is not there."""
    async with embedder_for(installation, "en") as (_, embedder):
        for step, (name, rows) in enumerate({CLINC: _clinc, BANKING: _banking}.items(), 1):
            if (place / name).is_file():
                report.rows += await rows(place / name, embedder)
            else:
                report.notes.append(f"Left out: there is no {name} in {place}; name another folder with --data DIR.")
            _part(step, tell)(1, 1)


async def _clinc(path: Path, embedder: Embedder) -> list[Row]:
    found = await clinc(path, embedder)
    rejected = "CLINC150, 95 % out of scope rejected"
    return [
        Row("CLINC150 train → val, in-scope top-1", found["top1"], "", 0.95, True),
        Row(f"{rejected}: in scope answered", found["answered"], "", 0.85, True),
        Row(f"{rejected}: precision of these", found["precision"], "", 0.98, True),
    ]


async def _banking(path: Path, embedder: Embedder) -> list[Row]:
    found, note = await banking(path, embedder), f"{FOLDS} folds"
    return [
        Row("BANKING77, all phrasings, top-1", found["all"], "", 0.93, True, note),
        Row("BANKING77, 10 phrasings an intent, top-1", found["few"], "", 0.84, True, note),
    ]


def _part(step: int, tell: Done) -> Done:
    """The progress of one of the steps as that of the whole, in thousandths."""
    return lambda done, total: tell(round(1000 * (step + done / total) / STEPS), 1000)


def _place(data: Path | None) -> Path:
    if data is not None and not data.is_dir():
        raise SetupError(f"there is no folder {data}", "name the one that holds nlu/ with --data DIR")
    return data or DATA
