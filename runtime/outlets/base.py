"""The contract of an outlet: it takes frames and events in order and reports what was really played."""

from __future__ import annotations

from typing import Protocol

from runtime.events import Event
from visavis.words import Frame


class Outlet(Protocol):
    paced: bool
    """True: frames are handed over in real time, at most the stage's lead ahead. False: as fast as they are made."""

    def send(self, frame: Frame) -> bool:
        """Take a frame without waiting. False: pictures were lost, so the next one must be a key frame."""
        ...

    def tell(self, event: Event) -> None:
        """Take an event without waiting, in order with the frames."""
        ...

    async def drain(self) -> None:
        """Return when the outlet can take more; at once for a paced one."""
        ...

    def clear(self, turn: int, fade_ms: int) -> None:
        """Let what was sent of `turn` fade within `fade_ms` and forget the rest; what follows is newly stamped."""
        ...

    def played(self, turn: int) -> int | None:
        """How many samples of the turn's speech were really heard; None when the outlet cannot tell."""
        ...

    async def close(self) -> None: ...
