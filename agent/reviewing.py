"""What a mind needs of a review; `agent.review` has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Judged(Protocol):
    """Whether words may pass, and the words as they may be used; `reason` says why not."""

    @property
    def ok(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def text(self) -> str: ...


class Reviews(Protocol):
    """Judges what visitors say and what is about to be said. It never raises."""

    canary: str
    """A word that stands in a model's orders and nowhere else; empty for none."""

    async def heard(self, text: str) -> Judged:
        """Whether a visitor's words may be answered."""
        ...

    async def said(self, text: str, sources: Sequence[str] = (), prompt: str = "") -> Judged:
        """Whether a sentence that nobody wrote beforehand may be spoken: links and numbers are in a source, of the
        prompt it repeats nothing."""
        ...

    def nickname(self, text: str) -> str:
        """A visitor's name as it may be spoken."""
        ...

    def orders(self, text: str) -> bool:
        """Whether data try to give a language model orders."""
        ...


@dataclass(frozen=True, slots=True)
class Passed:
    """Nothing is wrong with it."""

    text: str
    ok: bool = True
    reason: str = ""


class Unreviewed:
    """Lets everything pass: for a dialog that reviews nothing."""

    canary = ""

    async def heard(self, text: str) -> Judged:
        return Passed(text)

    async def said(self, text: str, sources: Sequence[str] = (), prompt: str = "") -> Judged:
        return Passed(text)

    def nickname(self, text: str) -> str:
        return text

    def orders(self, text: str) -> bool:
        return False
