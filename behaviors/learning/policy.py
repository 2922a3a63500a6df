"""Which manner an answer gets: the one expected to be liked most, where that is proven; else the default.

An ε-greedy policy over a linear model of the newest trials. ε is never given up, so every arm keeps a known chance
and the log can judge policies that were never tried. The greedy arm is the default until off-policy evaluation says
with confidence that the model's choices bring more, and again as soon as the newest trials do not bear that out.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import numpy as np

from behaviors.learning.arms import PLAIN, Arm
from behaviors.learning.context import FEATURES
from behaviors.learning.evaluate import columns, evaluate
from behaviors.learning.model import fitted
from behaviors.learning.trial import Trial

REFIT = 25
"""Trials between two judgements."""
NEWEST = 3
"""A model that is trusted answers for the newest such part of the window."""
PROBABLY = 0.9
"""How sure it must be to go on following a model."""
MATCHED = 30
"""A model that was followed less often by chance is not judged: intervals of so few are not to be believed."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a policy learns. `explore` is the share of choices left to chance, `window` how many trials are thought of.

    Fewer than `least` trials, or none since `stale_days`, prove nothing.
    """

    explore: float = 0.1
    window: int = 2_000
    least: int = 500
    confidence: float = 0.99
    stale_days: int = 14


@dataclass(frozen=True, slots=True)
class Choice:
    """An arm, and how probable it was; `version` tells the policy that chose."""

    arm: Arm
    propensity: float
    version: int


class Policy:
    """Between `PLAIN` and `others`."""

    def __init__(self, others: Iterable[Arm], terms: Terms = Terms()) -> None:
        self.arms = (PLAIN, *others)
        self.terms = terms
        self.trials: deque[Trial] = deque(maxlen=terms.window)
        self.trusted = False
        """Whether the model's choices are better than the default."""
        self.version = 0
        """Counts the judgements."""
        self._weights = np.zeros((len(self.arms), len(FEATURES)))
        self._fresh = 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(arm.name for arm in self.arms)

    @property
    def scheme(self) -> str:
        """Changes with the arms and the features: what was learnt by another is of no use."""
        told = json.dumps([[asdict(arm) for arm in self.arms], FEATURES])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    # ── choosing ──
    def choose(self, context: Sequence[float], rng: random.Random, now: datetime) -> Choice:
        """The manner of an answer, by chance in so far as the terms say so."""
        greedy = self.greedy(context, now)
        arm = rng.randrange(len(self.arms)) if rng.random() < self.terms.explore else greedy
        chance = self.terms.explore / len(self.arms) + (1 - self.terms.explore) * (arm == greedy)
        return Choice(self.arms[arm], chance, self.version)

    def greedy(self, context: Sequence[float], now: datetime) -> int:
        """The arm that is chosen where nothing is left to chance; 0 is the default."""
        return int(np.argmax(self._weights @ np.asarray(context))) if self.trusts(now) else 0

    def trusts(self, now: datetime) -> bool:
        """Whether the model's choices are followed."""
        return self.trusted and not self._stale(now)

    def why(self, now: datetime) -> str:
        """Why the model's choices are followed or not."""
        count = len(self.trials)
        if count < self.terms.least:
            return f"{count} answers prove nothing, {self.terms.least} are the least"
        if self._stale(now):
            return f"nothing was learnt for {self.terms.stale_days} days"
        return "it brings more than the default" if self.trusted else "it is not proven to bring more than the default"

    def _stale(self, now: datetime) -> bool:
        return bool(self.trials) and now - self.trials[-1].time > timedelta(days=self.terms.stale_days)

    # ── learning ──
    def learn(self, trial: Trial) -> None:
        """Take in what came of a choice; one of another scheme is of no use."""
        if trial.scheme != self.scheme:
            return
        self.trials.append(trial)
        self._fresh += 1
        if self._fresh >= REFIT:
            self.judge()

    def recall(self, trials: Iterable[Trial]) -> None:
        """Begin with what was tried before, oldest first."""
        self.trials.extend(trial for trial in trials if trial.scheme == self.scheme)
        self.version = max((trial.version for trial in self.trials), default=0)
        self.judge()

    def judge(self) -> None:
        """Fit the model anew and decide whether to trust it."""
        self._fresh, self.version = 0, self.version + 1
        if len(self.trials) < self.terms.least:
            self.trusted = False
            return
        trials = list(self.trials)
        self._weights = fitted(*columns(trials, self.names), len(self.arms))
        self.trusted = self._holds(trials) if self.trusted else self._proven(trials, self.terms.confidence)

    def _proven(self, trials: list[Trial], confidence: float) -> bool:
        """Whether the model is better than the default."""
        found = evaluate(trials, self.names, confidence)
        return found.matched >= MATCHED and found.gain.low > 0

    def _holds(self, trials: list[Trial]) -> bool:
        """Whether a model that is trusted is still probably better, and seems so by the newest trials alone."""
        newest = trials[-(self.terms.window // NEWEST) :]
        return self._proven(trials, PROBABLY) and evaluate(newest, self.names).gain.value > 0
