"""Thresholds worked out from a library's own questions and from questions off its topic.

Each phrasing is left out in turn and asked: the more often another entry would answer it, the surer an answer has to
be. Each stray question is left out of the background and asked: hardly any should be given choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.likelihood import probabilities
from knowledge.match import Matcher, Ranked
from knowledge.pieces import Encoded
from knowledge.schema import Thresholds

Floats = NDArray[np.float32]

SAMPLE = 160
"""Phrasings, and as many stray questions, that are left out at most."""
CHOICES = 3
DIRECT, SUGGEST, MARGIN = 0.62, 0.07, 0.1
"""Without trials: the likelihood from which an entry answers, that of three choices together, the lead."""
FAINT = 0.02
"""The share of the best one's likelihood from which a third one is offered."""
LOWEST, HIGHEST = 0.52, 0.68
"""Between these is what is surely enough to answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Answer from `direct` when the next entry is `margin` behind; offer choices that together have `suggest`.

    All are probabilities, and mean the same in every library.
    """

    direct: float = DIRECT
    suggest: float = SUGGEST
    margin: float = MARGIN

    def answers(self, ranked: Sequence[Ranked]) -> bool:
        """Whether the best entry is answered directly."""
        if not ranked or ranked[0].score < self.direct:
            return False
        return len(ranked) == 1 or ranked[0].score - ranked[1].score >= self.margin

    def offered(self, ranked: Sequence[Ranked]) -> Sequence[Ranked]:
        """The best two, where they are worth a choice, and the third, unless it is far less likely than the best."""
        best = ranked[:CHOICES]
        if not best or sum(each.score for each in best) < self.suggest:
            return ()
        return [*best[:2], *(each for each in best[2:] if each.score >= FAINT * best[0].score)]

    def probability(self, ranked: Sequence[Ranked]) -> float:
        """How sure the best entry is the one that is meant, 0..1; 0.5 and more only where it is answered directly."""
        if not ranked:
            return 0.0
        best, above = ranked[0].score, max(1 - self.direct, 1e-6)
        if self.answers(ranked):
            return 0.5 + 0.5 * min((best - self.direct) / above, 1.0)
        return min(0.49, 0.5 * best / max(self.direct, 1e-6))


@dataclass(frozen=True, slots=True)
class Trials:
    """Probabilities: of left-out phrasings that of the best other entry; of stray questions that of the best three.
    `astray`: the share of the former that may be answered wrong."""

    other: Floats
    offered: Floats
    astray: float


def limits(thresholds: Thresholds, trials: Trials) -> Limits:
    """The thresholds to use: those written in the file, `auto` ones from the trials."""
    direct = _direct(trials) if thresholds.direct == "auto" else thresholds.direct
    suggest = min(_suggest(trials), direct) if thresholds.suggest == "auto" else thresholds.suggest
    return Limits(direct, suggest, MARGIN if thresholds.margin == "auto" else thresholds.margin)


def _direct(trials: Trials) -> float:
    usual = float(np.quantile(trials.other, 1 - trials.astray)) if len(trials.other) else DIRECT
    return round(float(np.clip(usual, LOWEST, HIGHEST)), 2)


def _suggest(trials: Trials) -> float:
    usual = float(np.quantile(trials.offered, 0.97)) if len(trials.offered) else SUGGEST
    return float(np.clip(usual, SUGGEST / 2, 1.5 * SUGGEST))


def trials(matcher: Matcher, strays: Sequence[str], encoded: Encoded, first: int) -> Trials:
    """Ask each phrasing without itself, and every stray question without itself.

    `encoded` are the texts of the matcher, of which the stray questions begin at `first`.
    """
    offered = np.zeros(len(strays), np.float32)
    for at, text in enumerate(strays):
        pieces = encoded.pieces[first + at] if encoded.pieces else None
        found = matcher.features(text, encoded.vectors[first + at], pieces, stray=at)
        offered[at] = np.sort(probabilities(found, matcher.weights)[0])[-CHOICES:].sum()
    several = matcher.sizes[matcher.sizes > 1]
    astray = matcher.weights.astray / float(several.mean()) ** 2 if len(several) else 0.0
    return Trials(_astray(matcher, encoded), offered, astray)


def _astray(matcher: Matcher, encoded: Encoded) -> Floats:
    rows = np.flatnonzero(matcher.sizes[matcher.owners] > 1)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).astype(np.int64)]
    other = np.zeros(len(rows), np.float32)
    for at, row in enumerate(rows.tolist()):
        pieces = encoded.pieces[row] if encoded.pieces else None
        found = matcher.features(matcher.phrasings[row], encoded.vectors[row], pieces, left_out=row)
        scores, _ = probabilities(found, matcher.weights)
        other[at] = scores[found.entries != matcher.owners[row]].max(initial=0.0)
    return other
