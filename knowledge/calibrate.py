"""Thresholds worked out from a library's own questions and from questions off its topic.

Each phrasing is left out in turn and asked: it should be answered by its own entry. Each stray question is left out of
the background and asked: nothing should be answered. Both bend the thresholds a little from where they begin.
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
ASTRAY = 1.6
"""What a wrong direct answer costs, where a right one in place of choices gains 1."""
DIRECT, SUGGEST, MARGIN = round(ASTRAY / (1 + ASTRAY), 2), 0.07, 0.1
"""Where the thresholds begin: the likelihood from which an answer gains more than it costs, that of three choices
together, the lead."""
FAINT = 0.02
"""The share of the best one's likelihood from which a third one is offered."""
LOWEST, HIGHEST = 0.56, 0.68
WRONG, FAR, PULL = 2.0, 4.0, 3.0
"""What a wrong answer costs, an answer off the topic, and a step away from `DIRECT`, in right answers."""
_TRIED = np.round(np.arange(LOWEST, HIGHEST + 0.001, 0.01), 2)


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
    """Probabilities: of left-out phrasings that of the own entry and the best other one; of stray questions those of
    the best entry and of the best three together."""

    own: Floats
    other: Floats
    stray: Floats
    offered: Floats


def limits(thresholds: Thresholds, trials: Trials) -> Limits:
    """The thresholds to use: those written in the file, `auto` ones from the trials."""
    direct = _direct(trials) if thresholds.direct == "auto" else thresholds.direct
    suggest = min(_suggest(trials), direct) if thresholds.suggest == "auto" else thresholds.suggest
    return Limits(direct, suggest, MARGIN if thresholds.margin == "auto" else thresholds.margin)


def _direct(trials: Trials) -> float:
    return float(max(_TRIED.tolist(), key=lambda each: _worth(trials, each)))


def _suggest(trials: Trials) -> float:
    usual = float(np.quantile(trials.offered, 0.97)) if len(trials.offered) else SUGGEST
    return float(np.clip(usual, SUGGEST / 2, 1.5 * SUGGEST))


def _worth(trials: Trials, direct: float) -> float:
    """What a threshold gains on the trials, less its distance from where it begins."""
    count = max(1, len(trials.own))
    right, wrong = np.sum(trials.own >= direct) / count, np.sum(trials.other >= direct) / count
    far = np.sum(trials.stray >= direct) / max(1, len(trials.stray))
    return float(right - WRONG * wrong - FAR * far) - PULL * abs(direct - DIRECT)


def trials(matcher: Matcher, strays: Sequence[str], encoded: Encoded, first: int) -> Trials:
    """Ask each phrasing without itself, and every stray question without itself.

    `encoded` are the texts of the matcher, of which the stray questions begin at `first`.
    """
    own, other = _left_out(matcher, encoded)
    loose = np.zeros((len(strays), 2), np.float32)
    for at, text in enumerate(strays):
        pieces = encoded.pieces[first + at] if encoded.pieces else None
        found = matcher.features(text, encoded.vectors[first + at], pieces, stray=at)
        scores = np.sort(probabilities(found, matcher.weights)[0])[::-1]
        loose[at] = scores[:1].sum(), scores[:CHOICES].sum()
    return Trials(own, other, loose[:, 0], loose[:, 1])


def _left_out(matcher: Matcher, encoded: Encoded) -> tuple[Floats, Floats]:
    rows = np.flatnonzero(matcher.sizes[matcher.owners] > 1)
    rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), SAMPLE)).astype(np.int64)]
    own, other = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
    for at, row in enumerate(rows.tolist()):
        pieces = encoded.pieces[row] if encoded.pieces else None
        found = matcher.features(matcher.phrasings[row], encoded.vectors[row], pieces, left_out=row)
        scores, _ = probabilities(found, matcher.weights)
        mine = found.entries == matcher.owners[row]
        own[at], other[at] = scores[mine].sum(), scores[~mine].max(initial=0.0)
    return own, other
