"""Sessions that can be steered without a server: a real one each, whose tree is ticked by the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.reviewing import Reviews
from behaviors.tree import Behavior
from runtime.bench.answering import Answering
from runtime.control import Control
from runtime.events import Event
from runtime.session import Session
from runtime.sessions import Sessions
from visavis.clock import LoopClock
from visavis.errors import EngineError
from visavis.fakes.tts import FakeTts
from visavis.words import Frame, Reply, Sentence, Utterance


class Nobody(Answering):
    """A brain that knows one answer."""

    async def answer(self, utterance: Utterance) -> Reply:
        return Reply("faq", "direct", self._said())

    async def _said(self) -> AsyncIterator[Sentence]:
        yield Sentence("Yes.")


@dataclass
class Told:
    """An outlet that keeps what it is told."""

    paced: bool = True
    events: list[Event] = field(default_factory=list)

    def send(self, frame: Frame) -> bool:
        return True

    def tell(self, event: Event) -> None:
        self.events.append(event)

    async def drain(self) -> None: ...

    def clear(self, turn: int, fade_ms: int) -> None: ...

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...


@dataclass
class Museum:
    """The dialog of the session."""

    name: str = "desk"
    language: str = "en"
    review: Reviews | None = None
    files: dict[str, Path] = field(default_factory=dict)

    def pictures(self) -> dict[str, Path]:
        return self.files


@dataclass
class Steered:
    """A session and what was done to it."""

    control: Control
    outlet: Told
    dressed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def told(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.outlet.events if isinstance(event, kind)]


def settle(sessions: Sessions, name: str = "sess_1", museum: Museum | None = None) -> Steered:
    """Put a session into the register; it does not run, so what is ordered waits."""
    clock, outlet = LoopClock(), Told()
    session = Session(clock, outlet, Nobody(), FakeTts(), lambda body: Behavior(body, 0))
    found: list[Steered] = []

    async def dress(background: str) -> bool:
        if background.endswith("broken.png"):
            raise EngineError("face", "the background 'broken.png' cannot be used")
        found[0].dressed.append(background)
        return True

    def end() -> None:
        found[0].ended.append(name)

    control = Control(name, museum or Museum(), session, outlet, clock, dress, end)
    found.append(Steered(control, outlet))
    sessions.begin(control)
    return found[0]
