"""Time as the product's logic sees it: the running event loop's.

Logic takes a `Clock` and never asks the wall. `run_virtual` runs a coroutine on a loop whose time jumps
to the next timer whenever nothing is ready, so that minutes of conversation pass in milliseconds and
every timestamp is exact.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Time as a session counts it; a `LoopClock` everywhere."""

    def now(self) -> float:
        """Seconds since an arbitrary start; never steps back."""
        ...

    async def sleep_until(self, when: float) -> None:
        """Return at `when`, at once if that has passed."""
        ...


class LoopClock:
    """The running loop's own time: real on an ordinary loop, virtual inside `run_virtual`."""

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep_until(self, when: float) -> None:
        await asyncio.sleep(max(0.0, when - self.now()))


class _JumpingSelector(selectors.BaseSelector):
    """Polls its files without waiting; a wait that would have happened moves the loop's time instead.

    A wait without end is given to the real selector: then only a file or another thread can go on.
    """

    def __init__(self) -> None:
        self._files = selectors.DefaultSelector()
        self.time = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return self._files.select(None)
        ready = self._files.select(0)
        if not ready and timeout > 0:
            self.time += timeout
        return ready

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._files.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._files.unregister(fileobj)

    def get_map(self) -> Any:
        return self._files.get_map()

    def close(self) -> None:
        self._files.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at 0 and jumps over every wait."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        return self._jumping.time


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end in virtual time and return its result."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
