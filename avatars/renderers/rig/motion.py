"""What a living body does by itself, as pure functions of time: any moment can be drawn after any other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from visavis.words import Gaze as At
from visavis.words import Mood

_MASK = 0xFFFFFFFF


def chance(cell: int, seed: int) -> float:
    """A number in 0..1 that belongs to one cell of time."""
    x = (cell * 0x9E3779B1 + seed * 0x85EBCA77 + 0x27D4EB2F) & _MASK
    x = ((x ^ (x >> 15)) * 0x2C1B3C6D) & _MASK
    x = ((x ^ (x >> 12)) * 0x297A2D39) & _MASK
    return ((x ^ (x >> 15)) & _MASK) / _MASK


def ease(x: float) -> float:
    """0..1 to 0..1, starting and ending at rest."""
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


def drift(t: float, period: float, seed: int) -> float:
    """A wandering value in -1..1 that reaches a new one every `period` seconds."""
    cell = math.floor(t / period)
    a, b = chance(cell, seed), chance(cell + 1, seed)
    return 2.0 * (a + (b - a) * ease(t / period - cell)) - 1.0


def blink(t: float, period: float = 3.4, seed: int = 11) -> float:
    """How far the lids are shut, 0..1: down within 80 ms, up within 140 ms, now and then twice."""
    shut = 0.0
    for cell in (math.floor(t / period), math.floor(t / period) - 1):
        begin = cell * period + chance(cell, seed) * (period - 0.7)
        shut = max(shut, _lid(t - begin))
        if chance(cell, seed + 1) < 0.16:
            shut = max(shut, _lid(t - begin - 0.32))
    return shut


def _lid(since: float) -> float:
    if since < 0.0 or since > 0.26:
        return 0.0
    if since < 0.08:
        return ease(since / 0.08)
    return 1.0 if since < 0.11 else 1.0 - ease((since - 0.11) / 0.15)


@dataclass(frozen=True, slots=True)
class Gaze:
    """How the eyes wander: how often, how far, and how likely they leave the visitor."""

    period: float
    reach: float
    away: float


GAZES: dict[Mood, Gaze] = {
    "idle": Gaze(1.7, 0.5, 0.35),
    "listening": Gaze(1.4, 0.12, 0.1),
    "thinking": Gaze(0.9, 0.25, 0.5),
    "speaking": Gaze(1.25, 0.28, 0.22),
    "held": Gaze(1.6, 0.1, 0.1),
}


def gaze(t: float, mood: Mood) -> tuple[float, float]:
    """Where the eyes look, -1..1 each, in jumps of 70 ms."""
    how = GAZES[mood]
    cell = math.floor(t / how.period)
    begin = (cell + 0.5 * chance(cell, 31)) * how.period
    k = ease((t - begin) / 0.07)
    ax, ay = _target(cell - 1, how)
    bx, by = _target(cell, how)
    return ax + (bx - ax) * k, ay + (by - ay) * k


def _target(cell: int, how: Gaze) -> tuple[float, float]:
    far = 1.0 if chance(cell, 32) < how.away else 0.18
    return (2 * chance(cell, 33) - 1) * how.reach * far, (2 * chance(cell, 34) - 1) * how.reach * 0.5 * far


GAZE_ASIDE: dict[At, tuple[float, float]] = {"visitor": (0.0, 0.0), "aside": (0.42, 0.12), "away": (0.8, -0.22)}
"""How far to a side, and down, the eyes are turned from the visitor; which side is left to chance."""
SIDE_S = 9.0
"""Seconds after which it may be the other side."""


def aside(t: float, at: At) -> tuple[float, float]:
    """By how much a look leaves the visitor, -1..1 each; with the eyes turns the head, as far as its joints say."""
    x, y = GAZE_ASIDE[at]
    cell = math.floor(t / SIDE_S)
    before, now = _side(cell - 1), _side(cell)
    k = ease((t - cell * SIDE_S) / 0.07)
    return x * (before + (now - before) * k), y


def _side(cell: int) -> float:
    return 1.0 if chance(cell, 35) < 0.5 else -1.0


LIVELY: dict[Mood, float] = {"idle": 0.8, "listening": 0.55, "thinking": 0.7, "speaking": 1.35, "held": 0.5}


BREATH_S = 4.1
"""Seconds a breath takes where a moment does not tell how far it is."""


def body(t: float, mood: Mood, breath: float | None = None) -> dict[str, float]:
    """Breath, sway, the shift of weight from foot to foot, and the wandering of the head."""
    live = LIVELY[mood]
    phase = t / BREATH_S if breath is None else breath
    swing = 3.2 * live * (drift(t, 1.3, 5) - drift(t - 0.16, 1.3, 5))
    return {
        "breath": 0.5 - 0.5 * math.cos(2 * math.pi * phase),
        "shift": 3.2 * drift(t, 6.5, 1),
        "lean": 0.5 * drift(t, 7.7, 2),
        "yaw": 0.22 * live * drift(t, 1.9, 3),
        "pitch": 0.16 * live * drift(t, 1.6, 4),
        "roll": 1.5 * live * drift(t, 1.3, 5) + 0.5 * drift(t, 6.5, 1),
        "swing": 2.2 * swing + 0.8 * math.sin(2 * math.pi * t / 2.3),
    }
