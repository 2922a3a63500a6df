"""What another policy would have brought, from what this one chose: off-policy evaluation.

The other policy takes in every situation the arm that a model expects most of. So that no policy is judged by the
answers that made it, each fifth of the log is judged by a model of the other four (cross-fitting). Estimators: inverse
propensity (IPS), self-normalised (SNIPS, Swaminathan & Joachims 2015) and doubly robust (DR, Dudík et al. 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from behaviors.learning.model import Floats, Ints, best, fitted
from behaviors.learning.trial import Trial

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Of `trials` choices: what the learnt policy would bring a choice, by three estimators, and `plain` alone by DR.

    `gain` is the difference of the two, `matched` how often what was chosen was what the learnt policy chooses too
    where that is not the default; `shares` are of the arms that it would choose.
    """

    trials: int
    matched: int
    ips: Estimate
    snips: Estimate
    dr: Estimate
    plain: Estimate
    gain: Estimate
    shares: tuple[float, ...]


def evaluate(trials: Sequence[Trial], arms: Sequence[str], confidence: float = 0.95) -> Evaluation:
    """Judge what the trials teach; the first arm is the default. Intervals hold with `confidence` on either side.

    Raises ValueError for fewer trials than folds.
    """
    if len(trials) < FOLDS:
        raise ValueError(f"{len(trials)} trials are too few; {FOLDS} are the least")
    contexts, chosen, rewards = columns(trials, arms)
    propensities = np.array([each.propensity for each in trials])
    expected = _crossfitted(contexts, chosen, rewards, len(arms))
    target = best(expected)
    rows = np.arange(len(trials))
    weights = (target == chosen) / propensities
    plain_weights = (chosen == 0) / propensities
    surprise = rewards - expected[rows, chosen]
    learnt = expected[rows, target] + weights * surprise
    plain = expected[:, 0] + plain_weights * surprise
    z = NormalDist().inv_cdf(confidence)
    return Evaluation(
        len(trials),
        int(np.sum((target == chosen) & (target != 0))),
        _mean(weights * rewards, z),
        _normalised(weights, rewards, z),
        _mean(learnt, z),
        _mean(plain, z),
        _mean(learnt - plain, z),
        tuple(float(np.mean(target == arm)) for arm in range(len(arms))),
    )


def columns(trials: Sequence[Trial], arms: Sequence[str]) -> tuple[Floats, Ints, Floats]:
    """Contexts (n × feature), arms (n) and rewards (n) of trials."""
    numbers = {name: number for number, name in enumerate(arms)}
    return (
        np.array([each.context for each in trials]),
        np.array([numbers[each.arm] for each in trials], np.int64),
        np.array([each.reward for each in trials]),
    )


def _crossfitted(contexts: Floats, chosen: Ints, rewards: Floats, count: int) -> Floats:
    """What each arm (n × arm) is expected to bring, by models that have not seen the row."""
    expected = np.empty((len(chosen), count))
    fold = np.arange(len(chosen)) % FOLDS
    for each in range(FOLDS):
        seen, aside = fold != each, fold == each
        expected[aside] = contexts[aside] @ fitted(contexts[seen], chosen[seen], rewards[seen], count).T
    return expected


def _mean(values: Floats, z: float) -> Estimate:
    middle = float(values.mean())
    half = z * float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(middle, middle - half, middle + half)


def _normalised(weights: Floats, rewards: Floats, z: float) -> Estimate:
    """Its interval by the delta method."""
    total = float(weights.sum())
    if total == 0:
        return Estimate(0.0, -1.0, 1.0)
    middle = float(weights @ rewards) / total
    half = z * float(np.sqrt(np.sum((weights * (rewards - middle)) ** 2))) / total
    return Estimate(middle, middle - half, middle + half)
