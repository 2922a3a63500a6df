"""The enrolment tasks of a server: what works on them in the background, one writer at a time for each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from avatars.voices.enrol import upload
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import Tombstone
from avatars.voices.enrol.taking_back import made_it, taken_back
from avatars.voices.enrol.task import Status, Task, result
from runtime.enrolling import Enrolling
from runtime.house import House
from runtime.settings import Installation
from visavis.errors import VisavisError

log = logging.getLogger(__name__)


class VoiceDesk:
    """The tasks of the server, and what works on them in the background."""

    def __init__(self, installation: Installation, house: Callable[[], House]) -> None:
        self.installation, self._house = installation, house
        self._enrolling: Enrolling | None = None
        self._working: dict[str, asyncio.Task[None]] = {}
        self._writing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @property
    def enrolling(self) -> Enrolling:
        """Made when it is first needed, as the house is open then."""
        if self._enrolling is None:
            self._enrolling = Enrolling(self.installation, self._house().launcher)
        return self._enrolling

    def lock(self, task_id: str) -> asyncio.Lock:
        """Held while a task's record is changed; there is one as long as somebody holds or awaits it."""
        return self._writing.setdefault(task_id, asyncio.Lock())

    async def submit(self, task_id: str) -> Task:
        """Begin with a task whose files are complete. Raises EnrolError."""
        tasks = self.enrolling.tasks
        async with self.lock(task_id):
            task = await asyncio.to_thread(tasks.load, task_id)
            if task.status is not Status.CREATED:
                problem = f"the task is {task.status.name.lower()} already"
                raise EnrolError("unsupported", problem, "look at its status first", where=task_id)
            upload.complete(task)
            if self.enrolling.store.has(task.order.name):
                problem, remedy = "there is a voice of that name", "revoke it first, or choose another name"
                raise EnrolError("exists", problem, remedy, where=task.order.name)
            task.to(Status.SUBMITTED, "waits for its turn", tasks.now())
            await asyncio.to_thread(tasks.save, task)
        self.work(task_id)
        return task

    async def reopen(self, task_id: str) -> Task:
        """Let a task that failed take files again. Raises EnrolError."""
        tasks = self.enrolling.tasks
        async with self.lock(task_id):
            task = await asyncio.to_thread(tasks.load, task_id)
            task.to(Status.CREATED, "upload what is missing, then submit", tasks.now(), stage="material")
            await asyncio.to_thread(tasks.save, task)
        return task

    async def delete(self, task_id: str) -> None:
        """End and remove a task. Raises EnrolError."""
        await self.stop(task_id)
        await asyncio.to_thread(self.enrolling.tasks.delete, task_id)

    async def take_back(self, name: str, *, uploads: bool) -> Tombstone:
        """Revoke a voice; what was uploaded for it goes too, unless `uploads` stay. Raises EnrolError."""
        store, tasks = self.enrolling.store, self.enrolling.tasks
        for task_id in await asyncio.to_thread(made_it, store, tasks, name):
            await self.stop(task_id)
        return await asyncio.to_thread(taken_back, store, tasks, name, uploads=uploads)

    async def one_of(self, action: str, task_id: str) -> dict[str, Any]:
        """One task of a batch (submit, status or delete): its result, or what was wrong with it."""
        try:
            if action == "delete":
                await self.delete(task_id)
                return {"taskId": task_id, "deleted": True}
            if action == "submit":
                return result(await self.submit(task_id))
            return result(await asyncio.to_thread(self.enrolling.tasks.load, task_id))
        except EnrolError as error:
            return {"taskId": task_id[:64], "error": {"code": error.code, "message": str(error)}}

    def resume(self) -> None:
        """Go on with what was submitted before the server ended."""
        for task_id in self.enrolling.waiting():
            self.work(task_id)

    def work(self, task_id: str) -> None:
        """Carry a submitted task, in the background."""
        working = asyncio.create_task(self._carry(task_id), name=f"enrol {task_id}")
        self._working[task_id] = working
        working.add_done_callback(lambda done: self._ended(task_id, done))

    async def stop(self, task_id: str) -> None:
        """End what is done for a task."""
        working = self._working.get(task_id)
        if working is not None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    async def close(self) -> None:
        """End all; what was under way begins anew at the next start."""
        for task_id in list(self._working):
            await self.stop(task_id)

    def _ended(self, task_id: str, working: asyncio.Task[None]) -> None:
        if self._working.get(task_id) is working:
            del self._working[task_id]

    async def _carry(self, task_id: str) -> None:
        try:
            await self.enrolling.process(task_id)
        except VisavisError as error:
            log.warning("%s: %s", task_id, error)
        except OSError as error:
            log.error("%s cannot go on: %s", task_id, error.strerror)
