"""Where lips meet: in the sound, in the pictures, and how far the one is from the other.

All times are samples at `RATE` of one line. Nothing here knows how a picture was made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visavis.words import RATE, SLOT, Pcm, TimedViseme, Viseme

MS = RATE // 1000
ABOVE_HZ = 800.0
"""Lips that meet take away what lies above this; the murmur of /m/ and of a voiced /b/ lies below."""
FLOOR_DBFS = -70.0
WINDOW = 20
"""Milliseconds of sound behind each value of a level: lips are shut for longer, gaps between sounds are shorter."""
SEARCH = 80
"""Milliseconds about the expected time in which a closure is looked for in the sound."""
BESIDE = 120
"""Milliseconds before and after what was meant within which there must be louder sound."""
DIP_DB, EDGE_DB = 6.0, 12.0
"""How much quieter a closure is than the sounds beside it, and how much quieter at most where it begins and ends."""
SHUT = 0.07
"""Lips that are open by less than this share of a wide open mouth have met."""
NEAR = 200 * MS
"""Pictures this far away may still be those of a closure."""
LONGEST = 260 * MS
"""Lips that are shut for longer rest; where such a closure has its centre is not known."""

HIDING = frozenset((Viseme.SIL, Viseme.DD, Viseme.KK, Viseme.NN))
"""Shapes of sounds that are as quiet as a closure of the lips, so that its edge beside them is not heard."""

Levels = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    start: float
    end: float

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2

    def apart(self, other: Span) -> float:
        """The distance between two spans; 0 when they meet."""
        return max(0.0, other.start - self.end, self.start - other.end)


@dataclass(frozen=True, slots=True)
class Meant(Span):
    """Where the voice says that lips meet; `alone`: no other stop, nasal or pause beside it hides when they do."""

    alone: bool = True


@dataclass(frozen=True, slots=True)
class Closure:
    """One /p b m/: when the voice meant it, where it is heard and where it is seen, as far as either is known."""

    meant: Meant
    heard: Span | None
    seen: Span | None

    @property
    def offset(self) -> float | None:
        """Samples by which the picture's centre comes after the sound's; None where one has no clear centre."""
        if self.heard is None or self.seen is None or self.seen.end - self.seen.start > LONGEST:
            return None
        return self.seen.centre - self.heard.centre


def levels(pcm: Pcm, above_hz: float = ABOVE_HZ) -> Levels:
    """dBFS of what lies above `above_hz`, for every millisecond."""
    spectrum = np.fft.rfft(pcm.astype(np.float64) / 32768)
    hz = np.fft.rfftfreq(len(pcm), 1 / RATE)
    spectrum *= np.clip((hz - 0.8 * above_hz) / (0.4 * above_hz), 0, 1) if above_hz else 1.0
    power = np.fft.irfft(spectrum, len(pcm)) ** 2
    grown = np.concatenate([[0.0], np.cumsum(power)])
    middles = np.arange(0, len(pcm), MS) + MS // 2
    half = WINDOW * MS // 2
    lo, hi = np.maximum(middles - half, 0), np.minimum(middles + half, len(pcm))
    mean = np.maximum(grown[hi] - grown[lo], 0.0) / (hi - lo)
    return np.asarray(np.maximum(10 * np.log10(mean + 1e-12), FLOOR_DBFS))


def meant_closures(shapes: Sequence[TimedViseme], end: int) -> list[Meant]:
    """The closures among a voice's mouth shapes, the last of which lasts until `end`."""
    found = []
    for n, shape in enumerate(shapes):
        if shape.viseme is Viseme.PP:
            beside = {each.viseme for each in (*shapes[max(0, n - 1) : n], *shapes[n + 1 : n + 2])}
            until = shapes[n + 1].start if n + 1 < len(shapes) else end
            found.append(Meant(shape.start, until, not beside & HIDING))
    return found


def heard_closure(level: Levels, meant: Span) -> Span | None:
    """The dip of the sound about the middle of `meant`: below half of its depth in dB, or below `EDGE_DB`.

    None without a clear dip.
    """
    middle = round(meant.centre / MS)
    first, last = max(0, middle - SEARCH), min(len(level), middle + SEARCH)
    if last - first < SEARCH:
        return None
    low = first + int(np.argmin(level[first:last]))
    before = level[max(0, min(low, round(meant.start / MS)) - BESIDE) : low + 1]
    after = level[low : max(low, round(meant.end / MS)) + BESIDE]
    depth = min(before.max(), after.max()) - level[low]
    if depth < DIP_DB:
        return None
    edge = level[low] + depth - min(EDGE_DB, depth / 2)
    above = np.flatnonzero(level > edge)
    return Span(float(above[above < low].max() + 1) * MS, float(above[above > low].min()) * MS)


def seen_closures(pts: Sequence[int], openings: Sequence[float]) -> list[Span]:
    """The stretches of pictures on which the lips meet; a picture is seen for one slot."""
    found: list[Span] = []
    for at, opening in zip(pts, openings, strict=True):
        if opening > SHUT:
            continue
        if found and found[-1].end == at:
            found[-1] = Span(found[-1].start, at + SLOT)
        else:
            found.append(Span(at, at + SLOT))
    return found


def closures(meant: Iterable[Meant], level: Levels, seen: Sequence[Span]) -> list[Closure]:
    """Every meant closure with what is heard of it and the nearest that is seen."""
    found = []
    for each in meant:
        heard = heard_closure(level, each) if each.alone else None
        about = heard or each
        near = min(seen, key=lambda span: (span.apart(about), abs(span.centre - about.centre)), default=None)
        found.append(Closure(each, heard, near if near and near.apart(about) < NEAR else None))
    return found


def met(closure: Closure) -> bool:
    """Whether lips that meet are seen while the closure is heard, or where nothing is heard of it, was meant."""
    about = closure.heard or closure.meant
    return closure.seen is not None and closure.seen.apart(about) == 0.0


def lag(pcm: Pcm, pts: Sequence[int], openings: Sequence[float], within_ms: int = 300) -> float:
    """Milliseconds by which the mouth's opening follows the loudness of the sound, by their correlation."""
    middles = np.asarray(pts) / MS + SLOT / MS / 2
    times = np.arange(0, len(pcm) // MS, 5)
    smooth = np.convolve(levels(pcm, 0.0), np.ones(40) / 40, "same")[times]
    mouth = np.interp(times, middles, openings)
    shifts = range(-within_ms // 5, within_ms // 5 + 1)
    scores = [_together(smooth, mouth, shift) for shift in shifts]
    return float(shifts[int(np.argmax(scores))] * 5)


def _together(sound: Levels, mouth: Levels, shift: int) -> float:
    """The correlation of the sound with the mouth `shift` values later."""
    count = len(sound) - abs(shift)
    a = sound[max(0, -shift) :][:count]
    b = mouth[max(0, shift) :][:count]
    return float(np.corrcoef(a, b)[0, 1])
