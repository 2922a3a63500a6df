"""Turns a language model's stream of text into sentences that an avatar can play."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from agent.persona import StageDirections
from agent.sentences import Piece, Splitter
from agent.tags import Tag, TagFilter
from agent.thoughts import ThoughtFilter
from agent.visitor import printable
from agent.wrapping import Wrapping
from visavis import emoji
from visavis.streams import closing
from visavis.words import Cue, Emotion, Sentence

MOST = 400
"""Characters of an answer that are taken, a sentence that it may have; the rest of a flood is not read."""
RAW = 200_000
"""Characters that are read of an answer with all its thoughts and marks."""
SLICE = 2_000
"""So much of one chunk is worked on at once."""
_MARKUP = re.compile(r"[*`#_~|>\[\]{}<]+")
_PICTURES = re.compile(r"([\u2600-\u27bf\U0001f000-\U0001faff]+)")
_LISTED = re.compile(r"^(?:[-–•·▪‣]|\d{1,2}[.)、](?=\s))\s*(?=\S)")
_OF_EMOJI = frozenset([*map(chr, range(0xFE00, 0xFE10)), "\u20e3"])
"""Variation selectors and the frame of a key."""
_ENDS = re.compile(r"[.。！？；!?…][”’」』）】》\"')\]]*$")


async def improvised(
    stream: AsyncIterator[str],
    *,
    language: str,
    directions: StageDirections,
    passages: Sequence[str] = (),
    max_sentences: int = 3,
) -> AsyncGenerator[Sentence, None]:
    """The sentences of `stream`, each as soon as it is certain; the stream is closed with the generator.

    A mood that the model gave holds until it gives another; else `directions` decide. `passages` are the ids
    behind the numbers that it cites. Raises what the stream raises.
    """
    draft = _Draft(language, directions, passages)
    ended = 0
    async with closing(stream) as pieces:
        async for text in _sliced(pieces):
            for sentence in draft.feed(text):
                yield sentence
                ended += _ENDS.search(sentence.text) is not None
                if ended >= max_sentences:
                    return
            if draft.length > MOST * (max_sentences + 1):
                break
        for sentence in draft.end():
            if ended < max_sentences:
                yield sentence
                ended += 1


async def _sliced(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The pieces in slices that do not hold up others, as far as anybody would listen."""
    left = RAW
    async for piece in pieces:
        for at in range(0, min(len(piece), left), SLICE):
            yield piece[at : at + min(SLICE, left - at)]
            await asyncio.sleep(0)
        left -= len(piece)
        if left <= 0:
            return


class _Draft:
    """What has come of an answer and is not yet a sentence."""

    def __init__(self, language: str, directions: StageDirections, passages: Sequence[str]) -> None:
        self.length = 0
        """Characters of the answer so far."""
        self._language, self._directions, self._passages = language, directions, passages
        self._thoughts, self._wrapping = ThoughtFilter(), Wrapping()
        self._filter = TagFilter()
        self._splitter = Splitter(live=True)
        self._tags: list[tuple[int, Tag]] = []
        self._pictured: list[tuple[int, Emotion]] = []
        """The emoji that have come, each with its place."""
        self._mood: Emotion | None = None

    def feed(self, text: str) -> list[Sentence]:
        return self._add(self._filter.feed(self._wrapping.feed(self._thoughts.feed(text))))

    def end(self) -> list[Sentence]:
        left = self._wrapping.feed(self._thoughts.end()) + self._wrapping.end()
        last = [*self._filter.feed(left), *self._filter.end()]
        return self._add(last) + [self._sentence(piece) for piece in self._splitter.end()]

    def _add(self, parts: Sequence[str | Tag]) -> list[Sentence]:
        sentences: list[Sentence] = []
        for part in parts:
            if isinstance(part, Tag):
                self._tags.append((self.length, part))
            else:
                for said in _PICTURES.split(part):
                    sentences += self._say(said)
        return sentences

    def _say(self, text: str) -> list[Sentence]:
        """Words, or pictures whose feeling the sentence has in which they stand."""
        if (shown := emoji.felt(text)) is not None:
            self._pictured.append((self.length, shown))
        text = plain(text)
        self.length += len(text)
        return [self._sentence(piece) for piece in self._splitter.feed(text)]

    def _sentence(self, piece: Piece) -> Sentence:
        text = tidy(piece.text)
        emotion, cues = self._directions(text, self._language)
        actions: list[Cue] = []
        citations: dict[str, None] = {}
        end = piece.start + len(piece.text)
        while self._tags and self._tags[0][0] < end:
            at, tag = self._tags.pop(0)
            if tag.kind == "emotion":
                self._mood = Emotion(tag.name)
            elif tag.kind == "action":
                actions.append(Cue("action", tag.name, len(tidy(piece.text[: max(0, at - piece.start)]))))
            elif 1 <= int(tag.name) <= len(self._passages):
                citations[self._passages[int(tag.name) - 1]] = None
        while self._pictured and self._pictured[0][0] <= end:
            shown = self._pictured.pop(0)[1]
            emotion = shown if emotion is Emotion.NEUTRAL else emotion
        if actions:
            cues = (*actions, *(cue for cue in cues if cue.kind != "action"))
        return Sentence(text, self._mood or emotion, cues, tuple(citations))


def tidy(text: str) -> str:
    """`text` without the mark of a list, and without the gaps that a tag or an emoji leaves."""
    text = _LISTED.sub("", text)
    return re.sub(r"\s+([.,，。])", r"\1", re.sub(r" {2,}", " ", text))


def plain(text: str) -> str:
    """`text` without markup, emoji and hidden characters; a line's end stays."""
    lines = [_MARKUP.sub("", printable(line)) for line in text.split("\n")]
    return "".join(c for c in "\n".join(lines) if not _decorates(c))


def _decorates(character: str) -> bool:
    """Whether it is a picture or belongs to one; signs that stand for words, as degrees and square metres do, stay."""
    if character in _OF_EMOJI:
        return True
    symbol = unicodedata.category(character) in ("So", "Sk") and character != "°"
    return symbol and unicodedata.normalize("NFKC", character) == character
