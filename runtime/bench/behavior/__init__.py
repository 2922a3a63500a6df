"""How fast a tree decides, how sure its manners are, and how aptly the avatar moves: `visavis bench behavior`.

Each section is a module of this package with

    async def measure(installation, *, quick, data, done) -> tuple[list[Row], list[str]]

the rows and the notes that it adds to the report. A section that lacks something (recordings, labelled sentences) says
so in a note and gives no row; it raises nothing for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from runtime.bench.report import Report, Row, yardstick
from runtime.settings import Installation
from visavis.errors import SetupError

SECTIONS = ("tick", "sequences", "stroke", "labelled", "flips", "learning")
"""In the order of the report; one whose module is not there is left out."""
DATA = Path(__file__).parents[4] / "shared" / "testdata"
"""Where public recordings lie, beside the checkout."""
Done = Callable[[int, int], None]
"""Told how many steps of how many are through."""
Measure = Callable[..., Awaitable[tuple[list[Row], list[str]]]]


async def bench_behavior(
    folder: Path, *, quick: bool = False, data: Path | None = None, done: Done | None = None
) -> Report:
    """Measure section by section; public recordings are read from `data`. Raises VisavisError."""
    place = _place(data)
    installation = Installation(folder, required=False, with_dialogs=False)
    report = Report("behavior", [], yardstick_ms=yardstick())
    sections = [name for name in SECTIONS if find_spec(f"{__name__}.{name}") is not None]
    for step, name in enumerate(sections):
        measure: Measure = import_module(f"{__name__}.{name}").measure
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
