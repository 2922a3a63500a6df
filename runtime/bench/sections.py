"""A bench as a package: its `SECTIONS` name the modules, each with

    async def measure(installation, *, quick, data, done) -> tuple[list[Row], list[str]]

the rows and the notes that it adds to the report. A section that lacks something (a program, recordings) says so in a
note and gives no row; it raises nothing for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from runtime.bench.report import Report, Row, yardstick
from runtime.settings import Installation
from visavis.errors import SetupError

DATA = Path(__file__).parents[3] / "shared" / "testdata"
"""Where public recordings lie, beside the checkout."""
Done = Callable[[int, int], None]
"""Told how many steps of how many are through."""
Measure = Callable[..., Awaitable[tuple[list[Row], list[str]]]]


async def bench_sections(
    what: str,
    folder: Path,
    *,
    quick: bool = False,
    data: Path | None = None,
    done: Done | None = None,
) -> Report:
    """Measure section by section of the bench `what`; recordings are read from `data`. Raises VisavisError."""
    place = _place(data)
    installation = Installation(folder, required=False, with_dialogs=False)
    report = Report(what, [], yardstick_ms=yardstick())
    package = f"runtime.bench.{what}"
    sections = import_module(package).SECTIONS
    for step, name in enumerate(sections):
        module = f"{package}.{name}"
        if find_spec(module) is None:
            report.notes.append(f"Left out, {name.replace('_', ' ')}: this installation lacks it.")
            continue
        measure: Measure = import_module(module).measure
        through = _part(step, len(sections), done)
        rows, notes = await measure(installation, quick=quick, data=place, done=through)
        report.rows += rows
        report.notes += notes
    return report


def _place(data: Path | None) -> Path:
    if data is not None and not data.is_dir():
        raise SetupError(f"there is no folder {data}", "name the one that holds the recordings with --data DIR")
    return data or DATA


def _part(step: int, steps: int, done: Done | None) -> Done:
    """The progress of one section as that of the whole, in thousandths."""
    if done is None:
        return lambda at, total: None
    return lambda at, total: done(round(1000 * (step + at / max(1, total)) / steps), 1000)
