"""Several language models that stand in for one another: tries, retries, and leaves one alone that keeps failing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from typing import TypeVar

from agent.tools import TalksToTools
from visavis.clock import Clock
from visavis.engines import Capabilities, ChatMessage, ToolCall, ToolSpec
from visavis.errors import EngineError
from visavis.streams import closing

log = logging.getLogger(__name__)

FAILURES = 3
"""So many failures on end open the breaker."""
REST_S = 30.0
"""So long nothing is asked of a server whose breaker is open; then one question tries it."""
BACKOFF_S = 0.2
"""The wait before the first retry; it doubles."""
T = TypeVar("T")


class Breaker:
    """Whether a server is to be asked. Closed, open for `rest_s` after `failures` on end, then half open."""

    def __init__(self, clock: Clock, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        self._clock, self._failures, self._rest_s = clock, failures, rest_s
        self._count = 0
        self._opened: float | None = None

    @property
    def closed(self) -> bool:
        """Whether it may be asked; after its rest one question may, and the next ones wait for what comes of it."""
        return self._opened is None or self._clock.now() - self._opened >= self._rest_s

    def asked(self) -> None:
        """It is asked now."""
        if self._opened is not None:
            self._opened = self._clock.now()

    def worked(self) -> None:
        self._count, self._opened = 0, None

    def failed(self) -> None:
        self._count += 1
        if self._count >= self._failures:
            self._opened = self._clock.now()


class Failover:
    """Asks the first of `models` that can be asked; the next one where no word has come yet.

    A word must come within a fair share of `first_s`, the whole of it for the last one. What fails after its first
    word fails for good. Raises what the last one raised.
    """

    def __init__(self, models: Sequence[TalksToTools], clock: Clock, *, first_s: float, retries: int = 1) -> None:
        self.capabilities: Capabilities = models[0].capabilities
        self._places = [(model, Breaker(clock)) for model in models]
        self._clock, self._first_s, self._retries = clock, first_s, retries

    def complete(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str, None]:
        return self._asked(lambda model: model.complete(messages))

    def converse(
        self, messages: Sequence[ChatMessage], tools: Sequence[ToolSpec]
    ) -> AsyncGenerator[str | ToolCall, None]:
        return self._asked(lambda model: model.converse(messages, tools))

    async def _asked(self, ask: Callable[[TalksToTools], AsyncIterator[T]]) -> AsyncGenerator[T, None]:
        places = [(model, breaker) for model, breaker in self._places if breaker.closed]
        until = self._clock.now() + self._first_s
        problem = EngineError("llm", "every server rests after failures", retryable=True)
        for place, (model, breaker) in enumerate(places):
            for attempt in range(self._retries + 1):
                patience = (until - self._clock.now()) / (len(places) - place)
                try:
                    answer = await self._begun(ask(model), breaker, patience, last=place + 1 == len(places))
                except EngineError as error:
                    problem = error
                    log.warning("the language model failed: %s", error)
                    pause = BACKOFF_S * 2**attempt
                    if not error.retryable or attempt == self._retries or not breaker.closed or patience < 2 * pause:
                        break
                    await self._clock.sleep_until(self._clock.now() + pause)
                else:
                    async with closing(answer) as pieces:
                        async for piece in pieces:
                            yield piece
                    return
        raise problem

    async def _begun(
        self, answer: AsyncIterator[T], breaker: Breaker, patience: float, *, last: bool
    ) -> AsyncGenerator[T, None]:
        """The answer once its first piece is there. Raises EngineError when that fails or takes too long."""
        breaker.asked()
        asked = self._clock.now()
        try:
            async with asyncio.timeout(None if last else patience):
                first = await anext(answer)
        except TimeoutError:
            problem = EngineError("llm", f"no word in {patience:.2g} s")
        except StopAsyncIteration:
            problem = EngineError("llm", "an empty answer")
        except EngineError as error:
            problem = error
        except BaseException:
            if self._clock.now() - asked >= 0.95 * patience:
                breaker.failed()
            await _close(answer)
            raise
        else:
            breaker.worked()
            return _going_on(first, answer, breaker)
        breaker.failed()
        await _close(answer)
        raise problem

    async def close(self) -> None:
        for model, _ in self._places:
            await model.close()


async def _going_on(first: T, answer: AsyncIterator[T], breaker: Breaker) -> AsyncGenerator[T, None]:
    async with closing(answer) as pieces:
        yield first
        try:
            async for piece in pieces:
                yield piece
        except EngineError:
            breaker.failed()
            raise


async def _close(answer: AsyncIterator[T]) -> None:
    async with closing(answer):
        pass
