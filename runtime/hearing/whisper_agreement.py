"""Local agreement: what two decodings in a row begin with alike is taken for said, and its sound can go.

After Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial
Hypothesis Selection" (Interspeech 2020), and Macháček, Dabre and Bojar, "Turning Whisper into Real-Time Transcription
System" (2023).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

KEPT_S = 15.0
"""Sound from which on what is agreed upon is cut off."""
MOST_S = 25.0
"""Sound that is held at most, agreed upon or not: the network hears 30 s."""
_NEAR_S = 0.05


@dataclass(frozen=True, slots=True)
class Word:
    """A decoded word, the space before it included; seconds from the beginning of the sound that is held."""

    text: str
    start: float
    end: float


class Agreement:
    """Of one utterance: the words that are stable, and how much of the sound is done with."""

    def __init__(self) -> None:
        self._done: list[Word] = []
        self._cut_s = 0.0
        self._stable: list[str] = []
        self._newest: Sequence[Word] = ()

    @property
    def done(self) -> str:
        """The text of the sound that was cut off."""
        return "".join(word.text for word in self._done)

    @property
    def text(self) -> str:
        """What is stable. It only ever grows."""
        return self.done + "".join(self._stable)

    def hear(self, words: Sequence[Word]) -> str:
        """Take the newest decoding of the sound that is held; returns what is stable now."""
        agreed = _alike(self._newest, words)
        self._stable += [word.text for word in words[len(self._stable) : agreed]]
        self._newest = words
        return self.text

    def all(self, last: Sequence[Word]) -> list[Word]:
        """What is done and the `last` decoding of the rest, on the line of the whole utterance."""
        return [*self._done, *(_moved(word, self._cut_s) for word in last)]

    def cut(self, held_s: float, segments: Sequence[float]) -> float:
        """How many seconds to drop from the beginning of the `held_s` that are held; what was said there is `done`.

        `segments` are the ends of the newest decoding's segments; a cut there does not tear a sentence.
        """
        if held_s <= KEPT_S:
            return 0.0
        known = self._newest[: len(self._stable)]
        at = known[-1].end if known else 0.0
        at = max((end for end in segments if end <= at + _NEAR_S), default=at)
        if held_s - at > MOST_S:
            at = held_s - KEPT_S
        at = min(at, held_s)
        self._drop(at)
        return at

    def _drop(self, at: float) -> None:
        gone = sum(1 for word in self._newest if word.end <= at + _NEAR_S)
        for text, word in zip(self._stable[:gone], self._newest, strict=False):
            self._done.append(_moved(Word(text, word.start, word.end), self._cut_s))
        self._stable = self._stable[gone:]
        self._newest = [_moved(word, -at) for word in self._newest[gone:]]
        self._cut_s += at


def _moved(word: Word, by_s: float) -> Word:
    return Word(word.text, word.start + by_s, word.end + by_s)


def _alike(one: Sequence[Word], other: Sequence[Word]) -> int:
    """How many words both begin with, marks and case apart."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if _plain(a.text) != _plain(b.text):
            break
        count += 1
    return count


def _plain(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum()) or text.strip()
