"""A task whose work breaks says so, and the others go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from avatars.voices.enrol.task import Order, Status, Task, Upload
from runtime.enrolling import Enrolling
from runtime.settings import Installation
from visavis.engines import Message
from visavis.fakes.launcher import InlineLauncher, InlinePool

ORDER = Order(name="mia", speaker="Mia Chen", company="Acme", language="en", profile="fast")


class Breaking(InlineLauncher):
    """Its workers cannot be started, for a reason that nobody thought of."""

    def __init__(self, reason: Exception) -> None:
        super().__init__()
        self._reason = reason

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> InlinePool:
        raise self._reason


class Waiting(InlineLauncher):
    """Its workers are still starting."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def pool(self, service: str, *, workers: int = 1, options: Message | None = None) -> InlinePool:
        self.asked.set()
        return await asyncio.Future()


def enrolling(folder: Path, launcher: InlineLauncher) -> Enrolling:
    (folder / "app.yaml").write_text(f"cache: {{dir: {folder / 'state' / 'cache'}}}\n")
    return Enrolling(Installation(folder, with_dialogs=False), launcher)


def task(own: Enrolling, *way: Status) -> Task:
    made = own.tasks.create(ORDER)
    made.consent = Upload(name="allowed.wav", kept="consent.wav", size=1, total=1)
    for status in way:
        made.to(status, "", own.tasks.now())
    own.tasks.save(made)
    return made


@pytest.mark.parametrize(
    ("reason", "said"), [(ZeroDivisionError("x"), "ZeroDivisionError"), (OSError(28, "No space left"), "No space left")]
)
async def test_work_that_breaks_ends_the_task_with_a_word(tmp_path: Path, reason: Exception, said: str) -> None:
    own = enrolling(tmp_path, Breaking(reason))
    made = task(own, Status.SUBMITTED)
    await own.process(made.id)
    kept = own.tasks.load(made.id)
    assert (kept.status, said in kept.log[-1].text) == (Status.FAILED, True)
    assert own.waiting() == []


async def test_a_review_does_not_wait_for_another_tasks_work(tmp_path: Path) -> None:
    launcher = Waiting()
    own = enrolling(tmp_path, launcher)
    working = asyncio.create_task(own.process(task(own, Status.SUBMITTED).id))
    await launcher.asked.wait()
    found = await own.reject(task(own, Status.SUBMITTED, Status.RUNNING, Status.REVIEW).id, "Jo Park")
    assert found.status is Status.FAILED
    assert not working.done()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
