"""From a planned block to sentences with their cues, and from places in its texts to samples of the line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from agent.sentences import Splitter
from behaviors.bml import Anchor, Deed, Plan, Said
from behaviors.gestures import seconds
from runtime.track import SpokenSentence
from runtime.turn import Turn
from visavis.words import RATE, Cue, Emotion, Sentence

BREAK_S = 10.0
"""The longest pause of one element of SSML."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of the text `said`, from its character `start` on, and the ids of the deeds that go with it."""

    said: str
    start: int
    sentence: Sentence
    deeds: tuple[str, ...] = ()

    def holds(self, said: str, at: int) -> bool:
        return said == self.said and self.start <= at < self.start + len(self.sentence.text)


def pieces(plan: Plan) -> tuple[Piece, ...]:
    """The sentences of all texts in order, each with the actions whose stroke is at a word of it."""
    found = [piece for n, said in enumerate(plan.said) for piece in _sentences(said, said.pause_s if n else 0.0)]
    for deed in plan.deeds:
        if deed.kind == "action" and (place := _place(plan, deed.stroke)) is not None:
            at = _piece(found, place.speech, place.at)
            cue = Cue("action", deed.name, place.at - found[at].start, later_s=place.offset_s)
            sentence = replace(found[at].sentence, cues=(*found[at].sentence.cues, cue))
            found[at] = replace(found[at], sentence=sentence, deeds=(*found[at].deeds, deed.id))
        elif deed.kind == "face":
            found = [_felt(plan, piece, deed) for piece in found]
    return tuple(found)


def _sentences(said: Said, pause_s: float) -> Iterator[Piece]:
    splitter = Splitter()
    for number, piece in enumerate([*splitter.feed(said.text), *splitter.end()]):
        markup = _paused(piece.text, pause_s) if pause_s and not number else ""
        yield Piece(said.id, piece.start, Sentence(piece.text, markup=markup))


def _paused(text: str, pause_s: float) -> str:
    whole, rest = divmod(pause_s, BREAK_S)
    breaks = f'<break time="{BREAK_S:g}s"/>' * int(whole) + f'<break time="{round(rest * 1000)}ms"/>'
    return f"<speak>{breaks}{escape(text)}</speak>"


def _place(plan: Plan, anchor: Anchor) -> Anchor | None:
    """The same time at a word that is said; None where it belongs to none."""
    if not plan.said:
        return None
    if anchor.speech == "":
        first = plan.said[0]
        return Anchor(first.id, 0, anchor.offset_s) if first.pause_s == 0.0 else None
    number = next(n for n, said in enumerate(plan.said) if said.id == anchor.speech)
    if anchor.at < len(plan.said[number].text):
        return anchor
    if number + 1 == len(plan.said):
        return None
    after = plan.said[number + 1]
    return Anchor(after.id, 0, anchor.offset_s - after.pause_s)


def _piece(found: list[Piece], said: str, at: int) -> int:
    """Which piece holds a character, or comes last before it."""
    own = [n for n, piece in enumerate(found) if piece.said == said]
    return max((n for n in own if found[n].start <= at), default=own[0])


def _felt(plan: Plan, piece: Piece, deed: Deed) -> Piece:
    """The sentence as it is felt while the face shows it."""
    order = ["", *(said.id for said in plan.said)]
    here = (order.index(piece.said), piece.start)
    begins = (order.index(deed.start.speech), deed.start.at)
    if deed.until is None:
        within = deed.start.speech == piece.said or (deed.start.speech == "" and piece.said == order[1])
    else:
        within = here < (order.index(deed.until.speech), deed.until.at)
    if begins > here or not within:
        return piece
    return replace(piece, sentence=replace(piece.sentence, emotion=Emotion(deed.name)))


class Line:
    """Where the places of a block are on the session's line, as far as that is known.

    The block began at sample `began`; its `turn`, if it has one yet, has its first sample at `shift`.
    """

    def __init__(self, script: tuple[Piece, ...], turn: Turn | None, began: int, shift: int | None) -> None:
        self._script, self._turn, self.began, self._shift = script, turn, began, shift

    def sample(self, anchor: Anchor) -> int | None:
        """The sample of an anchor; None while it is not known."""
        later = round(anchor.offset_s * RATE)
        if anchor.speech == "":
            return self.began + later
        if self._turn is None or self._shift is None:
            return None
        at = self._spoken(self._turn, anchor.speech, anchor.at)
        return None if at is None else self._shift + at + later

    def _spoken(self, turn: Turn, said: str, at: int) -> int | None:
        """The turn time of a character, or of the end of a text."""
        spoken = dict(enumerate(turn.track.sentences))
        own = [n for n, piece in enumerate(self._script) if piece.said == said]
        found = max((n for n in own if self._script[n].start <= at), default=own[0])
        if found not in spoken:
            return None
        piece, sentence = self._script[found], spoken[found]
        if at >= piece.start + len(piece.sentence.text) and found == own[-1]:
            return sentence.end if sentence.whole else None
        return _word(sentence, max(0, at - piece.start))


def _word(spoken: SpokenSentence, at: int) -> int | None:
    """When the word begins that reaches past character `at`; where no words are timed, about when."""
    if at <= 0:
        return spoken.start
    for word in spoken.words:
        if at < word.at + max(1, len(word.text)):
            return word.start
    if not spoken.whole:
        return None
    if spoken.words:
        return spoken.end
    return min(spoken.end, spoken.start + round(seconds(spoken.sentence.text[:at]) * RATE))
