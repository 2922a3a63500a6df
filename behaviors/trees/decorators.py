"""Nodes round one other node. Their times are the session's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from py_trees.decorators import Decorator
from pydantic import Field

from behaviors.attention import EPSILON, Attention
from behaviors.leaves.leaf import Limit, Seconds
from visavis.config import Strict


class Wrap(Decorator):
    """A node that changes what comes of the one node that it holds."""

    kind: ClassVar[str] = ""

    class Parameters(Strict):
        """None."""

    def __init__(self, name: str, child: Behaviour, attention: Attention, parameters: Strict) -> None:
        super().__init__(name, child)
        self.body = attention.body

    def passed(self) -> Status:
        """What came of the child, and its reason."""
        self.feedback_message = self.decorated.feedback_message
        return self.decorated.status


class Invert(Wrap):
    """Succeeds when its child fails, and the other way round."""

    kind = "invert"

    def update(self) -> Status:
        turned = {Status.SUCCESS: Status.FAILURE, Status.FAILURE: Status.SUCCESS}
        status = self.passed()
        return turned.get(status, status)


class Optional(Wrap):
    """Succeeds also when its child fails."""

    kind = "optional"

    def update(self) -> Status:
        status = self.passed()
        return Status.SUCCESS if status is Status.FAILURE else status


class Timeout(Wrap):
    """Ends its child, and fails, when it goes on for too long."""

    kind = "timeout"

    class Parameters(Strict):
        seconds: Limit = Field(description="So long it may go on.")

    def __init__(self, name: str, child: Behaviour, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, child, attention, parameters)
        self._seconds, self._until = parameters.seconds, 0.0

    def initialise(self) -> None:
        self._until = self.body.now() + self._seconds

    def update(self) -> Status:
        status = self.passed()
        if status is not Status.RUNNING or self.body.now() < self._until - EPSILON:
            return status
        self.feedback_message = f"{self.decorated.name!r} went on for more than {self._seconds:g} s"
        return Status.FAILURE


class Cooldown(Wrap):
    """Fails for a time after its child has ended, so that it does not begin again at once."""

    kind = "cooldown"

    class Parameters(Strict):
        seconds: Seconds = Field(description="So long after its end it does not begin again.")
        failures: bool = Field(default=False, description="Whether a failure, or being overruled, counts as its end.")

    def __init__(self, name: str, child: Behaviour, attention: Attention, parameters: Parameters) -> None:
        super().__init__(name, child, attention, parameters)
        self._set, self._until = parameters, 0.0

    def tick(self) -> Iterator[Behaviour]:
        left = self._until - self.body.now()
        if left > EPSILON and self.status is not Status.RUNNING:
            self.feedback_message = f"it rests for {left:.0f} s"
            self.stop(Status.FAILURE)
            yield self
            return
        yield from super().tick()

    def update(self) -> Status:
        status = self.passed()
        if status is Status.SUCCESS or (status is Status.FAILURE and self._set.failures):
            self._until = self.body.now() + self._set.seconds
        return status

    def terminate(self, new_status: Status) -> None:
        if new_status is Status.INVALID and self.decorated.status is Status.RUNNING and self._set.failures:
            self._until = self.body.now() + self._set.seconds


DECORATORS: tuple[type[Wrap], ...] = (Invert, Optional, Timeout, Cooldown)
