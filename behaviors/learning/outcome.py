"""What a visitor did after an answer, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """The visitor stayed, asked on, and told that he likes it or not (None: neither)."""

    stay: bool = False
    follow_up: bool = False
    like: bool | None = None


@dataclass(frozen=True, slots=True)
class Reward:
    """What each is worth; a dislike costs what a like is worth."""

    stay: float = 0.5
    follow_up: float = 0.5
    like: float = 1.0

    def of(self, outcome: Outcome) -> float:
        """From -1 to 1."""
        liked = 0.0 if outcome.like is None else self.like if outcome.like else -self.like
        most = self.stay + self.follow_up + self.like
        return round((self.stay * outcome.stay + self.follow_up * outcome.follow_up + liked) / most, 4)
