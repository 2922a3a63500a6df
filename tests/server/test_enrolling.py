"""A task whose work breaks says so, and the others go on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from avatars.voices.enrol.record import Consent, Voice
from avatars.voices.enrol.store import Store
from avatars.voices.enrol.task import Order, Status, Task, Upload, qid_of
from runtime.enrolling import Enrolling
from runtime.settings import Installation
from visavis.engines import Message
from visavis.errors import SetupError
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


# ── the server ends at any moment ──
def made(own: Enrolling, kept: Task, *, approved: bool) -> None:
    """The voice of a task, as it is when the server ends right after it was made, or approved."""
    consent = Consent(
        audio_sha256="ab" * 32, script="…", script_sha256="cd" * 32, language="en", speaker="Mia Chen", company="Acme",
        recorded=own.tasks.now(), similarity=0.9, threshold=0.77,
    )  # fmt: skip
    voice = Voice(
        name="mia", qid=qid_of(kept), language="en", profile="fast", created=own.tasks.now(), consent=consent,
        files={}, effective_s=60,
    )  # fmt: skip
    own.store.add(voice, {"clip.wav": b"sound"})
    if approved:
        own.store.approve("mia", "Jo Park")


@pytest.mark.parametrize("status", [Status.REVIEW, Status.RUNNING])
async def test_an_approval_outlives_a_server_that_ends_while_it_is_given(tmp_path: Path, status: Status) -> None:
    own = enrolling(tmp_path, Breaking(SetupError("no engine is here", "install one")))
    kept = task(own, Status.SUBMITTED, Status.RUNNING, *([Status.REVIEW] if status is Status.REVIEW else []))
    made(own, kept, approved=True)
    assert own.waiting() == [kept.id]
    await own.process(kept.id)
    assert own.tasks.load(kept.id).status is Status.FINISHED
    assert own.store.usable("mia").consent.approval is not None
    assert own.waiting() == []


async def test_a_voice_that_was_made_waits_again_for_its_approval(tmp_path: Path) -> None:
    own = enrolling(tmp_path, Breaking(ZeroDivisionError("nothing is made twice")))
    kept = task(own, Status.SUBMITTED, Status.RUNNING)
    made(own, kept, approved=False)
    assert own.waiting() == [kept.id]
    await own.process(kept.id)
    assert own.tasks.load(kept.id).status is Status.REVIEW
    assert own.waiting() == []
    assert not own.store.load("mia").usable


async def test_a_rejection_that_was_cut_off_is_one(tmp_path: Path) -> None:
    own = enrolling(tmp_path, InlineLauncher())
    kept = task(own, Status.SUBMITTED, Status.RUNNING, Status.REVIEW)
    assert own.waiting() == []
    assert own.tasks.load(kept.id).status is Status.FAILED


def test_a_revocation_that_was_cut_off_is_ended_and_keeps_its_stone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = enrolling(tmp_path, InlineLauncher())
    made(own, task(own), approved=True)
    with monkeypatch.context() as broken:
        broken.setattr(Store, "_bury", lambda self, gone: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            own.store.revoke("mia")
    assert own.store.names() == []
    own.waiting()
    assert [each.name for each in own.store.folder.iterdir()] == ["mia"]
    assert [each.name for each in own.store.path("mia").iterdir()] == ["revoked.json"]
