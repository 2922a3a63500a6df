"""What a strategy of turn-taking is asked, and how the answers of several make one decision.

Strategies are asked in the dialog's order at every 32 ms of silence, and the first that has an opinion decides:
`pass` ends the turn, `hold` keeps it open although a later one would end it. One that abstains leaves it to the
next. After `longest_s` of silence the turn passes whatever they say. A strategy holds no clock, socket or task.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

Opinion = Literal["pass", "hold"]


@dataclass(frozen=True, slots=True)
class Silence:
    """What is known while a visitor is silent."""

    silence_s: float
    """Since the last voice."""
    words: str = ""
    """The transcript so far; it may lag behind the sound."""
    match: float = 0.0
    """How sure these words are a question that can be answered, 0..1."""
    known: bool = False
    """Whether they are one of the known questions, word for word or nearly."""
    goes_on: bool = False
    """Whether a known question begins with them and is longer."""
    verdict: float | None = None
    """How probable the sound itself makes it that the visitor has finished; None while nobody has judged it."""


class TurnEnd(Protocol):
    """One way to tell whether a visitor has finished."""

    def opinion(self, silence: Silence) -> Opinion | None:
        """Whether the turn passes or is held; None where the strategy cannot tell."""
        ...


def passes(strategies: Iterable[TurnEnd], silence: Silence, longest_s: float) -> bool:
    """Whether the turn passes now."""
    if silence.silence_s >= longest_s:
        return True
    opinions = (each.opinion(silence) for each in strategies)
    return next((opinion for opinion in opinions if opinion is not None), "hold") == "pass"
