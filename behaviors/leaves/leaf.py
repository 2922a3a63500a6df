"""What every leaf is: it acts on the body, says why, and its failure is its own."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, ClassVar

from py_trees.behaviour import Behaviour
from py_trees.common import Status
from pydantic import Field

from behaviors.attention import Attention
from behaviors.ports import Job
from visavis.config import Strict

log = logging.getLogger(__name__)

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Limit = Annotated[float, Field(gt=0, le=86_400)]


class Leaf(Behaviour):
    """A leaf that acts on the body. `Parameters` is what a tree's file may set; each has a default or is required.

    Set `feedback_message` to the reason of each update, in plain words and never in a visitor's.
    """

    kind: ClassVar[str] = ""
    """The type that a tree's file writes."""
    limit_s: ClassVar[float | None] = 120.0
    """Seconds that it may go on; None for one that lasts as long as a fact does."""

    class Parameters(Strict):
        """None."""

    def __init__(self, name: str, attention: Attention, parameters: Strict) -> None:
        super().__init__(name)
        self.attention, self.body = attention, attention.body
        self._began: float | None = None
        self._rests_until = 0.0
        self._told: set[str] = set()

    def tick(self) -> Iterator[Behaviour]:
        """As every behaviour, but what it raises fails this leaf alone, and so does going on for ever."""
        now = self.body.now()
        if now < self._rests_until:
            self.status = Status.FAILURE
        else:
            try:
                for _ in super().tick():
                    pass
            except Exception as error:
                self._broke(error)
            self._keep_time(now)
        yield self

    def stop(self, new_status: Status) -> None:
        """As every behaviour; a `terminate` that raises is told."""
        self._began = None
        try:
            super().stop(new_status)
        except Exception as error:
            self.status = new_status
            self.iterator = self.tick()
            self.complain(f"it could not be stopped: {_told(error)}", error)

    def fail(self, why: str) -> Status:
        """FAILURE, and why."""
        self.feedback_message = why
        return Status.FAILURE

    def go_on(self, why: str) -> Status:
        """RUNNING, and why."""
        self.feedback_message = why
        return Status.RUNNING

    def complain(self, problem: str, error: BaseException | None = None) -> None:
        """Log a problem, the first time alone."""
        if problem not in self._told and len(self._told) < 20:
            self._told.add(problem)
            log.warning("the leaf %r: %s", self.name, problem, exc_info=error)

    @abstractmethod
    def update(self) -> Status: ...

    def _broke(self, error: Exception) -> None:
        problem = f"it failed: {_told(error)}"
        self.stop(Status.INVALID)
        self.status = self.fail(problem)
        self.complain(problem, error)

    def _keep_time(self, now: float) -> None:
        """Stop a leaf that has gone on for too long, and leave it alone for as long, so that others get their turn."""
        if self.status is not Status.RUNNING or self.limit_s is None:
            self._began = None
        elif self._began is None:
            self._began = now
        elif now - self._began > self.limit_s:
            self.stop(Status.INVALID)
            self.status = self.fail(f"it went on for more than {self.limit_s:g} s")
            self._rests_until = now + self.limit_s
            self.complain(self.feedback_message)


class Doing(Leaf):
    """Runs one job of the body at a time, and perhaps a small one beside it.

    A job is given up when it has been silent for `silent_s` seconds, counted while it is neither heard nor held, or
    has gone on for `timeout_s` altogether.
    """

    limit_s = None

    class Parameters(Strict):
        silent_s: Limit = Field(default=60, description="So long a job may go on without being heard.")
        timeout_s: Limit = Field(default=900, description="So long a job may go on altogether.")

    def __init__(self, name: str, attention: Attention, parameters: Doing.Parameters) -> None:
        super().__init__(name, attention, parameters)
        self._limits = parameters
        self._job: Job | None = None
        self._started = self._heard = 0.0
        self._beside: tuple[Job, float] | None = None

    @property
    def busy(self) -> bool:
        """Whether a job of this leaf goes on."""
        return self._job is not None and not self._job.done

    @property
    def started(self) -> bool:
        """Whether it has a job that it has not seen the end of."""
        return self._job is not None

    def start(self, job: Job) -> None:
        """Go on with this job, which takes the place of the one before."""
        self.drop()
        self._job, self._started = job, self.body.now()
        self._heard = self._started

    def accompany(self, job: Job) -> None:
        """Let a small job, such as an action, go on beside what is being done; it is given up after `silent_s` too."""
        self._drop_beside()
        self._beside = job, self.body.now()

    def tend(self) -> None:
        """Look after what goes on beside; call it on each update of a leaf that uses `accompany`."""
        if self._beside is not None and self.body.now() - self._beside[1] > self._limits.silent_s:
            self._drop_beside()
            self.complain("an action that it began beside something else never ended")

    def poll(self, why: str) -> Status:
        """RUNNING while the job is; FAILURE when it was given up."""
        if not self.busy:
            self._job = None
            self.feedback_message = "it is done"
            return Status.SUCCESS
        now = self.body.now()
        if self.attention.audible:
            self._heard = now
        silent, whole = now - self._heard, now - self._started
        if silent > self._limits.silent_s or whole > self._limits.timeout_s:
            self.drop()
            self.complain(f"what it began was given up after {whole:.0f} s, {silent:.0f} s of them without a sound")
            return self.fail(f"what it began never ended: given up after {whole:.0f} s")
        return self.go_on(why)

    def drop(self) -> None:
        """Cancel the job, if there is one."""
        job, self._job = self._job, None
        if job is not None and not job.done:
            job.cancel()

    def terminate(self, new_status: Status) -> None:
        if new_status is Status.INVALID:
            self.drop()
            self._drop_beside()

    def _drop_beside(self) -> None:
        beside, self._beside = self._beside, None
        if beside is not None and not beside[0].done:
            beside[0].cancel()


def _told(error: Exception) -> str:
    return type(error).__name__
