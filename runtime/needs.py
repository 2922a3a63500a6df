"""What a session needs of others: who knows what to say, who knows visitors again, and a tree that moves it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from behaviors.ports import Occasion
from visavis.words import Rank, Reply, Utterance


class Brain(Protocol):
    """What a session needs of the agent."""

    async def answer(self, utterance: Utterance) -> Reply: ...

    async def greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> Reply | None:
        """A greeting at the local time `now`, after nobody spoke for `quiet_s`; None when there is none."""
        ...

    def may_greet(self, occasion: Occasion, now: datetime, quiet_s: float) -> bool:
        """Whether `greet` would say something now."""
        ...

    def heard(self, turn: int, utterance: Utterance | None, text: str) -> None:
        """The visitor said `utterance` and heard `text` of the answer."""
        ...

    def inform(self, context: Mapping[str, object]) -> None:
        """What the caller knows of the visitor and the place, in place of what it told before."""
        ...

    def forget(self) -> None:
        """Another visitor comes."""
        ...


Meets = Callable[[str, bool, str], Awaitable[bool]]
"""From a visitor's id, consent and name to whether he was here before."""


class Tree(Protocol):
    def tick(self) -> None: ...

    def snapshot(self, after: int = 0) -> dict[str, Any]:
        """The tree as it stands, and its decisions after number `after` with their reasons."""
        ...

    def gestured(self, action: str, rank: Rank, sentence: int) -> None:
        """The hands go with what it says: an action with the `sentence`th, counted from 1, of such a rank."""
        ...

    def record(self, began: str = "") -> Iterator[str]:
        """What it perceived and decided, as JSON lines; the first tells at what local time it began."""
        ...

    def close(self) -> None:
        """Cancel what runs."""
        ...
