"""A voice taken back, with what was uploaded for it."""

from __future__ import annotations

from contextlib import suppress

from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import Tombstone
from avatars.voices.enrol.store import Store
from avatars.voices.enrol.task import Status, Tasks, qid_of


def taken_back(store: Store, tasks: Tasks, name: str, *, uploads: bool = False) -> Tombstone:
    """Take a voice back and delete what was uploaded for it, unless `uploads` stay. Blocks; raises EnrolError."""
    made = [] if uploads else made_it(store, tasks, name)
    stone = store.revoke(name)
    for each in made:
        tasks.delete(each)
    return stone


def made_it(store: Store, tasks: Tasks, name: str) -> list[str]:
    """The tasks that made a voice; of one whose record is broken, those of its name that came to an end."""
    try:
        qid = store.load(name).qid
    except EnrolError:
        qid = ""
    found = []
    for task_id in tasks.ids():
        with suppress(EnrolError):
            task = tasks.load(task_id)
            ended = task.status in (Status.REVIEW, Status.FINISHED)
            if task.order.name == name and (qid_of(task) == qid or (not qid and ended)):
                found.append(task_id)
    return found
