"""How likely each entry is what a text means.

Dense: the nearest phrasing, the mean of the entry's phrasings, its answer. Words: how well those of the question and
those of the entry meet. Lexical: character n-grams. Against all of them count the nearness of questions that are off
any topic or about things that the library does not have, and words that it never uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.alignment import Alignment
from knowledge.classify import Linear
from knowledge.content import Vocabulary
from knowledge.days import other_day
from knowledge.index import LARGE, Index
from knowledge.lexical import Lexical
from knowledge.likelihood import MANY, WHOLE, Features, Weights, probabilities
from knowledge.pieces import Encoded, Pieces
from knowledge.rows import sources
from knowledge.space import Space
from knowledge.whole import Whole

STRAYS = 3
"""How many of the nearest stray questions are looked at."""
OWNED = 0.5
"""The likeness from which a decoy is about something that the library has itself."""
SCARCE = 10
"""Phrasings an entry, up to which the nearest one counts fully beside the classifier."""
MET = 0.55
"""How well the words of a question and of an entry meet, as a rule, where it is the right one."""
CANDIDATES = 128
BY_LETTERS = 32
"""Of a large library: phrasings that are most like the text in letters, besides those nearest in meaning."""
WEIGHED = 24
"""Entries whose words are aligned with those of a question."""

Floats = NDArray[np.float32]


class Ranked(NamedTuple):
    """An entry by its place, how likely it is meant, and its nearest phrasing's likeness in meaning and letters."""

    entry: int
    score: float
    dense: float = 0.0
    lexical: float = 0.0


class Texts(NamedTuple):
    """What a library is matched by: `asks[entry]` its phrasings, `answers[entry]` its first question and answer,
    `strays` questions off its topic, `decoys` questions about things that it may not have."""

    asks: Sequence[Sequence[str]]
    answers: Sequence[str]
    strays: Sequence[str]
    decoys: Sequence[str]

    def all(self) -> list[str]:
        """Every text: phrasings in order, answers, strays, decoys."""
        return [*(each for asks in self.asks for each in asks), *self.answers, *self.strays, *self.decoys]


class Known(NamedTuple):
    """Of the entries that are switched on (`key` tells which): their words, and the decoys about none of them."""

    key: bytes
    vocabulary: Vocabulary
    decoys: Floats


class Matcher:
    """The entries of a library; `encoded` holds `texts.all()`, of one embedder.

    `weights` suit that embedder where its texts have no pieces and entries few phrasings.
    """

    def __init__(
        self, texts: Texts, encoded: Encoded, weights: Weights = WHOLE, lexical: Lexical | None = None
    ) -> None:
        self._lay(texts)
        edges = np.cumsum([len(self.phrasings), len(texts.answers), len(texts.strays)])
        asked, answered, strays, decoys = np.split(encoded.vectors, edges)
        self.space = Space(np.concatenate([asked, strays]))
        self.index = Index(self.space(asked))
        self.answers, self.strays = self.space(answered), self.space(strays)
        self.decoys = self.space(decoys)
        if len(self.phrasings) > LARGE:
            self.decoys = _foreign(self.decoys, self.index.vectors)
        self.lexical = lexical or Lexical(self.phrasings)
        self.vocabulary = Vocabulary([*self.phrasings, *texts.answers])
        self._known: Known | None = None
        self.linear: Linear | None = None
        self.alignment: Alignment | None = None
        if Linear.worth(self.index.vectors, len(self.sizes)):
            self.linear = Linear(self.index.vectors, self.owners, len(self.sizes))
        elif encoded.pieces and len(self.sizes):
            self.alignment = self._aligned(encoded.pieces, edges)
        self.weights = MANY if self.linear else encoded.words if self.alignment else weights
        wanted = "whole" in self.weights.entry
        self.whole = Whole(texts.asks, texts.answers, texts.strays) if wanted else None

    def _lay(self, texts: Texts) -> None:
        self.texts = texts
        self.phrasings = [phrasing for each in texts.asks for phrasing in each]
        self.sizes = np.array([len(each) for each in texts.asks], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)])[:-1].astype(np.int64)
        self.owners = np.repeat(np.arange(len(texts.asks)), self.sizes)

    @property
    def large(self) -> bool:
        """Whether it is looked up by an index and can be edited."""
        return len(self.phrasings) > LARGE and self.linear is None and self.alignment is None

    def edited(self, texts: Texts, fresh: Mapping[str, Floats]) -> Matcher:
        """A large library's for other phrasings and answers; `fresh` has the vectors of those that are new.

        What all questions have in common is taken to be what it was.
        """
        found = copy(self)
        found._lay(texts)
        source = sources(self.phrasings, found.phrasings)
        found.index = self.index.edited(self._carried(self.index.vectors, source, found.phrasings, fresh), source)
        found.lexical = self.lexical.edited(found.phrasings, source)
        told = sources(self.texts.answers, texts.answers)
        found.answers = self._carried(self.answers, told, texts.answers, fresh)
        before, after = ({*each.phrasings, *each.texts.answers} for each in (self, found))
        found.vocabulary = self.vocabulary.edited(before - after, after - before)
        found._known = None
        return found

    def _carried(
        self, vectors: Floats, source: NDArray[np.int64], texts: Sequence[str], fresh: Mapping[str, Floats]
    ) -> Floats:
        """The vectors of `texts`: those of `source` where they were there before."""
        found: Floats = np.take(vectors, source, 0, mode="clip")
        new = np.flatnonzero(source < 0)
        if len(new):
            found[new] = self.space(np.stack([fresh[texts[row]] for row in new.tolist()]))
        return found

    def rank(
        self,
        text: str,
        vector: Floats,
        pieces: Pieces | None = None,
        allowed: NDArray[np.bool_] | None = None,
        bias: float = 0.0,
    ) -> list[Ranked]:
        """The entries most like the text, the likeliest first; `allowed` is by entry, `bias` speaks for none."""
        if not len(self.sizes) or (allowed is not None and not allowed.any()):
            return []
        found = self.features(text, vector, pieces, allowed)
        scores, _ = probabilities(found, self.weights, bias)
        dense, lexical = found.entry["nearest"], found.entry["lexical"]
        return [
            Ranked(int(found.entries[at]), float(scores[at]), float(dense[at]), float(lexical[at]))
            for at in np.argsort(-scores, kind="stable").tolist()
        ]

    def features(
        self,
        text: str,
        vector: Floats,
        pieces: Pieces | None = None,
        allowed: NDArray[np.bool_] | None = None,
        left_out: int | None = None,
        stray: int | None = None,
    ) -> Features:
        """What is to be weighed for a text. `left_out`: the phrasing, `stray`: the stray question that it is itself."""
        inside = self.space(vector[None])[0]
        entries = self._candidates(text, inside)
        if allowed is not None:
            entries = entries[allowed[entries]]
        rows = [self._rows(entry, left_out) for entry in entries.tolist()]
        kept = np.array([len(each) > 0 for each in rows], np.bool_)
        entries, rows = entries[kept], [each for each in rows if len(each)]
        found = self._likeness(text, inside, entries, rows)
        found["day"] = other_day(text, [self.texts.asks[entry] for entry in entries.tolist()])
        none = self._none(text, inside, left_out is not None, stray, self._within(allowed))
        none["letters"] = float(found["lexical"].max(initial=0.0))
        if self.alignment and pieces is not None:
            found["met"], found["meets"] = self.alignment.scores(pieces, entries, rows)
            none["unmet"] = max(0.0, MET - float(found["met"].max(initial=0.0)))
            none["unmeeting"] = max(0.0, MET - float(found["meets"].max(initial=0.0)))
        if self.whole:
            found["whole"] = self.whole.scores(text)[entries]
            if left_out is not None:
                own = int(self.owners[left_out])
                found["whole"][entries == own] = self.whole.without(text, own)
            none["stray_words"] = self.whole.stray(text, stray)
        return Features(entries, found, none)

    def _likeness(
        self, text: str, inside: Floats, entries: NDArray[np.int64], rows: list[NDArray[np.int64]]
    ) -> dict[str, Floats]:
        if not rows:
            nothing = np.zeros(0, np.float32)
            return dict.fromkeys(("nearest", "mean", "answer", "lexical", "linear", "scarce"), nothing)
        places = np.concatenate(rows)
        sizes = np.array([len(each) for each in rows], np.int64)
        starts = (np.cumsum(sizes) - sizes).astype(np.int64)
        dense, lexical = self.index.vectors[places] @ inside, self.lexical.among(text, places)
        found = {
            "nearest": np.maximum.reduceat(dense, starts),
            "mean": np.asarray(np.add.reduceat(dense, starts) / sizes, np.float32),
            "answer": np.asarray(self.answers[entries] @ inside, np.float32),
            "lexical": np.maximum.reduceat(lexical, starts),
        }
        if self.linear:
            found["linear"] = self.linear.scores(inside[None])[0][entries]
            found["scarce"] = np.asarray(found["nearest"] * min(1.0, SCARCE / self.sizes.mean()), np.float32)
        return found

    def _none(self, text: str, inside: Floats, own: bool, stray: int | None, within: Known) -> dict[str, float]:
        strays = self.strays @ inside
        if stray is not None:
            strays = np.delete(strays, stray)
        decoys = within.decoys @ inside
        strange = within.vocabulary.strange(text, besides=int(own))
        return {
            "always": 1.0,
            "stray": float(np.sort(strays)[-STRAYS:].mean()) if len(strays) else 0.0,
            "strange": strange,
            "foreign": float(strange == 1.0),
            "decoy": float(decoys.max()) if len(decoys) else 0.0,
        }

    def _candidates(self, text: str, inside: Floats) -> NDArray[np.int64]:
        """Entries that may be meant."""
        if len(self.sizes) <= WEIGHED or self.linear:
            return np.arange(len(self.sizes))
        if len(self.phrasings) > LARGE or not len(inside):
            both = self.index.nearest(inside, CANDIDATES), self.lexical.nearest(text, BY_LETTERS)
            return np.unique(self.owners[np.concatenate(both)])
        dense = self.index.vectors @ inside
        near = np.maximum.reduceat(dense, self.starts) + np.add.reduceat(dense, self.starts) / self.sizes / 2
        near += self.answers @ inside / 2
        return np.sort(np.argpartition(near, -WEIGHED)[-WEIGHED:])

    def _rows(self, entry: int, left_out: int | None) -> NDArray[np.int64]:
        rows = np.arange(self.starts[entry], self.starts[entry] + self.sizes[entry])
        return rows if left_out is None else rows[rows != left_out]

    def _within(self, allowed: NDArray[np.bool_] | None) -> Known:
        """What the entries that are allowed know; of those of the last question it is remembered."""
        key = b"" if allowed is None or allowed.all() else allowed.tobytes()
        known = self._known
        if known is None or known.key != key:
            known = self._known = self._knowing(allowed, key)
        return known

    def _knowing(self, allowed: NDArray[np.bool_] | None, key: bytes) -> Known:
        """A large library's is the same whatever is switched off: telling it for every question takes too long."""
        vocabulary, decoys, rows = self.vocabulary, self.decoys, self.index.vectors
        if len(self.phrasings) > LARGE:
            return Known(key, vocabulary, decoys)
        if key and allowed is not None:
            rows = rows[allowed[self.owners]]
            muted = [text for entry in np.flatnonzero(~allowed).tolist() for text in self._said(entry)]
            vocabulary = vocabulary.edited(muted, ())
        return Known(key, vocabulary, _foreign(decoys, rows))

    def _said(self, entry: int) -> list[str]:
        return [*self.texts.asks[entry], self.texts.answers[entry]]

    def _aligned(self, pieces: list[Pieces], edges: NDArray[np.int64]) -> Alignment:
        asked = [pieces[start : start + size] for start, size in zip(self.starts, self.sizes, strict=True)]
        return Alignment(asked, pieces[edges[0] : edges[1]], pieces[edges[1] : edges[2]])


def _foreign(decoys: Floats, phrasings: Floats) -> Floats:
    """The decoys about things that no phrasing is about."""
    if not len(decoys) or not len(phrasings):
        return decoys
    return np.asarray(decoys[(decoys @ phrasings.T).max(1) < OWNED], np.float32)
