"""From a synthesiser's raw sound and events to chunks of speech: trimmed, levelled, at the session's rate.

A chunk leaves once all that belongs to it is certain, with the mouth shapes that follow it for a while,
so that a picture drawn from it can already lean towards the next shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.voices import visemes
from avatars.voices.timeline import MouthTimeline, Phoneme
from visavis.signal import FULL_SCALE, Resampler, first_above, last_above, to_bytes, to_pcm
from visavis.words import RATE, Pcm, Viseme

LEVEL_DBFS = -20.0
"""The loudness of voiced sound (RMS of its 20 ms frames above -45 dBFS) in a neutral style."""
CEILING = 0.89
KNEE = 0.6
QUIET_DBFS = -50.0
CLOSED_DBFS, CLOSED_DB = -43.0, -16.0
"""Frames below the one, or that far below the loudest of the last 100 ms, are a stop's closure when they lie
before it: a voice may breathe or echo into it."""
LEAD, TAIL = RATE // 100, RATE * 60 // 1000
UNKNOWN = -1
FIRST, CHUNK, AHEAD = RATE // 5, RATE * 2 // 5, 7_200

Emit = Callable[[dict[str, Any]], bool]


def limited(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples in -1..1 bent softly towards the ceiling, so that nothing clips."""
    size = np.abs(samples)
    if not len(size) or size.max() <= KNEE:
        return samples
    room = CEILING - KNEE
    bent = np.where(size <= KNEE, size, KNEE + room * np.tanh((size - KNEE) / room))
    return (np.sign(samples) * bent).astype(np.float32)


def voiced_dbfs(pcm: Pcm, rate: int) -> float:
    """The level of the frames that are not silent; -120 when all are."""
    frame = rate // 50
    whole = pcm[: len(pcm) // frame * frame].astype(np.float64).reshape(-1, frame) / FULL_SCALE
    power = (whole**2).mean(axis=1)
    loud = power[power > 10 ** (-45 / 10)]
    return float(10 * np.log10(loud.mean())) if len(loud) else -120.0


class Shaper:
    """One sentence's speech. Times go in as samples at `rate` of the current piece and come out at 24 kHz."""

    def __init__(self, rate: int, gain: float) -> None:
        self._rate, self._gain = rate, gain
        self._resampler = Resampler(rate, RATE)
        self._mouth = MouthTimeline(rate)
        self._lead: int | None = None
        self._raw: list[Pcm] = []
        self._recent: Pcm = np.zeros(0, np.int16)
        self._received = 0
        self._base = 0
        self._out: list[Pcm] = []
        self._held = 0
        self._sent = 0
        self._visemes: list[tuple[int, str]] = []
        self._phonemes: list[tuple[int, str]] = []
        self._words: list[tuple[int, int, int, int, int]] = []
        self._word: tuple[int, int, int] | None = None
        self._word_end: int | None = None
        self._early: list[Callable[[], None]] = []
        self._told = (0, "")

    # ── what comes in ───────────────────────────────────────────────────────────────────────────────
    def sound(self, pcm: Pcm) -> None:
        """The sound that follows."""
        self._received += len(pcm)
        self._recent = np.concatenate([self._recent, pcm])[-(self._rate // 4) :]
        if self._lead is None:
            self._raw.append(pcm)
            pcm = self._from_onset(np.concatenate(self._raw))
        self._push(pcm)

    def phoneme(self, sample: int, ipa: str) -> None:
        """A phoneme of the piece; call it after the sound around it."""
        if visemes.is_mark(ipa):
            return
        if self._lead is None:
            self._early.append(lambda: self.phoneme(sample, ipa))
            return
        at = self._base + sample
        if ipa:
            self._word_end = None
        elif self._word is not None and self._word_end is None:
            self._word_end = at
        closure = self._quiet_before(at) if visemes.closes(ipa) else 0
        self._phonemes.append((self._to_output(max(0, self._time(at) - min(closure, self._rate // 14))), ipa))
        self._mouths(self._mouth.add(Phoneme(self._time(at), ipa, closure)))

    def word(self, sample: int, at: int, length: int) -> None:
        """A word begins: `length` characters from `at` of the whole text. One that is heard in parts is one."""
        if self._lead is None:
            self._early.append(lambda: self.word(sample, at, length))
            return
        began = self._base + sample
        if self._word is not None and self._word[1] <= at < self._word[1] + self._word[2]:
            return
        self._close_word(began, at)
        self._word = (began, at, length)

    def next_piece(self, pause_ms: int) -> None:
        """The piece is complete; `pause_ms` of silence follow, then another one."""
        self._close_word(self._received)
        if self._lead is not None:
            self._mouths(self._mouth.add(Phoneme(self._time(self._received), "")))
            self.sound(np.zeros(self._rate * pause_ms // 1000, np.int16))
        self._base = self._received

    # ── what goes out ───────────────────────────────────────────────────────────────────────────────
    def ready(self, emit: Emit) -> bool:
        """Emit the chunks that are certain; False when nobody wants them any more."""
        if self._word_end is not None and self._received - self._word_end > self._rate // 10:
            self._close_word(self._word_end)
        wanted = CHUNK if self._sent else FIRST
        while self._held >= wanted and self._certain() >= self._sent + wanted + AHEAD:
            if not self._emit(wanted, emit):
                return False
            wanted = CHUNK
        return True

    def finish(self, emit: Emit) -> None:
        """Emit the rest, without the silence that trails."""
        if self._lead is None:
            return
        self._close_word(self._received)
        self._out.append(self._resampler.flush())
        rest = np.concatenate(self._out)
        loud = last_above(rest, QUIET_DBFS)
        end = max(0 if loud is None else loud + 1, self._told[0] - self._sent)
        padded = np.zeros(end + TAIL, np.int16)
        padded[: min(len(rest), len(padded))] = rest[: len(padded)]
        total = self._sent + end
        self._mouths(self._mouth.end(self._received))
        self._visemes = [(at, shape) for at, shape in self._visemes if at < total]
        if [self._told, *self._visemes][-1][1] != Viseme.SIL.value:
            self._visemes.append((total, Viseme.SIL.value))
        self._words = [(min(a, total), min(b, total), at, n, reach) for a, b, at, n, reach in self._words]
        self._out, self._held = [padded], len(padded)
        self._emit(self._held, emit)

    def _emit(self, samples: int, emit: Emit) -> bool:
        held = np.concatenate(self._out)
        self._out, self._held = [held[samples:]], len(held) - samples
        self._sent += samples
        self._told = [self._told, *self._visemes][-1]
        reply = {"pcm": to_bytes(held[:samples]), "visemes": self._visemes, "words": self._words}
        reply["phonemes"] = self._phonemes
        self._visemes, self._words, self._phonemes = [], [], []
        return emit(reply)

    def _certain(self) -> int:
        """Everything before this sample of the output is known."""
        known = self._mouth.known_until
        if self._word is not None:
            known = min(known, self._time(self._word[0]))
        return self._to_output(known)

    # ── sound and time ──────────────────────────────────────────────────────────────────────────────
    def _from_onset(self, raw: Pcm) -> Pcm:
        onset = first_above(raw, QUIET_DBFS)
        if onset is None:
            return np.zeros(0, np.int16)
        self._lead = max(0, onset - LEAD * self._rate // RATE)
        self._raw = []
        for event in self._early:
            event()
        return raw[self._lead :]

    def _push(self, pcm: Pcm) -> None:
        if not len(pcm):
            return
        levelled = limited(pcm.astype(np.float32) * np.float32(self._gain / FULL_SCALE))
        out = self._resampler.push(to_pcm(levelled * np.float32(FULL_SCALE)))
        self._out.append(out)
        self._held += len(out)

    def _quiet_before(self, at: int) -> int:
        """How many samples just before sample `at` are as quiet as a closed mouth, in frames of 2 ms."""
        frame = self._rate // 500
        before = self._recent[: max(0, len(self._recent) - (self._received - at))]
        frames = before[len(before) % frame :].astype(np.float64).reshape(-1, frame) * (self._gain / FULL_SCALE)
        power = (frames[-50:] ** 2).mean(axis=1)
        if not len(power):
            return 0
        loud = np.flatnonzero(power > max(10 ** (CLOSED_DBFS / 10), power.max() * 10 ** (CLOSED_DB / 10)))
        return (len(power) - 1 - int(loud[-1]) if len(loud) else len(power)) * frame

    def _time(self, at: int) -> int:
        return max(0, at - (self._lead or 0))

    def _to_output(self, at: int) -> int:
        return round(at * RATE / self._rate)

    def _mouths(self, shapes: list[tuple[int, Viseme]]) -> None:
        self._visemes += [(self._to_output(at), shape.value) for at, shape in shapes]

    def _close_word(self, at: int, reach: int = UNKNOWN) -> None:
        """The open word ends, at `at` unless a pause ended it before; `reach` is where the next one stands."""
        if self._word is None:
            return
        began, place, length = self._word
        end = self._word_end if self._word_end is not None else at
        times = self._to_output(self._time(began)), self._to_output(self._time(end))
        self._words.append((*times, place, length, reach))
        self._word = self._word_end = None
