"""The benches behind every figure: `visavis bench turn|load|face|kb|asr|voice|behavior`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from runtime.bench.report import Report


def run(
    what: str,
    folder: Path,
    *,
    quick: bool = False,
    data: Path | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Report:
    """Run the bench of that name; `data` holds public question sets and recordings. Raises VisavisError."""
    if what == "kb":
        from runtime.bench.kb import bench_kb

        return asyncio.run(bench_kb(folder, quick=quick, data=data, done=done))
    if what == "asr":
        from runtime.bench.asr import bench_asr

        return asyncio.run(bench_asr(folder, quick=quick, data=data, done=done))
    if what in ("voice", "behavior"):
        from runtime.bench.sections import bench_sections

        return asyncio.run(bench_sections(what, folder, quick=quick, data=data, done=done))
    if what == "turn":
        from runtime.bench.turn import bench_turn

        return asyncio.run(bench_turn(folder, quick=quick))
    if what == "load":
        from runtime.bench.load import bench_load

        return asyncio.run(bench_load(folder, quick=quick))
    from runtime.bench.face import bench_face

    return asyncio.run(bench_face(quick=quick, folder=folder))
