"""How well and how soon people are understood: `visavis bench asr`."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from runtime.bench.report import Report, Row, yardstick
from visavis.errors import SetupError

DATA = Path(__file__).parents[4] / "shared" / "testdata"
"""Where recordings of people lie, beside the checkout."""
SECTIONS = ("turn_end", "barista", "faq", "interruption", "false_ends")
"""The modules beside this one, in the order of the report."""

Done = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What a section is given: `folder` of the configuration, `data` that holds `speech/`, and whom to tell."""

    folder: Path
    data: Path
    quick: bool
    done: Done


@dataclass(slots=True)
class Section:
    """What a section found; its `notes` say what was left out and why."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Measure = Callable[[Task], Awaitable[Section]]
"""Each module has a `measure` like this. It raises SetupError for what it lacks, and is then left out."""


async def bench_asr(folder: Path, *, quick: bool = False, data: Path | None = None, done: Done | None = None) -> Report:
    """Run every section in turn; a section that lacks its data or its weights is left out with a note."""
    place = _place(data)
    tell = done or (lambda done, total: None)
    report = Report("asr", [], yardstick_ms=yardstick())
    for step, name in enumerate(SECTIONS):
        found = await _section(name, Task(folder, place, quick, _part(step, tell)))
        report.rows += found.rows
        report.notes += found.notes
        _part(step, tell)(1, 1)
    return report


async def _section(name: str, task: Task) -> Section:
    module = f"{__name__}.{name}"
    try:
        measure = cast(Measure, importlib.import_module(module).measure)
    except ModuleNotFoundError as error:
        missing = "there is no such section yet" if error.name == module else str(error)
        return Section(notes=[f"Left out, {name}: {missing}."])
    try:
        return await measure(task)
    except SetupError as error:
        return Section(notes=[f"Left out, {name}: {error}."])


def _part(step: int, tell: Done) -> Done:
    """The progress of one section as that of the whole, in thousandths."""
    return lambda done, total: tell(round(1000 * (step + done / max(1, total)) / len(SECTIONS)), 1000)


def _place(data: Path | None) -> Path:
    if data is not None and not data.is_dir():
        raise SetupError(f"there is no folder {data}", "name the one that holds speech/ with --data DIR")
    return data or DATA
