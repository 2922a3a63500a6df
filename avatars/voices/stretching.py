"""Slower, faster, higher, lower: speech rebuilt from its own periods, while it is still coming.

Pieces two periods long are taken where the new time wants them, in step with the voice, and laid down at the new
distance (TD-PSOLA: Moulines and Charpentier, "Pitch-synchronous waveform processing techniques for text-to-speech
synthesis using diphones", 1990). The shape of a period, and so the timbre, stays. What does not hum goes on from
where it was left as smoothly as can be found near by (WSOLA: Verhelst and Roelands, 1993).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from avatars.voices.pitch import FACTOR, LOWEST_HZ, PitchTracker

Array = NDArray[np.float32]
SLOWEST, FASTEST = 0.4, 2.5
LOWEST, HIGHEST = 0.5, 2.0
_UNVOICED_S = 0.010
_FADE = 0.96
"""How slowly the voice's usual pitch is learnt, a period."""


class Stretcher:
    """One sentence's sound at `hz`: `rate` times as fast, `pitch` times as high, its melody `span` times as wide.

    The length of all output is that of the input divided by the rate, to the sample; it lags by less than 50 ms.
    """

    def __init__(self, hz: int, *, rate: float = 1.0, pitch: float = 1.0, span: float = 1.0) -> None:
        self.rate = min(FASTEST, max(SLOWEST, rate))
        self._pitch, self._span = min(HIGHEST, max(LOWEST, pitch)), max(0.0, span)
        self._tracker = PitchTracker(hz)
        self._longest = math.ceil(hz / LOWEST_HZ) + FACTOR
        self._hop = round(hz * _UNVOICED_S)
        self._reach = max(self._tracker.delay, 2 * self._longest)
        self._sound = np.zeros(self._margin, np.float32)
        self._base = -self._margin
        self._received = 0
        self._sum = np.zeros(0, np.float32)
        self._weight = np.zeros(0, np.float32)
        self._sent = 0
        self._next = 0.0
        self._taken = 0
        self._hummed = False
        self._usual = 0.0

    @property
    def _margin(self) -> int:
        return 4 * self._longest

    def push(self, samples: Array) -> Array:
        """What follows of the output after `samples` (-1..1)."""
        self._received += len(samples)
        self._feed(samples)
        self._build(self._received - self._reach)
        return self._out(round(self._next) - self._longest)

    def flush(self) -> Array:
        """The rest; nothing may be pushed after it."""
        self._feed(np.zeros(self._reach + self._margin, np.float32))
        self._build(self._received + self._hop)
        total = round(self._received / self.rate)
        return self._out(total)

    def _feed(self, samples: Array) -> None:
        self._sound = np.concatenate((self._sound, samples))
        self._tracker.push(samples)

    def _build(self, until: int) -> None:
        """Lay down every piece whose middle comes from before sample `until` of the input."""
        while self._tracker.periods and self._next * self.rate < until:
            wanted = round(self._next * self.rate)
            period = self._period(wanted)
            size = round(period) if period else self._hop
            self._taken = self._choose(wanted, size, hums=period > 0)
            self._hummed = period > 0
            ratio = self._ratio(period) if period else 1.0
            self._lay(self._taken, round(self._next), size, _makeup(ratio))
            self._next += size / ratio
        self._forget()

    def _period(self, sample: int) -> float:
        """The period around a sample of the input; 0 where nothing hums."""
        known = self._tracker.periods
        index = round((sample - self._tracker.at(0)) / self._tracker.step)
        return known[min(len(known) - 1, max(0, index))]

    def _ratio(self, period: float) -> float:
        """How much higher the voice is to be here."""
        low = math.log2(period)
        self._usual = low if not self._usual else _FADE * self._usual + (1 - _FADE) * low
        widened = 2 ** ((self._usual - low) * (self._span - 1))
        return min(HIGHEST, max(LOWEST, self._pitch * widened))

    def _choose(self, wanted: int, size: int, *, hums: bool) -> int:
        """The middle of the piece to take: near `wanted`, in step with the piece before."""
        if not hums:
            natural = self._taken + self._hop
            return wanted if abs(natural - wanted) < 2 else self._alike(natural, wanted, size, size // 2)
        if not self._hummed:
            near = self._cut(wanted - size // 2, size)
            return wanted - size // 2 + int(np.abs(near).argmax())
        steps = round((wanted - self._taken) / size)
        return self._taken if steps <= 0 else self._alike(self._taken, self._taken + steps * size, size, size // 5)

    def _alike(self, model: int, near: int, size: int, reach: int) -> int:
        """The place within `reach` of `near` whose surroundings are most like those of `model`."""
        half = size // 2
        pattern = self._cut(model - half, 2 * half)
        field = self._cut(near - reach - half, 2 * half + 2 * reach)
        cross = np.correlate(field, pattern, "valid")
        squares = np.cumsum(np.concatenate((np.zeros(1), field.astype(np.float64) ** 2)))
        power = squares[2 * half :] - squares[: len(squares) - 2 * half]
        return near - reach + int((cross / np.sqrt(power + 1e-6)).argmax())

    def _lay(self, source: int, target: int, size: int, gain: float) -> None:
        window = _window(size)
        begin = target - size - self._sent
        skipped = max(0, -begin)
        need = begin + 2 * size - len(self._sum)
        if need > 0:
            self._sum = np.concatenate((self._sum, np.zeros(need, np.float32)))
            self._weight = np.concatenate((self._weight, np.zeros(need, np.float32)))
        piece = slice(begin + skipped, begin + 2 * size)
        self._sum[piece] += (self._cut(source - size, 2 * size) * window)[skipped:] * np.float32(gain)
        self._weight[piece] += window[skipped:]

    def _cut(self, begin: int, size: int) -> Array:
        at = begin - self._base
        return self._sound[at : at + size]

    def _forget(self) -> None:
        drop = min(self._taken, round(self._next * self.rate)) - self._margin - self._base
        if drop > 0:
            self._sound = self._sound[drop:]
            self._base += drop

    def _out(self, until: int) -> Array:
        """What is complete before sample `until` of the output. Where pieces lie close they are not louder."""
        count = max(0, until - self._sent)
        done = self._sum[:count] / np.maximum(1.0, self._weight[:count])
        done = np.concatenate((done, np.zeros(count - len(done), np.float32)))
        self._sum, self._weight = self._sum[count:], self._weight[count:]
        self._sent += count
        return done.astype(np.float32)


def _makeup(ratio: float) -> float:
    """What makes good the power lost where periods that were moved no longer meet in step; fitted on six voices."""
    return float(10 ** (3.0 * (1 - math.exp(-abs(math.log2(ratio)) / 0.25)) / 20))


def _window(size: int) -> Array:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(2 * size) + 0.5) / size)).astype(np.float32)
