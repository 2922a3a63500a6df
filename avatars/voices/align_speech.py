"""One sentence of a voice, laid beside its reference while it comes: what is certain of it, and what was given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from avatars.voices.align_path import Path
from avatars.voices.align_sound import HOP, Frames, Spectra, steady
from avatars.voices.front_end import Reference
from avatars.voices.shaping import CHUNK, LEAD, QUIET_DBFS, TAIL
from visavis.engines import Message
from visavis.signal import first_above, last_above, to_bytes
from visavis.words import RATE, Pcm, Viseme

LAG = 10
"""Frames of sound that are kept back, once some was given: what follows decides where a moment lies."""
SILENT = 3 * RATE
NOISE = 80
"""Frames after which noise is told from speech."""
TOO_LONG, GRACE = 6.0, 300
"""A sound that is that many times longer than its text asks, and as many frames more, is not of this text."""
TOO_SHORT, UNSAID = 0.5, 0.75
"""A sound that ends before half of its time and a quarter of its text has broken off."""

Emit = Callable[[Message], bool]


class Way:
    """Where in a sound the places of its reference lie, by the `rows` of its frames from `first` on."""

    def __init__(self, rows: NDArray[np.intp], first: int, before: int, pace: float) -> None:
        self._rows, self._first, self._before, self._pace = rows, first, before, pace

    def at(self, place: float) -> int | None:
        """The sample at which row `place` is reached, None where it is not yet."""
        index = int(np.searchsorted(self._rows, place))
        if index == len(self._rows):
            return None
        row = int(self._rows[index])
        stride = row - (int(self._rows[index - 1]) if index else self._before)
        over = min(1.0, (row - place) / stride) if stride > 0 else 0.0
        return max(0, round((self._first + index - over) * HOP))

    def expected(self, place: float) -> int:
        """The sample at which row `place` is reached, or will be at the usual pace."""
        known = self.at(place)
        if known is not None:
            return known
        row = int(self._rows[-1]) if len(self._rows) else self._before
        return round((self._first + len(self._rows) + (place - row) / self._pace) * HOP)


class AlignedSpeech:
    """Takes a sentence's sound at 24 kHz, emits it with its marks: without the silence around it, in chunks.

    A `live` one gives back the first of it at once and goes on `LAG` behind; another gives all of it at its end.
    Emits {pcm, visemes, words, phonemes} or, where this cannot be speech of the text, {problem}.
    """

    def __init__(self, reference: Reference | None, pace: float, *, live: bool) -> None:
        self._reference, self._pace, self._live = reference, pace, live
        self._path = Path(reference.frames, pace) if reference else None
        self._spectra = Spectra()
        self._early: list[Pcm] | None = []
        self._fresh: list[Frames] | None = []
        self._held: Pcm = np.zeros(0, np.int16)
        self._sent = 0
        self._told, self._row = 0, 0
        self._next = {"visemes": 0, "phonemes": 0, "words": 0}
        self._shape, self._reach = "", 0

    # ── what comes in ──
    def push(self, pcm: Pcm, emit: Emit) -> None:
        """The sound that follows."""
        pcm = self._from_onset(pcm, emit)
        if not len(pcm):
            return
        self._held = np.concatenate([self._held, pcm])
        self._hear(self._spectra.push(pcm))
        problem = self._problem()
        if problem:
            emit({"problem": problem})
        if problem or not self._live:
            return
        known = self._sent + len(self._held)
        if self._sent:
            known = min(known, (known // HOP - LAG) * HOP)
        self._give(min(known, self._loud_until()), emit)

    def finish(self, emit: Emit) -> float | None:
        """Emit the rest; the rows a frame that the voice took, None where the sentence was not whole."""
        if self._early is not None:
            emit({"problem": "nothing but silence came"})
            return None
        self._hear(self._spectra.flush())
        broke_off = self._broke_off()
        total = max(self._loud_until(), self._sent, self._reach)
        marks = self._marks(total, ended=True, whole=not broke_off)
        total = max(total, self._reach)
        if self._shape != Viseme.SIL.value:
            marks["visemes"].append((total, Viseme.SIL.value))
        rest = total + TAIL - self._sent
        self._held = np.pad(self._held, (0, max(0, rest - len(self._held))))
        self._emit(rest, marks, emit)
        if broke_off:
            emit({"problem": "the sound ends before the text does"})
        if broke_off or self._path is None or self._reference is None:
            return None
        return min(3.0, max(0.4, len(self._reference.frames) / max(1, self._path.frames)))

    def _from_onset(self, pcm: Pcm, emit: Emit) -> Pcm:
        """What is to be heard of it: nothing before the first sound."""
        if self._early is None:
            return pcm
        self._early.append(pcm)
        raw = np.concatenate(self._early)
        onset = first_above(raw, QUIET_DBFS)
        if onset is not None:
            self._early = None
            return raw[max(0, onset - LEAD) :]
        if len(raw) > SILENT:
            emit({"problem": "nothing but silence comes"})
        return raw[:0]

    def _hear(self, frames: Frames) -> None:
        if self._path is not None:
            self._path.push(frames)
        if self._fresh is not None:
            self._fresh.append(frames)

    # ── what cannot be speech of this text ──
    def _problem(self) -> str:
        if self._fresh is not None and sum(map(len, self._fresh)) >= NOISE:
            heard, self._fresh = np.concatenate(self._fresh), None
            if steady(heard):
                return "noise comes instead of speech"
        if self._path is not None and self._path.frames > TOO_LONG * self._expected() + GRACE:
            return "it speaks far longer than the text is"
        return ""

    def _broke_off(self) -> bool:
        if self._path is None or self._reference is None:
            return False
        early = self._path.frames < TOO_SHORT * self._expected()
        return early and self._path.row < UNSAID * len(self._reference.frames)

    def _expected(self) -> float:
        """How many frames the sentence should have."""
        return len(self._reference.frames) / self._pace if self._reference else 0.0

    def _loud_until(self) -> int:
        """The end of the sound so far, without the silence that trails."""
        loud = last_above(self._held, QUIET_DBFS)
        return self._sent if loud is None else self._sent + loud + 1

    # ── what goes out ──
    def _give(self, until: int, emit: Emit) -> None:
        """Give back the sound up to sample `until`, with all that begins in it."""
        if until > self._sent:
            self._emit(until - self._sent, self._marks(until), emit)

    def _marks(self, until: int, *, ended: bool = False, whole: bool = True) -> Message:
        """What begins before sample `until` and was not told; of an ended sentence, everything that it reached."""
        if self._path is None or self._reference is None:
            return {"visemes": [], "words": [], "phonemes": []}
        row = len(self._reference.frames) - 1 if ended and whole else self._path.row
        rows = np.maximum.accumulate(np.maximum(self._path.rows(self._told, row), self._row))
        way = Way(rows, self._told, self._row, self._pace)
        limit = until + 1 if not ended else RATE * 3600
        marks: Message = {"words": []}
        for kind, places in (("visemes", self._reference.visemes), ("phonemes", self._reference.phonemes)):
            count, found = self._begun(kind, [place for place, _ in places], way, limit)
            marks[kind] = [(min(at, until), places[count + k][1]) for k, at in enumerate(found)]
        words = self._reference.words
        count, found = self._begun("words", [word[0] for word in words], way, limit)
        for at, (_, end, *place) in zip(found, words[count:], strict=False):
            stop = max(at, min(way.expected(end), until) if ended else way.expected(end))
            marks["words"].append((min(at, until), stop, *place))
            self._reach = max(self._reach, stop)
        self._shape = marks["visemes"][-1][1] if marks["visemes"] else self._shape
        told = min(len(rows), -(-until // HOP) - self._told)
        if told > 0:
            self._told, self._row = self._told + told, int(rows[told - 1])
        return marks

    def _begun(self, kind: str, places: list[float], way: Way, limit: int) -> tuple[int, list[int]]:
        """How many of a kind were told before, and when those after them begin, as far as that is before `limit`."""
        count = self._next[kind]
        found: list[int] = []
        for place in places[count:]:
            at = way.at(place)
            if at is None or at >= limit:
                break
            found.append(max(at, self._sent) if self._sent or count or found else 0)
        self._next[kind] += len(found)
        return count, found

    def _emit(self, samples: int, marks: Message, emit: Emit) -> None:
        """Give back that much sound, in chunks."""
        sound, self._held = self._held[:samples], self._held[samples:]
        for begin in range(0, samples, CHUNK):
            pcm = sound[begin : begin + CHUNK]
            self._sent += len(pcm)
            last = begin + CHUNK >= samples
            now = {kind: [each for each in found if last or each[0] < self._sent] for kind, found in marks.items()}
            marks = {kind: found[len(now[kind]) :] for kind, found in marks.items()}
            emit({"pcm": to_bytes(pcm), **now})
