"""What a dialog has learnt of how to answer: `visavis behavior evaluate NAME`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from behaviors.learning import Estimate, Policy, Trial, evaluate
from behaviors.learning.evaluate import FOLDS
from runtime.bandit import LEARNING, Bandit, read
from runtime.settings import Dialog


def learnt(settings: Dialog, folder: Path, now: datetime) -> dict[str, Any]:
    """What the log below `folder`, the one beside the cache, tells; `follows` is what is chosen at `now`."""
    bandit = Bandit(settings.learning, folder / LEARNING / settings.dialog, settings.dialog)
    trials, damaged = read(folder / LEARNING / settings.dialog, bandit.policy)
    policy = bandit.policy
    policy.recall(trials)
    return {
        "dialog": settings.dialog,
        "enabled": settings.learning.enabled,
        "trials": len(trials),
        "damaged": damaged,
        "first": trials[0].at if trials else None,
        "last": trials[-1].at if trials else None,
        "arms": [_arm(name, trials) for name in policy.names],
        "evaluation": _judged(trials, policy) if len(trials) >= FOLDS else None,
        "follows": "learnt" if policy.trusts(now) else "plain",
        "why": policy.why(now),
    }


def _arm(name: str, trials: Sequence[Trial]) -> dict[str, Any]:
    rewards = [trial.reward for trial in trials if trial.arm == name]
    mean = sum(rewards) / len(rewards) if rewards else None
    return {"name": name, "share": len(rewards) / len(trials) if trials else 0.0, "reward": mean}


def _judged(trials: Sequence[Trial], policy: Policy) -> dict[str, Any]:
    found = evaluate(trials, policy.names, policy.terms.confidence)
    would = dict(zip(policy.names, found.shares, strict=True))
    return {**asdict(found), "shares": would, "confidence": policy.terms.confidence}


def told(row: dict[str, Any]) -> str:
    """The same for people."""
    span = f", {row['first']} to {row['last']}" if row["trials"] else ""
    lines = [f"{row['dialog']}: {row['trials']} answers{span}" + ("" if row["enabled"] else "; learning is off")]
    if row["damaged"]:
        lines.append(f"{row['damaged']} lines are damaged and left out")
    lines += ["", f"{'manner':<16}{'chosen':>8}{'reward':>9}{'would be':>10}"]
    found = row["evaluation"]
    for arm in row["arms"]:
        reward = "" if arm["reward"] is None else f"{arm['reward']:.3f}"
        would = f"{found['shares'][arm['name']]:.0%}" if found else ""
        lines.append(f"{arm['name']:<16}{arm['share']:>8.0%}{reward:>9}{would:>10}")
    if found:
        lines += ["", f"reward an answer ({found['confidence']:.0%} sure on either side)"]
        named = {"ips": "learnt, IPS", "snips": "learnt, SNIPS", "dr": "learnt, DR", "plain": "plain, DR"}
        lines += [f"  {title:<16}{_interval(found[key])}" for key, title in (named | {"gain": "gain, DR"}).items()]
    return "\n".join([*lines, "", f"follows: {row['follows']}: {row['why']}"])


def _interval(found: dict[str, float]) -> str:
    each = Estimate(**found)
    return f"{each.value:>7.3f}  {each.low:.3f} to {each.high:.3f}"
