"""The speech of one turn, from its first sample to its last: filled by the voice, emptied by the stage.

A pure structure on one line, the *turn time* (samples since the turn's first). It keeps what was played
until it is known to be heard, so that a held turn can go on from the start of the last word heard.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from agent.sentences import rejoin
from behaviors.emotion import Feeling
from behaviors.gestures import seconds
from behaviors.planner import STRENGTH, Stroke
from visavis.words import RATE, SLOT, Cue, Emotion, Pcm, Sentence, SpeechChunk, TimedViseme, TimedWord, Viseme

AHEAD = 4 * RATE
"""The voice may be this far before the stage; then it waits."""
LULL = RATE // 50
"""Length of the pieces among which the quietest is looked for."""
BEFORE, AFTER = RATE // 4, 3 * RATE // 10
"""How much of the mouth's line a moment shows around its slot."""


@dataclass(slots=True)
class SpokenSentence:
    """A sentence on the turn's line; `end` grows until it is `whole`."""

    sentence: Sentence
    start: int
    end: int
    cues: list[Cue]
    """Actions that wait for their word."""
    words: list[TimedWord] = field(default_factory=list)
    whole: bool = False


class Track:
    """Speech of a turn. `cursor` is the next sample to be played."""

    def __init__(self) -> None:
        self._pcm: list[Pcm] = []
        self._starts: list[int] = []
        self.length = 0
        self.cursor = 0
        self.finished = False
        self.sentences: list[SpokenSentence] = []
        self._visemes: list[TimedViseme] = []
        self._strokes: list[Stroke] = []
        self._begun = 0
        self._last: int | None = None
        """The sentence after which nothing is played."""
        self._room = asyncio.Event()
        self._room.set()
        self.changed: Callable[[], None] = lambda: None
        """Called whenever there is more to play, or the end is known; set by whoever plays it."""

    # ── filled by the voice ──
    def begin(self, sentence: Sentence, *, pause: int = 0, timed: bool = True) -> None:
        """The chunks that follow belong to `sentence`; `pause` samples of silence come before it.

        Without `timed` no words will come, so the strokes of its actions are where a usual pace puts them.
        """
        if pause and self.length:
            self._extend(np.zeros(pause, np.int16))
        actions = [cue for cue in sentence.cues if cue.kind == "action"]
        self.sentences.append(SpokenSentence(sentence, self.length, self.length, actions if timed else []))
        if not timed:
            before = [round((seconds(sentence.text[: cue.at]) + cue.later_s) * RATE) for cue in actions]
            self._wish(Stroke(self.length + at, cue.name, cue.rank) for at, cue in zip(before, actions, strict=True))

    def append(self, chunk: SpeechChunk) -> None:
        spoken = self.sentences[-1]
        self._visemes += [TimedViseme(spoken.start + v.start, v.viseme) for v in chunk.visemes]
        words = [TimedWord(spoken.start + w.start, spoken.start + w.end, w.text, w.at) for w in chunk.words]
        spoken.words += words
        self._place_cues(spoken, words)
        self._extend(chunk.pcm)
        spoken.end = self.length

    def complete(self) -> None:
        """The sentence has been spoken; what is left of it may be played before another comes."""
        self.sentences[-1].whole = True
        self.changed()

    def finish(self) -> None:
        """Nothing more will come."""
        self.finished = True
        self.changed()

    async def room(self) -> None:
        """Return when the voice may go on."""
        await self._room.wait()

    def _extend(self, pcm: Pcm) -> None:
        if len(pcm):
            self._pcm.append(pcm)
            self._starts.append(self.length)
            self.length += len(pcm)
            self._signal()
            self.changed()

    def _place_cues(self, spoken: SpokenSentence, words: list[TimedWord]) -> None:
        """Pin the stroke of each action to the first word that reaches past its character."""
        for word in words:
            due = [cue for cue in spoken.cues if cue.at < word.at + max(1, len(word.text))]
            self._wish(Stroke(word.start + round(cue.later_s * RATE), cue.name, cue.rank) for cue in due)
            spoken.cues = [cue for cue in spoken.cues if cue not in due]

    def _wish(self, strokes: Iterable[Stroke]) -> None:
        self._strokes = sorted([*self._strokes, *strokes], key=lambda each: (each.at, -STRENGTH[each.rank]))

    # ── emptied by the stage ──
    @property
    def ready(self) -> bool:
        """Whether a slot can be played now."""
        left = 0 if self.said else self.length - self.cursor
        return left >= SLOT or (left > 0 and (self.finished or self.sentences[-1].whole))

    @property
    def over(self) -> bool:
        """Whether all of it has been played."""
        return self.said or (self.finished and self.cursor >= self.length)

    def curtail(self) -> None:
        """Nothing is played after the sentence that sounds now."""
        if self._last is None:
            self._last = max(0, bisect_left(self.sentences, self.cursor, key=lambda s: s.start) - 1)

    @property
    def said(self) -> bool:
        """Whether it was curtailed and the last sentence has been played."""
        if self._last is None or self._last >= len(self.sentences):
            return False
        last = self.sentences[self._last]
        return last.whole and self.cursor >= last.end

    def take(self) -> Pcm:
        """The next slot's samples, filled up with silence where nothing follows yet. Call only when `ready`."""
        missing = self.cursor + SLOT - self.length
        if missing > 0 and not self.finished:
            self._extend(np.zeros(missing, np.int16))
        pcm = self._slice(self.cursor, self.cursor + SLOT)
        self.cursor = min(self.cursor + SLOT, self.length)
        self._signal()
        return pcm

    def forget_sound(self) -> None:
        """Keep only what was said and when; nothing can be played any more."""
        self._pcm.clear()
        self._starts.clear()
        self._visemes.clear()

    def rewind(self, to: int) -> None:
        """Play again from turn time `to`."""
        self.cursor = max(0, min(to, self.cursor))
        for stroke in self._strokes:
            stroke.settled = stroke.settled and stroke.at < to
        self._signal()

    def _signal(self) -> None:
        (self._room.set if self.length - self.cursor < AHEAD else self._room.clear)()

    def _slice(self, start: int, end: int) -> Pcm:
        out = np.zeros(end - start, np.int16)
        index = max(0, bisect_right(self._starts, start) - 1)
        while index < len(self._starts) and self._starts[index] < end:
            at, piece = self._starts[index], self._pcm[index]
            lo, hi = max(start, at), min(end, at + len(piece))
            if lo < hi:
                out[lo - start : hi - start] = piece[lo - at : hi - at]
            index += 1
        return out

    # ── what is where ──
    def mouth(self, at: int) -> tuple[tuple[int, Viseme], ...]:
        """The visemes around turn time `at`, relative to it."""
        first = max(0, bisect_right(self._visemes, at - BEFORE, key=lambda v: v.start) - 1)
        last = bisect_right(self._visemes, at + SLOT + AFTER, key=lambda v: v.start)
        return tuple((v.start - at, v.viseme) for v in self._visemes[first:last])

    def visemes(self, start: int, end: int) -> tuple[TimedViseme, ...]:
        """Those that start in the span."""
        lo = bisect_left(self._visemes, start, key=lambda v: v.start)
        return tuple(self._visemes[lo : bisect_left(self._visemes, end, key=lambda v: v.start)])

    def shape(self, at: int) -> Viseme | None:
        """The mouth shape that holds at `at`."""
        index = bisect_right(self._visemes, at, key=lambda v: v.start) - 1
        return self._visemes[index].viseme if index >= 0 else None

    def words(self, start: int, end: int) -> tuple[TimedWord, ...]:
        return tuple(w for s in self.sentences if s.end > start for w in s.words if start <= w.start < end)

    def strokes(self, start: int) -> list[Stroke]:
        """The actions that are wished for at words from `start` on and neither begun nor given up, in order."""
        return [stroke for stroke in self._strokes if stroke.at >= start and not stroke.settled]

    @property
    def wishes(self) -> tuple[Stroke, ...]:
        """Every action that words have given rise to so far."""
        return tuple(self._strokes)

    def left(self, at: int) -> int | None:
        """Samples of speech from turn time `at` to its end; None while that is not known."""
        if self._last is not None and self._last < len(self.sentences) and self.sentences[self._last].whole:
            return max(0, self.sentences[self._last].end - at)
        return self.length - at if self.finished else None

    def begun(self, until: int) -> tuple[Sentence, ...]:
        """The sentences that begin before `until`, each only the first time that it is asked for."""
        new = [s.sentence for s in self.sentences[self._begun :] if s.start < until]
        self._begun += len(new)
        return tuple(new)

    def between(self, start: int, end: int) -> str:
        """The words that sound in the span; of a sentence without word times, all of them."""
        parts = []
        for spoken in self.sentences:
            if spoken.start < end and spoken.end > start:
                words = [w for w in spoken.words if w.start < end and w.end > start]
                if words:
                    parts.append(spoken.sentence.text[words[0].at : words[-1].at + len(words[-1].text)])
                elif not spoken.words:
                    parts.append(spoken.sentence.text)
        return rejoin(parts)

    def bridges(self, at: int) -> bool:
        """Whether what sounds at `at` is a filler."""
        return any(spoken.sentence.filler and spoken.start <= at < spoken.end for spoken in self.sentences)

    def feeling(self, at: int) -> Feeling:
        """The feeling of the sentence that sounds at `at`."""
        index = bisect_right(self.sentences, at, key=lambda s: s.start) - 1
        if index < 0 or (sentence := self.sentences[index].sentence).emotion is Emotion.NEUTRAL:
            return Feeling()
        return Feeling(sentence.emotion, sentence.intensity)

    def word_start(self, heard: int) -> int:
        """Where to go on after `heard` samples were heard: the start of the last word that had begun.

        Where no words are known, the last lull within a second before.
        """
        spoken = next((each for each in reversed(self.sentences) if each.start < heard), None)
        if spoken is None:
            return 0
        if spoken.words:
            return max((word.start for word in spoken.words if word.start < heard), default=spoken.start)
        return self._lull(max(spoken.start, heard - RATE), heard)

    def _lull(self, start: int, end: int) -> int:
        """The quietest place in the span, the last of equals; its start if it is too short to tell."""
        count = (end - start) // LULL
        if count < 2:
            return start
        loudness = np.abs(self._slice(end - count * LULL, end).astype(np.int32)).reshape(count, LULL).sum(axis=1)
        return end - LULL * (1 + int(np.argmin(loudness[::-1])))

    def text(self, heard: int) -> str:
        """The words of which at least half was heard, as the sentences have them."""
        parts = []
        for spoken in self.sentences:
            if spoken.start >= heard:
                break
            if spoken.sentence.filler:
                continue
            if spoken.end <= heard and (self.finished or spoken.whole):
                parts.append(spoken.sentence.text)
                continue
            known = [w for w in spoken.words if (w.start + w.end) / 2 <= heard]
            if known:
                parts.append(spoken.sentence.text[: known[-1].at + len(known[-1].text)])
            elif not spoken.words and spoken.end > spoken.start:
                share = (heard - spoken.start) / (spoken.end - spoken.start)
                parts.append(spoken.sentence.text[: int(len(spoken.sentence.text) * share)])
        return rejoin(parts)
