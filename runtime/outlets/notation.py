"""Writes down in BML what was said and done, a block a sentence, with the times at which it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from behaviors.bml import Behavior, Block, Ref
from behaviors.bml.lexemes import GESTURES, HEADS
from behaviors.bml.write import sayable
from visavis.words import RATE, Emotion, Sentence, TimedWord


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that is over: its turn, and the sample of the line from which the block's times count."""

    turn: int
    pts: int
    block: Block


@dataclass(slots=True)
class _Spoken:
    turn: int
    number: int
    sentence: Sentence
    words: dict[int, TimedWord] = field(default_factory=dict)
    """By their place in the sentence's text; times are samples of the line."""


class Notation:
    """Of one connection, fed in the order in which things are sent."""

    def __init__(self) -> None:
        self._now: _Spoken | None = None
        self._number = 0
        self._gestures: list[tuple[int, str]] = []
        """Strokes whose sentence is not over."""

    def begin(self, turn: int, sentence: Sentence) -> Iterator[Written]:
        """A sentence begins: the one before is over."""
        yield from self.end()
        self._number += 1
        self._now = _Spoken(turn, self._number, sentence)

    def hear(self, words: Sequence[TimedWord]) -> None:
        """Words are sent, or, after a hold, sent again."""
        if self._now is None:
            return
        for word in words:
            self._now.words = {at: each for at, each in self._now.words.items() if at < word.at} | {word.at: word}

    def move(self, action: str, stroke: int) -> None:
        """An action begins whose stroke falls on that sample of the line."""
        if action in GESTURES or action in HEADS:
            self._gestures.append((stroke, action))

    def end(self, *, whole: bool = False) -> Iterator[Written]:
        """The sentence is over; `whole`: and the turn with it."""
        spoken, self._now = self._now, None
        if spoken is not None and spoken.words:
            words = sorted(spoken.words.values(), key=lambda word: word.start)
            over = words[-1].end
            mine = [each for each in self._gestures if whole or each[0] <= over]
            self._gestures = [each for each in self._gestures if each not in mine]
            block = _block(f"turn{spoken.turn}.{spoken.number}", spoken.sentence, words, mine)
            yield Written(spoken.turn, words[0].start, block)
        if whole:
            self._gestures.clear()


def _block(name: str, sentence: Sentence, words: Sequence[TimedWord], gestures: Sequence[tuple[int, str]]) -> Block:
    text, places = _tidy(sentence.text)
    began = words[0].start
    marks = {f"w{n}": places[min(word.at, len(places) - 1)] for n, word in enumerate(words, 1)}
    times = {f"w{n}": round((word.start - began) / RATE, 3) for n, word in enumerate(words, 1)}
    behaviors = [Behavior("speech", "s1", text=text, marks=marks, times=times)]
    begin, end = Ref("s1", "start"), Ref("s1", "end")
    behaviors.append(Behavior("gaze", "z1", "visitor", {"start": begin}))
    if sentence.emotion is not Emotion.NEUTRAL:
        behaviors.append(Behavior("face", "f1", sentence.emotion.value, {"start": begin, "end": end}))
    for n, (stroke, action) in enumerate(gestures, 1):
        behaviors.append(Behavior("action", f"g{n}", action, {"stroke": _on_word(stroke, words)}))
    return Block(name, tuple(behaviors))


def _on_word(stroke: int, words: Sequence[TimedWord]) -> Ref:
    """The stroke's time from the word that is said then."""
    n = max((n for n, word in enumerate(words, 1) if word.start <= stroke), default=1)
    return Ref("s1", f"w{n}", max(0.0, round((stroke - words[n - 1].start) / RATE, 3)))


def _tidy(text: str) -> tuple[str, list[int]]:
    """The text single-spaced as XML can hold it, and where each character of `text`, or the word behind it, is."""
    out, places = "", []
    for character in sayable(text):
        space = character.isspace()
        if space and out and not out.endswith(" "):
            out += " "
        places.append(len(out))
        if not space:
            out += character
    tidy = out.rstrip()
    return tidy, [min(place, len(tidy)) for place in places] or [0]
