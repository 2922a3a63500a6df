"""What answers while the embedder fails: the same libraries, matched by their words alone."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

from visavis.errors import EngineError

P = ParamSpec("P")
T = TypeVar("T")


class Spared(Protocol):
    """What has another one of its kind that needs no model."""

    async def by_words(self, error: EngineError) -> Self:
        """The other one, opened when it is first needed."""
        ...


S = TypeVar("S", bound=Spared)
Asking = Callable[Concatenate[S, P], Coroutine[Any, Any, T]]


def spared(ask: Asking[S, P, T]) -> Asking[S, P, T]:
    """A method that asks the other one where the embedder fails."""

    @wraps(ask)
    async def asked(it: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await ask(it, *args, **kwargs)
        except EngineError as error:
            return await ask(await it.by_words(error), *args, **kwargs)

    return asked
