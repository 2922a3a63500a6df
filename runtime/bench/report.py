"""What a bench found: rows with targets, beside the machine's own yardstick."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `target` is its bound, an upper one unless `at_least`; None where there is none."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target


@dataclass(slots=True)
class Report:
    what: str
    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    yardstick_ms: float = 0.0

    @property
    def data(self) -> dict[str, Any]:
        rows = [asdict(row) | {"reached": row.reached} for row in self.rows]
        return {
            "bench": self.what,
            "machine": machine(),
            "yardstick_ms": self.yardstick_ms,
            "rows": rows,
            "notes": self.notes,
        }

    def table(self) -> str:
        """The rows as Markdown."""
        lines = [f"### bench {self.what}", "", f"{machine()}; yardstick {self.yardstick_ms:.2f} ms", ""]
        lines += ["| what | measured | target | |", "|---|---:|---:|---|"]
        for row in self.rows:
            sign = "≥" if row.at_least else "≤"
            target = "" if row.target is None else f"{sign} {row.target:g} {row.unit}"
            verdict = {True: "reached", False: "**missed**", None: ""}[row.reached]
            note = f" ({row.note})" if row.note else ""
            lines.append(f"| {row.name}{note} | {row.value:.4g} {row.unit} | {target} | {verdict} |")
        return "\n".join([*lines, "", *self.notes])


def machine() -> str:
    import os

    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def yardstick() -> float:
    """Median milliseconds of a fixed piece of work (a 384x384 matrix product, ten times, one thread), so that
    figures of different machines and hours can be compared as ratios."""
    matrix = np.random.default_rng(0).random((384, 384), np.float32)
    spent = []
    for _ in range(15):
        began = time.perf_counter()
        for _ in range(10):
            matrix = np.clip(matrix @ matrix, 0, 1)
        spent.append(time.perf_counter() - began)
    return float(np.median(spent) * 1000)


def percentile(values: Sequence[float], share: float) -> float:
    return float(np.percentile(np.asarray(values), share)) if len(values) else float("nan")
