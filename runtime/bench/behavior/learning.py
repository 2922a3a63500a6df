"""Whether learning how to answer finds what visitors like, gives it up in time, and judges itself rightly.

Simulated visitors, seeded: what they do after an answer depends on its manner by a law that the bench knows, so the
regret and the true value of every policy are known too.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from behaviors.learning import Arm, Circumstances, Outcome, Policy, Reward, Terms, Trial, evaluate
from runtime.bench.behavior import Done
from runtime.bench.report import Row
from runtime.settings import Installation
from visavis.words import Source, Via

ARMS = (Arm("brisk", rate=1.1, energy=1.1), Arm("warm", rate=0.95, degree=1.2, beats="fewer"))
BEST_SHARE, PLAIN_SHARE = 0.8, 0.85
"""At least so much of the last tenth has the best arm; and the default, where nothing is better."""
RUNS, TURNS = 20, 6_000
QUICK_RUNS, QUICK_TURNS = 2, 3_000
EVERY_S = 90
"""An answer every minute and a half."""
EFFECT = 0.25
"""So much likelier visitors stay and ask on, where they like the manner."""
Law = Callable[[Circumstances, float], tuple[float, float, float]]
"""What each arm adds to the chances that a visitor stays or asks on, in a situation, so far through the run."""


def best_is_warm(seen: Circumstances, through: float) -> tuple[float, float, float]:
    return 0.0, -EFFECT, EFFECT


def depends(seen: Circumstances, through: float) -> tuple[float, float, float]:
    return (0.0, EFFECT, -EFFECT) if seen.via == "voice" else (0.0, -EFFECT, EFFECT)


def nothing(seen: Circumstances, through: float) -> tuple[float, float, float]:
    return 0.0, 0.0, 0.0


def reversed_midway(seen: Circumstances, through: float) -> tuple[float, float, float]:
    return 0.0, -EFFECT, EFFECT if through < 0.5 else -EFFECT


@dataclass(frozen=True, slots=True)
class Lived:
    """One run: the arm of every answer by number, which was best, and what each lost against that."""

    chosen: list[int]
    best: list[int]
    regret: list[float]
    policy: Policy

    def share(self, arm: int, begin: float, end: float) -> float:
        """Of the arm, in a stretch of the run from 0 to 1."""
        part = self.chosen[int(begin * len(self.chosen)) : int(end * len(self.chosen))]
        return part.count(arm) / len(part)

    @property
    def right(self) -> float:
        """The share of the best arm over the last tenth."""
        last = len(self.chosen) // 10
        return sum(a == b for a, b in zip(self.chosen[-last:], self.best[-last:], strict=True)) / last


VIAS: tuple[Via, ...] = ("voice", "voice", "touch", "text")
SOURCES: tuple[Source, ...] = ("faq", "faq", "faq", "llm")


def visitor(rng: random.Random) -> Circumstances:
    """Anybody, in the museum's hours."""
    hour, returns = rng.uniform(9, 18), rng.random() < 0.2
    return Circumstances(
        "en", hour, rng.choice(VIAS), rng.choice(SOURCES), returns, rng.randint(1, 4), rng.randint(20, 140)
    )


def chances(seen: Circumstances, added: float) -> tuple[float, float]:
    """How likely a visitor stays, and asks on."""
    stay = 0.55 + 0.1 * (seen.via == "voice") - 0.1 * (seen.turn > 3) + added
    return stay, stay - 0.2


def worth(seen: Circumstances, added: float) -> float:
    """What an answer brings in the mean: one of twenty visitors presses a like."""
    stay, on = chances(seen, added)
    reward = Reward()
    return (reward.stay * stay + reward.follow_up * on + reward.like * 0.05) / 2


def lived(law: Law, seed: int, turns: int, terms: Terms = Terms()) -> Lived:  # noqa: B008
    """So many answers, each judged by its visitor before the next."""
    rng, policy, reward = random.Random(seed), Policy(ARMS, terms), Reward()  # noqa: S311
    run = Lived([], [], [], policy)
    now = datetime(2026, 1, 1)
    for turn in range(turns):
        seen, now = visitor(rng), now + timedelta(seconds=EVERY_S)
        added = law(seen, turn / turns)
        choice = policy.choose(seen.features, rng, now)
        arm = policy.arms.index(choice.arm)
        stay, on = chances(seen, added[arm])
        came = Outcome(rng.random() < stay, rng.random() < on, True if rng.random() < 0.05 else None)
        policy.learn(
            Trial(str(turn), now.isoformat(), policy.scheme, choice.version, seen.features, choice.arm.name,
                  choice.propensity, reward.of(came))
        )  # fmt: skip
        run.chosen.append(arm)
        run.best.append(max(range(len(added)), key=added.__getitem__))
        run.regret.append(worth(seen, max(added)) - worth(seen, added[arm]))
    return run


async def measure(installation: Installation, *, quick: bool, data: Path, done: Done) -> tuple[list[Row], list[str]]:
    return await asyncio.to_thread(_measured, quick, done)


def _measured(quick: bool, done: Done) -> tuple[list[Row], list[str]]:
    runs, turns = (QUICK_RUNS, QUICK_TURNS) if quick else (RUNS, TURNS)
    found: dict[Law, list[Lived]] = {}
    for step, law in enumerate((best_is_warm, depends, nothing, reversed_midway)):
        found[law] = [lived(law, seed, turns) for seed in range(runs)]
        done(step + 1, 5)
    note = f"{runs} runs of {turns:,} answers"
    rows = [
        _right("liked best", found[best_is_warm], BEST_SHARE, note),
        _right("liked best where it depends on how is asked", found[depends], BEST_SHARE, note),
        _right("plain where all are liked alike", found[nothing], PLAIN_SHARE, note),
        _right("plain after the liked one was disliked midway", found[reversed_midway], PLAIN_SHARE, note),
        Row("learning: answers until it is given up after that", _given_up(found[reversed_midway]), "answers"),
        *(_regret(name, found[law]) for name, law in (("one is best", best_is_warm), ("it depends", depends))),
        *_judged(found[best_is_warm][0], quick),
    ]
    done(5, 5)
    return rows, ["Regret at each tenth, of chance's: " + _curve(found[best_is_warm])]


def _right(what: str, runs: list[Lived], target: float, note: str) -> Row:
    """In the worst run."""
    return Row(f"learning: last tenth with the manner {what}", min(run.right for run in runs), "", target, True, note)


def _given_up(runs: list[Lived]) -> float:
    """Answers from the reversal on until fewer than a quarter of a hundred have the disliked manner, in the mean."""
    found = []
    for run in runs:
        late = run.chosen[len(run.chosen) // 2 :]
        spans = (at for at in range(0, len(late) - 100, 25) if late[at : at + 100].count(2) < 25)
        found.append(next(spans, len(late)))
    return float(np.mean(found))


def _regret(what: str, runs: list[Lived]) -> Row:
    """What was lost against always the best, of what choosing by chance loses."""
    return Row(f"learning, {what}: regret, of chance's", _lost(runs), "", 0.5)


def _lost(runs: list[Lived], begin: float = 0, end: float = 1) -> float:
    """The regret of a stretch of the runs from 0 to 1, of what choosing by chance loses in it."""
    turns = len(runs[0].regret)
    part = slice(int(begin * turns), int(end * turns))
    lost = sum(sum(run.regret[part]) for run in runs)
    return lost / (EFFECT / 2 * len(runs) * (part.stop - part.start))


def _curve(runs: list[Lived]) -> str:
    return ", ".join(f"{_lost(runs, at / 10, (at + 1) / 10):.2f}" for at in range(10))


def _judged(run: Lived, quick: bool) -> list[Row]:
    """Logs by the default with chance, judged for the policy that warm answers all: error and covered truth."""
    logs, errors, inside = 20 if quick else 200, [], 0
    for seed in range(logs):
        found = evaluate(_log(seed), run.policy.names, 0.975)
        truth = _truth(found.shares)
        errors.append([abs(each.value - truth) for each in (found.ips, found.snips, found.dr)])
        inside += found.dr.low <= truth <= found.dr.high
    note = f"{logs} logs of 2,000 answers"
    means = np.mean(errors, axis=0)
    rows = [Row(f"learning: error of {name}", float(mean), "", note=note)
            for name, mean in zip(("IPS", "SNIPS", "DR"), means, strict=True)]  # fmt: skip
    return [*rows, Row("learning: truth within DR's interval of 95 %", inside / logs, "", 0.9, True, note)]


def _log(seed: int) -> list[Trial]:
    """Of a policy that has learnt nothing yet: the default, and a tenth by chance."""
    return list(lived(best_is_warm, seed, 2_000, Terms(least=10_000)).policy.trials)


@cache
def _worths() -> tuple[float, ...]:
    """What each arm brings in the mean, where one is liked best."""
    rng = random.Random(0)  # noqa: S311
    met = [visitor(rng) for _ in range(20_000)]
    return tuple(float(np.mean([worth(seen, added) for seen in met])) for added in best_is_warm(met[0], 0))


def _truth(shares: tuple[float, ...]) -> float:
    """What a policy brings that chooses the arms with these shares."""
    return sum(share * each for share, each in zip(shares, _worths(), strict=True))
