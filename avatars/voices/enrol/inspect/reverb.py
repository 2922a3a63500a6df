"""Rooms that answer: how fast the sound dies away after each stop of the voice.

In every band, stretches are looked for in which the level only falls; the slope of each is a decay time. A voice stops
faster than any room, so the faster quarter of the decays is the room's own (after Ratnam et al., "Blind estimation of
reverberation time", 2003).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from avatars.voices.enrol.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect.take import WINDOW, Take
from visavis.words import RATE

LIMIT_S, ERROR_S = 0.36, 0.7
"""Seconds to die away by 60 dB; a furnished living room has about 0.4, an empty one 0.8."""
NEEDED = 12
BANDS_HZ = ((300, 800), (800, 1600), (1600, 3200), (3200, 6400))
_RISE_DB, _SPAN_DB, _HEADROOM_DB, _ONSET_DB = 0.5, 10.0, 8.0, 3.0


def find(take: Take) -> list[Found]:
    times = decay_times(take)
    if len(times) < NEEDED:
        return []
    measured = float(np.percentile(times, 25))
    if measured < LIMIT_S:
        return []
    severity: Severity = "error" if measured >= ERROR_S else "warning"
    return [Found("reverberation", severity, 0.0, len(take.levels) / 100, measured, LIMIT_S, "s")]


def decay_times(take: Take) -> NDArray[np.float64]:
    """Seconds to fall by 60 dB, of each decay in each band."""
    levels = _band_levels(take)
    return np.array([time for band in levels.T for time in _decays(band)])


def _band_levels(take: Take) -> NDArray[np.float32]:
    hertz = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    rows = []
    for _, power in take.spectra():
        rows.append(np.stack([power[:, (hertz >= a) & (hertz < b)].sum(axis=1) for a, b in BANDS_HZ], axis=1))
    return np.asarray(10 * np.log10(np.concatenate(rows) + 1e-12), np.float32)


def _decays(band: NDArray[np.float32]) -> list[float]:
    smooth = np.convolve(band, [0.25, 0.5, 0.25], "same")
    floor = float(np.percentile(smooth, 5)) + _HEADROOM_DB
    rising = np.flatnonzero(np.diff(smooth) >= _RISE_DB)
    found = []
    for begin, end in zip(rising[:-1] + 1, rising[1:], strict=True):
        if end - begin < 8:
            continue
        stretch = smooth[begin : end + 1]
        at = np.flatnonzero((stretch < stretch[0] - _ONSET_DB) & (stretch > floor))
        if len(at) < 6 or np.ptp(stretch[at]) < _SPAN_DB:
            continue
        slope = float(np.polyfit(at * 0.01, stretch[at], 1)[0])
        if slope < -20:
            found.append(-60 / slope)
    return found
