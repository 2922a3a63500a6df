"""Files of a task, taken whole or in pieces, under names of our own and never beyond their limit."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from avatars.voices.enrol.decode import FILE_LIMIT
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.sniff import SUFFIXES
from avatars.voices.enrol.task import Status, Task, Tasks, Upload

FILES = 50
"""Recordings of one task."""
TASK_LIMIT = 4 * FILE_LIMIT
"""Bytes of all files of one task."""


def begin(tasks: Tasks, task: Task, role: str, name: str) -> Upload:
    """The place for a file: `role` is `consent` or the number of a recording. Raises EnrolError."""
    if task.status is not Status.CREATED:
        remedy = "reopen the task, or create another one"
        raise EnrolError("unsupported", "the task takes no more files", remedy, where=task.id)
    shown = PurePosixPath(name.replace("\\", "/")).name[-80:]
    suffix = PurePosixPath(shown).suffix.lower()
    if suffix not in SUFFIXES:
        problem = f"{suffix or 'no ending'} is no format that is taken"
        raise EnrolError("invalid", problem, _formats(), where=shown or "name")
    if role != "consent" and not (role.isascii() and role.isdecimal() and 1 <= int(role) <= FILES):
        raise EnrolError(
            "invalid", f"{role[:20]!r} is no recording", f"number them from 1 to {FILES}", where="recording"
        )
    known = task.consent if role == "consent" else task.recordings.get(role)
    if known is not None and known.name == shown:
        return known
    return Upload(name=shown, kept=f"{'consent' if role == 'consent' else f'recording-{int(role)}'}{suffix}")


def place(tasks: Tasks, task: Task, upload: Upload) -> Path:
    """Where the bytes of a file go."""
    return tasks.path(task.id) / upload.kept


def allowed(task: Task, upload: Upload, start: int, total: int | None) -> None:
    """Whether bytes from `start` on, of `total` where that is known, may follow. Raises EnrolError."""
    if total is not None and total > FILE_LIMIT:
        raise EnrolError("too_large", f"a file may have {FILE_LIMIT >> 20} MB", "cut it", where=upload.name)
    if start not in (0, upload.size):
        problem = f"{upload.size} bytes are here, the next piece begins at {start}"
        raise EnrolError("unsupported", problem, f"go on at {upload.size}, or begin at 0", where=upload.name)
    others = [each for each in (*task.recordings.values(), task.consent) if each is not None and each is not upload]
    if sum(each.size for each in others) + (total or 0) > TASK_LIMIT:
        raise EnrolError("too_large", f"a task may have {TASK_LIMIT >> 20} MB", "cut the recordings", where=upload.name)


def taken_out(task: Task, role: str) -> Upload | None:
    """The file that the task had for a role, which it has no more."""
    if role != "consent":
        return task.recordings.pop(role, None)
    earlier, task.consent = task.consent, None
    return earlier


def put(task: Task, role: str, upload: Upload) -> None:
    """Enter the file into the task."""
    if role == "consent":
        task.consent = upload
    else:
        task.recordings[role] = upload


def complete(task: Task) -> None:
    """Whether the task has all that it needs. Raises EnrolError."""
    files = [*task.recordings.items(), ("consent", task.consent)]
    if not task.recordings:
        raise EnrolError("unsupported", "there is no recording", "upload one", where=task.id)
    if task.consent is None:
        problem, remedy = "there is no spoken authorisation", "record the script and upload it as consent"
        raise EnrolError("no_consent", problem, remedy, where=task.id)
    for role, each in files:
        if each is not None and not each.whole:
            raise EnrolError("unsupported", f"{each.name} is not complete", f"upload the rest of {role}", where=task.id)


def _formats() -> str:
    return f"send one of: {', '.join(each[1:] for each in SUFFIXES)}"
