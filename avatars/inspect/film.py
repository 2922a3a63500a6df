"""A recording as the rules see it: what was measured on each frame, once, while it went by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from avatars.inspect.album import Album
from avatars.inspect.footage import Footage, Frame
from avatars.inspect.kinds import Kind
from avatars.inspect.person import Eyes, Person
from avatars.inspect.screen import ScreenLook, looked
from avatars.voices.enrol.inspect.take import Take

WIDE = 192
"""Pixels across the grey pictures in which movement is measured."""
SCREEN_EVERY = 10
PARTS = (slice(None), slice(None, WIDE // 4), slice(-WIDE // 4, None))
PLAIN = 5.0
"""Standard deviation of brightness under which a part is too even to tell whether it moves."""
Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Film:
    """Arrays have a row for each frame; `at_full` are the frames that `sharpness` and `edges` were measured on."""

    kind: Kind
    keyed: bool
    footage: Footage
    times: NDArray[np.float64]
    light: Numbers
    """Mean brightness, 0 to 255."""
    contrast: Numbers
    """Standard deviation of it."""
    moved: Numbers
    """Mean change against the frame before, in levels of brightness; 0 for the first."""
    most_moved: Numbers
    """The largest change of any place."""
    shift: Numbers
    """(n, 3, 2): how far the whole, its left and its right quarter moved since the frame before, by the width."""
    at_full: NDArray[np.intp]
    sharpness: Numbers
    edges: Numbers
    screens: tuple[tuple[int, ScreenLook], ...]
    people: tuple[Person | None, ...] | None
    """The person of each frame; None where nothing could look for faces."""
    crowds: tuple[tuple[int, int], ...]
    """Frame, and how many faces of comparable size were in it."""
    take: Take | None = None
    """The sound; None where there is none."""

    @property
    def seconds(self) -> float:
        return float(self.times[-1]) + self.interval if len(self.times) else 0.0

    @property
    def interval(self) -> float:
        """Seconds between two frames, as they usually are."""
        return float(np.median(np.diff(self.times))) if len(self.times) > 1 else 0.04

    def spans(self, mask: NDArray[np.bool_], *, least: int = 1, gap: int = 0) -> list[tuple[float, float, slice]]:
        """From, to and which frames of each run of `mask` of at least `least` frames; runs `gap` apart are one."""
        found: list[list[int]] = []
        edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if found and begin - found[-1][1] <= gap:
                found[-1][1] = end
            else:
                found.append([begin, end])
        return [
            (float(self.times[a]), float(self.times[b - 1]) + self.interval, slice(a, b))
            for a, b in found
            if b - a >= least
        ]


@dataclass
class _Rows:
    times: list[float] = field(default_factory=list)
    light: list[tuple[float, float, float, float]] = field(default_factory=list)
    shift: list[Numbers] = field(default_factory=list)
    full: list[tuple[int, float, Numbers]] = field(default_factory=list)
    screens: list[tuple[int, ScreenLook]] = field(default_factory=list)
    people: list[Person | None] = field(default_factory=list)


def watched(
    footage: Footage, kind: Kind, *, keyed: bool, eyes: Eyes | None, album: Album,
    done: Callable[[float], object] = lambda seconds: None,
) -> Film:  # fmt: skip
    """Look at every frame; `done` is told the second that is behind it. Raises FootageError."""
    rows, before = _Rows(), None
    for frame in footage.frames():
        rows.times.append(frame.time_s)
        album.add(frame.picture)
        before = _compare(rows, frame, before)
        if frame.edges is not None and frame.sharpness is not None:
            rows.full.append((frame.index, frame.sharpness, frame.edges))
        if frame.index % SCREEN_EVERY == 0:
            look = looked(frame.picture)
            if look is not None:
                rows.screens.append((frame.index, look))
        if eyes is not None:
            rows.people.append(eyes.look(frame.index, frame.picture))
        done(frame.time_s)
    shift = np.array(rows.shift, np.float32).reshape(-1, len(PARTS), 2)
    table = np.array(rows.light, np.float32).reshape(-1, 4)
    return Film(
        kind, keyed, footage, np.array(rows.times), table[:, 0], table[:, 1], table[:, 2], table[:, 3], shift,
        np.array([each[0] for each in rows.full], np.intp), np.array([each[1] for each in rows.full], np.float32),
        np.array([each[2] for each in rows.full], np.float32).reshape(-1, 4, 4), tuple(rows.screens),
        tuple(rows.people) if eyes is not None else None, tuple(eyes.crowds) if eyes is not None else (),
    )  # fmt: skip


def _compare(rows: _Rows, frame: Frame, before: Numbers | None) -> Numbers:
    grey = cv2.cvtColor(frame.picture, cv2.COLOR_RGB2GRAY)
    high = max(2, round(grey.shape[0] * WIDE / grey.shape[1]))
    small = cv2.resize(grey, (WIDE, high), interpolation=cv2.INTER_AREA).astype(np.float32)
    about = (float(grey.mean()), float(grey.std()))
    if before is None:
        rows.light.append((*about, 0.0, 0.0))
        rows.shift.append(np.zeros((len(PARTS), 2), np.float32))
    else:
        change = cv2.absdiff(small, before)
        rows.light.append((*about, float(change.mean()), float(change.max())))
        rows.shift.append(np.array([_moved(before[:, part], small[:, part]) for part in PARTS], np.float32))
    return small


def _moved(before: Numbers, after: Numbers) -> tuple[float, float]:
    """How far a part moved, in shares of the picture's width; not a number where it shows nothing to go by."""
    if float(after.std()) < PLAIN or float(before.std()) < PLAIN:
        return np.nan, np.nan
    window = _window(after.shape[1], after.shape[0])
    (x, y), _ = cv2.phaseCorrelate(before.copy(), after.copy(), window)  # it works in the arrays that it is given
    return x / WIDE, y / WIDE


@lru_cache(maxsize=8)
def _window(width: int, height: int) -> Numbers:
    return np.asarray(cv2.createHanningWindow((width, height), cv2.CV_32F), np.float32)
