"""What one session tries: which manner each answer gets, and what its visitor does after it."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from behaviors.feeling_words import words_of_feeling
from behaviors.learning import Choice, Circumstances, Outcome, Trial
from runtime.bandit import Bandit
from visavis.clock import Clock
from visavis.words import Reply, Sentence, Source, Via

TRIED: frozenset[Source] = frozenset(["faq", "skill", "rag", "llm", "webhook"])
"""Only such answers: never rules, keywords, what the review says, a suggestion or the fallback."""
WAITING = 8
"""Answers whose outcome is open; the oldest of more is taken as it stands."""


@dataclass(slots=True)
class Tried:
    """A choice whose outcome is open. `ended_s` is when the answer was over, on the session's clock."""

    choice: Choice
    context: tuple[float, ...]
    at: datetime
    turn: int = 0
    ended_s: float = 0.0
    whole: bool = False
    outcome: Outcome = field(default_factory=Outcome)


class Trials:
    """Of one session with one visitor after the other. `returns` tells whether the visitor was here before."""

    def __init__(
        self, bandit: Bandit, language: str, seed: int, clock: Clock, returns: Callable[[], bool] = lambda: False
    ) -> None:
        self._bandit, self._language, self._clock, self._returns = bandit, language, clock, returns
        self._rng = random.Random(seed)  # noqa: S311
        self._open: list[Tried] = []
        self._answers, self._last = 0, 0

    # ── choosing ──
    def choose(self, reply: Reply, first: Sentence, via: Via) -> Tried | None:
        """The manner of an answer whose first sentence without figures is given; None where nothing is to be tried."""
        if reply.source not in TRIED or reply.decision == "fallback":
            return None
        now = self._bandit.wall()
        hour = now.hour + now.minute / 60
        seen = Circumstances(
            reply.language, hour, via, reply.source, self._returns(), self._answers + 1, len(first.text)
        )  # fmt: skip
        return Tried(self._bandit.choose(seen.features, self._rng), seen.features, now)

    def guarded(self, sentence: Sentence) -> bool:
        """Whether a sentence is always spoken plainly: figures, prices and what its author marked up."""
        marked = bool(sentence.markup) or any(each.isdigit() for each in sentence.text)
        return marked or any(group.pattern.search(sentence.text) for group in words_of_feeling(self._language).answers)

    # ── what comes of it ──
    def said(self, turn: int, tried: Tried | None, *, whole: bool) -> None:
        """The visitor heard an answer, the `whole` of it or a part; one in which nothing was tried has no trial."""
        self._settle()
        self._answers, self._last = self._answers + 1, turn
        if tried is None:
            return
        tried.turn, tried.ended_s, tried.whole = turn, self._clock.now(), whole
        self._open.append(tried)
        while len(self._open) > WAITING:
            self._close(self._open.pop(0))

    def asked(self) -> None:
        """The visitor asks; soon after an answer that he heard to its end, that is a follow-up."""
        last = self._open[-1] if self._open else None
        if last is not None and last.whole and not self._stayed(last):
            last.outcome = replace(last.outcome, follow_up=True)

    def rate(self, like: bool, turn: int | None = None) -> None:
        """The visitor likes the answer of a turn or not, of the last one unless it is given."""
        rated = self._last if turn is None else turn
        for tried in self._open:
            if tried.turn == rated:
                tried.outcome = replace(tried.outcome, like=like)

    def left(self) -> None:
        """The visitor is gone, or the session is over."""
        for tried in self._open:
            self._close(tried)
        self._open.clear()
        self._answers = 0

    def _stayed(self, tried: Tried) -> bool:
        return self._clock.now() - tried.ended_s >= self._bandit.wanted.reward.stay_s

    def _settle(self) -> None:
        """Take in what is decided by now."""
        for tried in [each for each in self._open if self._stayed(each)]:
            self._open.remove(tried)
            self._close(tried)

    def _close(self, tried: Tried) -> None:
        bandit, choice = self._bandit, tried.choice
        came = replace(tried.outcome, stay=self._stayed(tried))
        bandit.learn(
            Trial(
                secrets.token_hex(6), tried.at.isoformat(timespec="seconds"), bandit.policy.scheme, choice.version,
                tried.context, choice.arm.name, round(choice.propensity, 6), bandit.reward.of(came),
                came.stay, came.follow_up, came.like,
            )
        )  # fmt: skip
