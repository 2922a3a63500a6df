"""How loud the voice is, and whether it stays so: drift, too low, too high."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect.take import Take

DRIFT_DB, DRIFT_ERROR_DB = 7.0, 12.0
"""How far six seconds of speech may lie off the whole's level."""
LOWEST_DBFS, LOWEST_ERROR_DBFS = -40.0, -50.0
WINDOW = 600
"""Speaking frames (10 ms) that one level is measured over."""
_STEP = 100


def speech_dbfs(take: Take) -> float:
    """The level of all that is spoken."""
    spoken = take.levels[take.speaking]
    return _mean(spoken) if len(spoken) else -100.0


def find(take: Take) -> list[Found]:
    frames = np.flatnonzero(take.speaking)
    if not len(frames):
        return []
    whole = speech_dbfs(take)
    found = []
    if whole < LOWEST_DBFS:
        severity: Severity = "error" if whole < LOWEST_ERROR_DBFS else "warning"
        found.append(Found("low_level", severity, 0.0, len(take.levels) / 100, whole, LOWEST_DBFS, "dBFS"))
    return found + _drift(take, frames)


def _drift(take: Take, frames: NDArray[np.intp]) -> list[Found]:
    """Stretches whose level is far from the median one."""
    spoken = take.levels[frames]
    at = np.arange(0, max(len(frames) - WINDOW, 0) + 1, _STEP)
    if len(at) < 2:
        return []
    means = np.array([_mean(spoken[each : each + WINDOW]) for each in at])
    off = means - float(np.median(means))
    found: list[Found] = []
    for begin, end in _runs(np.abs(off) >= DRIFT_DB):
        worst = float(off[begin:end][np.argmax(np.abs(off[begin:end]))])
        grave: Severity = "error" if abs(worst) >= DRIFT_ERROR_DB else "warning"
        start, stop = frames[at[begin]] / 100, frames[min(at[end - 1] + WINDOW, len(frames)) - 1] / 100
        found.append(Found("level_drift", grave, float(start), float(stop), worst, DRIFT_DB, "dB"))
    return found


def _mean(levels: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
