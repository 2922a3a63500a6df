"""The same words twice: windows of speech that sound alike in the same order, at whatever pace.

Found by sound: each window is cut into twelve equal parts whose mean spectra are compared with those of every other
window, at five paces. Where a full recogniser is configured, what it heard is compared as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from avatars.voices.enrol.inspect.fillers import Said
from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.take import Take
from avatars.voices.enrol.inspect.timbre import cepstra

LIMIT = 0.70
"""Likeness of two windows from which they are the same words."""
LONGER_S = 0.36
"""How much longer than one window a repeat is: single windows are alike by chance."""
SAID_LIMIT = 90.0
LONG_ENOUGH = 16
"""Characters of a heard piece from which its coming back is a repeat."""
PACES = (0.85, 0.92, 1.0, 1.08, 1.16)
_WINDOW, _HOP, _PARTS, _SPOKEN = 160, 12, 12, 0.6
_BLOCK = 1000


def find(take: Take) -> list[Found]:
    pairs = _pairs(take)
    found: list[Found] = []
    for start, likeness in sorted(pairs):
        end = start + _WINDOW / 100
        if found and start <= found[-1].end_s + 0.5:
            last = found[-1]
            found[-1] = last._replace(end_s=max(last.end_s, end), measured=max(last.measured, likeness))
        else:
            found.append(Found("repeat", "warning", start, end, likeness, LIMIT, ""))
    return [each for each in found if each.end_s - each.start_s >= _WINDOW / 100 + LONGER_S - 0.01]


def find_said(said: Sequence[Said]) -> list[Found]:
    """Pieces of what a recogniser heard that came before."""
    found = []
    for index, each in enumerate(said):
        text = each.text.casefold()
        if len(text) < LONG_ENOUGH:
            continue
        likeness = max((fuzz.ratio(text, other.text.casefold()) for other in said[:index]), default=0.0)
        if likeness >= SAID_LIMIT:
            found.append(Found("repeat", "warning", each.start_s, each.end_s, likeness / 100, SAID_LIMIT / 100, ""))
    return found


def _pairs(take: Take) -> list[tuple[float, float]]:
    """The later of two windows that are alike: (its second, how alike)."""
    if len(take.levels) < 3 * _WINDOW:
        return []
    features = cepstra(take)
    starts, windows = _windows(features, take.speaking, _WINDOW)
    best: dict[int, float] = {}
    for pace in PACES:
        others, paced = _windows(features, take.speaking, round(_WINDOW * pace))
        for at in range(0, len(windows), _BLOCK):
            alike = windows[at : at + _BLOCK] @ paced.T
            later = starts[at : at + _BLOCK, None] - others[None] >= 1.3 * _WINDOW
            alike[~later] = -1
            for row in np.flatnonzero(alike.max(axis=1, initial=-1) >= LIMIT):
                begin = int(starts[at + row])
                best[begin] = max(best.get(begin, 0.0), float(alike[row].max()))
    return [(begin / 100, likeness) for begin, likeness in best.items()]


def _windows(
    features: NDArray[np.float32], speaking: NDArray[np.bool_], length: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The first frame of each window that is mostly speech, and its parts' means as a unit vector."""
    sums = np.concatenate([np.zeros((1, features.shape[1])), np.cumsum(features, axis=0, dtype=np.float64)])
    spoken = np.concatenate([[0], np.cumsum(speaking[: len(features)])])
    starts = np.arange(0, len(features) - length, _HOP)
    starts = starts[spoken[starts + length] - spoken[starts] >= _SPOKEN * length]
    edges = np.linspace(0, length, _PARTS + 1).round().astype(int)
    parts = (sums[starts[:, None] + edges[1:]] - sums[starts[:, None] + edges[:-1]]) / np.diff(edges)[None, :, None]
    rows = parts.reshape(len(starts), _PARTS * features.shape[1]).astype(np.float32)
    return starts, rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
