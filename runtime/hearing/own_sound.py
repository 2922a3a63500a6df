"""Whether what is heard sounds like what the avatar plays, before any word of it is known.

Both are followed as loudness in a few bands, 125 frames a second. What comes back through a room is later, softer and
blurred, but it rises and falls as what was played did, always equally late; another voice does so only by chance.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from visavis.words import Pcm

FRAME_S = 0.008
LATEST_S = 0.5
"""An echo comes no later than this: player, room and network together."""
_WINDOW = 56
"""Frames that are compared."""
_LAGS = round(LATEST_S / FRAME_S)
_EARLY = 3
"""Frames by which an echo may seem to come before its cause: clocks and arrivals are not exact."""
_RING = 26
"""Frames for which a room may go on sounding."""
_KEPT = 1024
_EDGES_HZ = (250, 500, 750, 1000, 1500, 2250, 3500)
_BANDS = len(_EDGES_HZ) - 1
_POWER = 0.3
"""Loudness grows with this power of energy: quiet parts, where noise is, count less than in decibels."""
_MEMORY = 62
"""Chunks over which likeness is averaged."""
_SELDOM = 4
"""Every so manieth chunk without voice is compared: where no echo ever comes is learned too."""
_CERTAIN, _POSSIBLE, _LIKE = 0.6, 0.5, 0.6
"""Average likeness at which a way is known, or possible as long as none is; likeness of one moment on a known way."""
_SURE_AFTER = 24
"""Chunks before which no way is known: every two beginnings are alike."""
_ALONE = 0.8
"""Likeness from which nothing else sounds: what the room gives back is learned."""
_LOUDER_DB, _LOUDER_BANDS = 3.0, 2
"""Where so many bands, or all together, hold so much more than the echo was expected to have, another sounds too."""
_LASTS = 8
"""Chunks for which what else sounds need only be as loud as the echo: a voice falls within a word."""
_FALLS, _RISES = 0.2, 0.01

Frames = NDArray[np.float32]


def loudness(pcm: Pcm, rate: int) -> Frames:
    """Of each whole frame of 8 ms, the loudness in each band."""
    size = round(rate * FRAME_S)
    sound = pcm[: len(pcm) // size * size].reshape(-1, size).astype(np.float32)
    power = np.abs(np.fft.rfft(sound * np.hanning(size).astype(np.float32), axis=1)) ** 2
    bins = [round(edge * FRAME_S) for edge in _EDGES_HZ]
    bands = np.add.reduceat(power[:, : bins[-1]], bins[:-1], axis=1) / size**2
    found: Frames = (bands**_POWER).astype(np.float32)
    return found


class OwnSound:
    """Keeps the last 8 s of what was played and the last moment of what was heard. Times are of any one clock."""

    def __init__(self) -> None:
        self._played: Frames = np.zeros((_KEPT, _BANDS), np.float32)
        self._end = -_KEPT
        """The frame after the last one played."""
        self._heard: Frames = np.zeros((_WINDOW, _BANDS), np.float32)
        self._heard_end = 0
        self._alike = np.zeros(_LAGS + _EARLY + 1)
        """Average likeness by lag, the latest first."""
        self._compared = self._chunks = 0
        self._way: int | None = None
        """Where in `_alike` the echo comes back, once that is known."""
        self._gain: NDArray[np.float32] | None = None
        self._noise = np.zeros(_BANDS, np.float32)
        self._other = -_LASTS
        """The last chunk in which something else sounded."""

    def play(self, pcm: Pcm, rate: int, at: float) -> None:
        """The avatar's sound comes out at `at`, in place of what was to come out then and later."""
        count, start = round(len(pcm) / rate / FRAME_S), round(at / FRAME_S)
        frames = loudness(pcm, rate) if pcm.any() else np.zeros((count, _BANDS), np.float32)
        if start > self._end:
            self._played[np.arange(max(self._end, start - _KEPT), start) % _KEPT] = 0
        self._played[np.arange(start, start + len(frames)) % _KEPT] = frames
        self._end = start + len(frames)

    def hear(self, pcm: Pcm, rate: int, ended: float) -> None:
        """The newest sound of the microphone, which ended at `ended`."""
        self._heard = np.concatenate((self._heard, loudness(pcm, rate)))[-_WINDOW:]
        self._heard_end = round(ended / FRAME_S)

    def echoes(self, *, voice: bool = True) -> bool:
        """Whether what is heard now is nothing but the avatar's own. Call it once a chunk, `voice` there or not."""
        self._chunks += 1
        if not voice and self._compared >= _MEMORY and self._chunks % _SELDOM:
            return False
        played = self._lately()
        if not voice:
            self._quiet()
        if not played.any():
            return False
        alike = likeness(self._heard, played)
        self._compared += 1
        self._alike += (alike - self._alike) / min(self._compared, _MEMORY)
        best = int(np.argmax(self._alike))
        if self._compared >= _SURE_AFTER and self._alike[best] >= _CERTAIN:
            self._way = best
        if self._way is None:
            return bool(self._alike[best] >= _POSSIBLE)
        near = slice(max(0, self._way - 2), self._way + 3)
        return bool(np.max(alike[near]) >= _LIKE) and not self._louder(played[self._way :], float(alike[self._way]))

    def forget(self) -> None:
        """What was learned of the room holds no longer."""
        self._alike[:] = 0
        self._compared, self._way, self._gain = 0, None, None

    def _lately(self) -> Frames:
        """All that may come back now."""
        at = np.arange(self._heard_end - _WINDOW - _LAGS, self._heard_end + _EARLY)
        known = (at < self._end) & (at >= self._end - _KEPT)
        found: Frames = np.where(known[:, None], self._played[at % _KEPT], np.float32(0))
        return found

    def _quiet(self) -> None:
        """Nobody's voice is heard: learn the room's noise."""
        step = self._heard[-4:].mean(axis=0) - self._noise
        self._noise += step * np.where(step < 0, _FALLS, _RISES).astype(np.float32)

    def _louder(self, played: Frames, alike: float) -> bool:
        """Whether more is heard than the room ever gave back of what was played; learns what it gives back."""
        if alike >= _ALONE:
            sounded = np.maximum(self._heard.sum(axis=0) - _WINDOW * self._noise, 0)
            gain = sounded / np.maximum(played[:_WINDOW].sum(axis=0), 1e-6)
            self._gain = gain if self._gain is None else self._gain + (gain - self._gain) / _MEMORY
        if self._gain is None:
            return False
        expected, newest = self._gain * played[_WINDOW - _RING : _WINDOW] + self._noise, self._heard[-4:].mean(axis=0)
        over_db = 0.0 if self._chunks - self._other <= _LASTS else _LOUDER_DB
        more = newest > expected.max(axis=0) * 10 ** (_LOUDER_DB / 10 * _POWER)
        louder = np.count_nonzero(more) >= _LOUDER_BANDS or _power(newest) > _power(expected) * 10 ** (over_db / 10)
        if louder:
            self._other = self._chunks
        return bool(louder)


def _power(frames: Frames) -> float:
    """The energy of all bands together, of the loudest of the frames."""
    return float(np.max((frames ** (1 / _POWER)).sum(axis=-1)))


def likeness(heard: Frames, played: Frames) -> NDArray[np.float64]:
    """The correlation of what was heard with every piece of its length, all bands together: 1 for the same, 0 for none.

    `heard` and `played` are frames by bands; the result has one value for each place in `played`.
    """
    pieces = sliding_window_view(played, len(heard), axis=0)
    pieces = pieces - pieces.mean(axis=2, keepdims=True)
    centred = (heard - heard.mean(axis=0)).T
    products = np.einsum("lbf,bf->lb", pieces, centred) / (np.sqrt(np.sum(centred**2, axis=1)) + 1e-6)
    sizes = np.sqrt(np.sum(pieces**2, axis=2))
    found: NDArray[np.float64] = (products.sum(axis=1) / (sizes.sum(axis=1) + 1e-3)).astype(np.float64)
    return found
