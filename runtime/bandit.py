"""A dialog that learns how to answer: its policy, and the log that it is made of again at the next start."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from agent.days import Days, lines
from behaviors.learning import Choice, Policy, Trial
from behaviors.learning.trial import trial_of
from runtime.bandit_settings import Learn

log = logging.getLogger(__name__)

LEARNING = "learning"
"""The folder beside the cache."""
LARGEST = 4 * 1024 * 1024
"""Bytes of a day's log: some fifteen thousand choices."""


class Bandit:
    """Of one dialog; `load` first. The log holds numbers and the names of arms, and nothing a visitor said."""

    def __init__(self, wanted: Learn, folder: Path, dialog: str, wall: Callable[[], datetime] = datetime.now) -> None:
        self.wanted, self.wall = wanted, wall
        self.policy = Policy((each.arm for each in wanted.arms), wanted.terms)
        self.reward = wanted.reward.reward
        self._folder, self._dialog = folder, dialog
        what = f"{dialog}: what came of manners of answering is not kept"
        self._days = Days(folder, what, days=wanted.days, wall=wall, largest=LARGEST)

    async def load(self) -> None:
        """Go on from what was learnt before; what is damaged is left out, with one warning."""
        self._days.sweep()
        await self._days.settled()
        trials, damaged = await asyncio.to_thread(read, self._folder, self.policy)
        if damaged:
            log.warning("%s: %d lines of what was learnt are damaged and left out", self._dialog, damaged)
        self.policy.recall(trials)

    def choose(self, context: Sequence[float], rng: random.Random) -> Choice:
        """The manner of an answer."""
        return self.policy.choose(context, rng, self.wall())

    def learn(self, trial: Trial) -> None:
        """Keep what came of a choice, and learn from it."""
        self._days.add(trial.line, self.wall().date())
        self.policy.learn(trial)

    async def settled(self) -> None:
        """Return when all is written."""
        await self._days.settled()


def read(folder: Path, policy: Policy) -> tuple[list[Trial], int]:
    """The newest trials of a log that the policy can learn from, oldest first, and how many lines are damaged."""
    trials: deque[Trial] = deque(maxlen=policy.terms.window)
    damaged = 0
    for line in lines(folder):
        try:
            trial = trial_of(line)
        except ValueError:
            damaged += 1
            continue
        if trial.scheme == policy.scheme and trial.arm in policy.names:
            trials.append(trial)
    return list(trials), damaged
