"""`visavis ask`: one question through the whole runtime, as fast as it goes, with the answer as data and as a film."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.question import NOTHING, Given
from agent.sentences import rejoin
from runtime.dialog import LiveDialog
from runtime.events import Event, LatencyKnown, ReplyFound, SentenceStarted, TurnEnded
from runtime.outlets import Outlet
from runtime.outlets.file import FileOutlet
from runtime.session import Session
from visavis.clock import Clock
from visavis.errors import EngineError
from visavis.words import Frame, Utterance

LEAD_IN, TAIL = 8, 20
"""Slots without speech around a film's answer."""


class Nowhere:
    """An outlet that keeps nothing."""

    paced = False

    def send(self, frame: Frame) -> bool:
        return True

    def tell(self, event: Event) -> None: ...

    async def drain(self) -> None:
        await asyncio.sleep(0)

    def clear(self, turn: int, fade_ms: int) -> None: ...

    def played(self, turn: int) -> int | None:
        return None

    async def close(self) -> None: ...


class Listener:
    """An outlet that notes what is told and hands everything on to another; `on` is called with each event."""

    def __init__(self, inner: Outlet, on: Callable[[Event], None]) -> None:
        self._inner, self._on = inner, on
        self.paced = inner.paced
        self.events: list[Event] = []
        self.ended = asyncio.Event()

    def send(self, frame: Frame) -> bool:
        return self._inner.send(frame)

    def tell(self, event: Event) -> None:
        self.events.append(event)
        self._inner.tell(event)
        self._on(event)
        if isinstance(event, TurnEnded):
            self.ended.set()

    async def drain(self) -> None:
        await self._inner.drain()

    def clear(self, turn: int, fade_ms: int) -> None:
        self._inner.clear(turn, fade_ms)

    def played(self, turn: int) -> int | None:
        return self._inner.played(turn)

    async def close(self) -> None:
        await self._inner.close()


async def ask(
    dialog: LiveDialog,
    text: str,
    clock: Clock,
    *,
    out: Path | None = None,
    seed: int | None = None,
    context: Given = NOTHING,
) -> dict[str, Any]:
    """Ask `text` and return what `ask --json` prints; with `out` write the answer as MP4. Raises VisavisError.

    `context` is what is known of the visitor and the place.
    """
    if out is None:
        return await _asked(dialog, text, clock, None, seed, context)
    if dialog.mute_because:
        raise EngineError("film", dialog.mute_because)
    film = await FileOutlet.open(dialog.house.launcher, out, dialog.look())
    try:
        return await _asked(dialog, text, clock, film, seed, context)
    finally:
        await film.abort()


async def _asked(
    dialog: LiveDialog, text: str, clock: Clock, film: FileOutlet | None, seed: int | None, context: Given
) -> dict[str, Any]:
    """One session with one turn. Without a film nobody looks on after the first picture, so no more is drawn."""

    def noted(event: Event) -> None:
        if film is None and isinstance(event, LatencyKnown):
            session.see(None)

    listener = Listener(film or Nowhere(), noted)
    session = dialog.session(listener, clock, hearing=False, seed=seed)
    face = await dialog.face("h264")
    session.see(face)
    living = asyncio.create_task(session.run())
    try:
        await _while(living, _played(session, LEAD_IN if film else 1))
        session.inform(context)
        now = clock.now()
        session.say(Utterance(text, dialog.language, "text", now, now))
        await _while(living, listener.ended.wait())
        if film is not None:
            await _while(living, _played(session, TAIL))
        result = _result(listener.events, dialog.language, complete=film is not None)
        await listener.close()
        return result
    finally:
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        await session.close()
        await face.close()


async def _played(session: Session, slots: int) -> None:
    """Let so many slots without speech pass."""
    session.stage.idle(slots)
    await session.stage.spent()


async def _while(living: asyncio.Task[None], work: Coroutine[Any, Any, Any]) -> None:
    """Await `work` as long as the session lives. Raises what the session ended with."""
    working = asyncio.ensure_future(work)
    try:
        await asyncio.wait({working, living}, return_when=asyncio.FIRST_COMPLETED)
        if living.done():
            problem = living.exception()
            while isinstance(problem, BaseExceptionGroup):
                problem = problem.exceptions[0]
            raise problem or EngineError("the session", "it ended too early")
        working.result()
    finally:
        working.cancel()


def _result(events: list[Event], language: str, *, complete: bool) -> dict[str, Any]:
    """What is printed; if it is to be `complete`, a voice that failed is a failure."""
    reply = next((event for event in events if isinstance(event, ReplyFound)), None)
    ended = next(event for event in events if isinstance(event, TurnEnded))
    if reply is None or (complete and ended.problem):
        raise EngineError("the answer", ended.problem or "there is none")
    spoken = [event.sentence for event in events if isinstance(event, SentenceStarted) and not event.sentence.filler]
    latency = next((event for event in events if isinstance(event, LatencyKnown)), None)
    return {
        "text": rejoin(sentence.text for sentence in spoken),
        "language": language,
        "source": reply.source,
        "decision": reply.decision,
        "match": asdict(reply.match) if reply.match else None,
        "choices": [asdict(choice) for choice in reply.choices],
        "citations": [citation for sentence in spoken for citation in sentence.citations],
        "show": asdict(reply.show) if reply.show else None,
        "sentences": [
            {
                "text": sentence.text,
                "emotion": sentence.emotion.value,
                "actions": [cue.name for cue in sentence.cues if cue.kind == "action"],
            }
            for sentence in spoken
        ],
        "latency": {
            "first_av_ms": round(latency.first_av_ms, 3),
            "stages": dict(latency.stages),
            "filler_ms": latency.filler_ms,
        }
        if latency
        else None,
    }
