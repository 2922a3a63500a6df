"""What the `voice` verbs do: a task from beginning to end, an approval, a comparison."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from avatars.voices.enrol import upload
from avatars.voices.enrol.decode import decoded
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.store import EMBEDDING, Store, folder_of
from avatars.voices.enrol.task import Order, Status, Task, Tasks, result
from avatars.voices.speaker import SAME_SPEAKER, SpeakerEncoder, similarity
from runtime.console import check_place
from runtime.enrolling import FINDINGS, REPORT, Enrolling
from runtime.settings import Installation
from runtime.speaking_once import sampled
from runtime.workers.pool import LocalLauncher
from visavis.clock import LoopClock
from visavis.errors import SetupError, VisavisError
from visavis.signal import resample
from visavis.vad import VAD_RATE
from visavis.words import RATE

CLIP_S = 3600.0
"""How long a clip that is compared may last."""


async def enrol_once(
    installation: Installation,
    order: dict[str, str],
    recordings: Sequence[Path],
    consent: Path,
    report: Path | None,
    done: Callable[[int, int], None],
) -> dict[str, Any]:
    """Enrol a voice and tell the task's result with its `findings`. Raises VisavisError for a bad call.

    A task that waits for a person stays, as `approve` ends it; any other one is deleted with its uploads.
    """
    if report is not None:
        check_place(report)
    launcher = LocalLauncher(LoopClock())
    enrolling = Enrolling(installation, launcher)
    task = await asyncio.to_thread(_submitted, enrolling.tasks, _order(order), recordings, consent)
    try:
        task = await enrolling.process(task.id, lambda each: done(round(1000 * each.progress), 1000))
        findings: Any = enrolling.tasks.kept(task.id, FINDINGS)
        page = enrolling.tasks.path(task.id) / REPORT
        if report is not None and page.is_file():
            await asyncio.to_thread(shutil.copyfile, page, report)
        return result(task) | {"findings": findings["findings"] if isinstance(findings, dict) else []}
    finally:
        if task.status is not Status.REVIEW:
            await asyncio.to_thread(enrolling.tasks.delete, task.id)
        await launcher.close()


async def approve_once(installation: Installation, name: str, by: str) -> dict[str, Any]:
    """A person approves a voice that waits. Raises VisavisError."""
    launcher = LocalLauncher(LoopClock())
    enrolling = Enrolling(installation, launcher)
    try:
        for task in _waiting(enrolling.tasks, name):
            approved = result(await enrolling.approve(task.id, by))
            await asyncio.to_thread(enrolling.tasks.delete, task.id)
            return approved
        voice = await asyncio.to_thread(enrolling.store.approve, name, by)
        try:
            voice = await sampled(enrolling.store, name, installation, launcher)
            told = f"approved; spoken by {voice.spoken_by}, likeness {voice.similarity:.2f}"
        except VisavisError as error:
            told = f"approved; it has not spoken yet: {error}"
        return {"msg": told, "voice": {"qid": voice.qid, "name": name}}
    finally:
        await launcher.close()


async def verify_once(installation: Installation, one: str, other: str) -> dict[str, Any]:
    """Whether two recordings, or an enrolled voice and a recording, are of one speaker. Raises VisavisError."""
    cache = Path(installation.app.cache.dir)
    encoder, store = await SpeakerEncoder.open(cache), Store(folder_of(cache))
    points = [await _point(encoder, store, each) for each in (one, other)]
    alike = similarity(*points)
    return {"similarity": round(alike, 4), "same": alike >= SAME_SPEAKER, "threshold": SAME_SPEAKER}


async def _point(encoder: SpeakerEncoder, store: Store, which: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    path = Path(which)
    if which in await asyncio.to_thread(store.names):
        return await asyncio.to_thread(_enrolled, store, which)
    if not await asyncio.to_thread(path.is_file):
        known = ", ".join(store.names()) or "none yet"
        raise SetupError(f"there is no voice or file {which!r}", f"enrolled voices: {known}")
    found = await asyncio.to_thread(decoded, path, path.name, longest_s=CLIP_S)
    return await encoder.embed(resample(found.pcm, RATE, VAD_RATE))


def _enrolled(store: Store, name: str) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    store.usable(name)
    return np.array(json.loads((store.path(name) / EMBEDDING).read_bytes()), np.float32)


def _order(said: dict[str, str]) -> Order:
    try:
        return Order.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        where = "--" + ".".join(str(each) for each in first["loc"]).replace("_", "-")
        raise EnrolError("invalid", str(first["msg"]), "correct it", where=where) from error


def _submitted(tasks: Tasks, order: Order, recordings: Sequence[Path], consent: Path) -> Task:
    """A task with copies of these files."""
    task = tasks.create(order)
    try:
        for role, path in [*((str(n + 1), each) for n, each in enumerate(recordings)), ("consent", consent)]:
            file = upload.begin(tasks, task, role, path.name)
            try:
                size = path.stat().st_size
                upload.allowed(task, file, 0, size)
                shutil.copyfile(path, upload.place(tasks, task, file))
            except OSError as error:
                problem = f"it cannot be read: {error.strerror}"
                raise EnrolError("not_found", problem, "name another file", where=str(path)) from error
            file.size = file.total = size
            upload.put(task, role, file)
        upload.complete(task)
        task.to(Status.SUBMITTED, "submitted", tasks.now())
        tasks.save(task)
    except BaseException:
        tasks.delete(task.id)
        raise
    return task


def _waiting(tasks: Tasks, name: str) -> list[Task]:
    """The tasks of that voice that wait for a person."""
    found = [tasks.load(each) for each in tasks.ids()]
    return [each for each in found if each.order.name == name and each.status is Status.REVIEW]
