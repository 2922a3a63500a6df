"""One choice and what came of it, as a line of the log."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from behaviors.learning.context import FEATURES

LONGEST = 2_000
"""Characters of a line; a longer one is damaged."""


@dataclass(frozen=True, slots=True)
class Trial:
    """`at` is ISO local time; `scheme` tells which arms and features it was chosen by, `version` which policy.

    `propensity` is how probable `arm` was then; the outcome stands beside what it was worth.
    """

    id: str
    at: str
    scheme: str
    version: int
    context: tuple[float, ...]
    arm: str
    propensity: float
    reward: float
    stay: bool = False
    follow_up: bool = False
    like: bool | None = None

    @property
    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.at)


def trial_of(line: str) -> Trial:
    """A line of the log. Raises ValueError for one that is damaged."""
    try:
        told: dict[str, Any] = json.loads(line[:LONGEST])
        trial = Trial(**{**told, "context": tuple(told["context"])})
        local = trial.time.tzinfo is None
        small = all(map(_small, (*trial.context, trial.propensity, trial.reward)))
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    named = all(isinstance(each, str) for each in (trial.id, trial.scheme, trial.arm)) and type(trial.version) is int
    if not (local and small and named) or trial.propensity <= 0 or len(trial.context) != len(FEATURES):
        raise ValueError("its values are none that a choice has")
    return trial


def _small(number: object) -> bool:
    """Whether it is a number from -1 to 1."""
    return type(number) in (int, float) and abs(number) <= 1  # type: ignore[arg-type]
