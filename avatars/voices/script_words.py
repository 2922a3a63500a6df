"""The times of what a voice said, told of the text that it stands for."""

from __future__ import annotations

from avatars.voices.text import Narration
from avatars.voices.text.edits import han
from visavis.words import RATE, SpeechChunk, TimedViseme, TimedWord

_SHARE = 0.9
"""How much of the time that is guessed for the rest of a word is told: the guess must not pass the end."""
_LETTER, _HAN = RATE // 16, RATE // 7
"""Samples of a letter and of a Chinese character in quick speech: the first of `A, B, one` lasts longer than most."""


class Relay:
    """Chunks of one part, `base` samples after the beginning, with the words of the original `text`.

    What one written word is spoken as, be it eight words, is one timed word: told with the first of them, its end
    reckoned from how much of it is still to come.
    """

    def __init__(self, narration: Narration, text: str, base: int, rate: float = 1.0) -> None:
        self._narration, self._text, self._base, self._rate = narration, text, base, rate
        self._end = -1
        """Where the last word that was told ends in the text."""

    def passed(self, chunk: SpeechChunk) -> SpeechChunk:
        """The chunk with its times and places as the caller counts them."""
        visemes = tuple(TimedViseme(self._base + each.start, each.viseme) for each in chunk.visemes)
        return SpeechChunk(chunk.pcm, visemes, tuple(self._words(chunk)))

    def _words(self, chunk: SpeechChunk) -> list[TimedWord]:
        told: list[TimedWord] = []
        rest = 0.0
        for word in chunk.words:
            begin, end = self._narration.span(word.at, len(word.text))
            if told and end <= self._end and begin < self._end:
                told[-1] = TimedWord(told[-1].start, self._base + word.end, told[-1].text, told[-1].at)
                rest = self._left(word)
                continue
            begin = max(begin, self._end)
            piece = self._text[begin:end]
            begin, text = begin + len(piece) - len(piece.lstrip()), piece.strip()
            if not text or end <= self._end:
                continue
            self._end = end
            told.append(TimedWord(self._base + word.start, self._base + word.end, text, begin))
            rest = self._left(word)
        if told and rest:
            last = told[-1]
            told[-1] = TimedWord(last.start, last.end + round(rest * _SHARE), last.text, last.at)
        return told

    def _left(self, word: TimedWord) -> float:
        """Samples that the written word of this spoken one may still take, by the length of what is to be said."""
        spans, at = self._narration.spans, word.at + len(word.text)
        if not 0 < at < len(spans) or spans[at] != spans[at - 1]:
            return 0.0
        end = at
        while end < len(spans) and spans[end] == spans[at]:
            end += 1
        rest = self._narration.text[at:end].strip()
        quick = sum(_HAN if han(each) else _LETTER for each in rest) / self._rate
        return min((word.end - word.start) / len(word.text) * len(rest), quick)
