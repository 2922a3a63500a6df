"""An enrolment as a task: an explicit state machine, kept as JSON, so that a restart goes on where it stopped.

created ─submit─> submitted ─> running ─> finished
   ^                              ├─────> review ─approve─> running (builds the voice)
   └──────────reopen── failed <───┴─────────┴──reject
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.inspect.amount import ProfileName
from avatars.voices.enrol.record import NAME, PERSON
from avatars.voices.enrol.scripts import Language
from avatars.voices.enrol.store import now, sha256, write

Stage = Literal["material", "inspection", "consent", "training", "deployment"]
TASKS = 500
"""Tasks that are kept at once."""
RESERVED = frozenset({"script", "tasks", "trial"})
"""Names that the addresses below `/api/voices` have themselves."""
LOG = 200
"""Lines of a task's log."""
_ID = re.compile(r"^voice-[0-9a-f]{16}$")


class Status(IntEnum):
    """The numbers of `taskStatus` and `stageStatus`."""

    CREATED = 0
    SUBMITTED = 1
    RUNNING = 2
    REVIEW = 3
    FAILED = 4
    FINISHED = 5


NEXT: dict[Status, frozenset[Status]] = {
    Status.CREATED: frozenset({Status.SUBMITTED}),
    Status.SUBMITTED: frozenset({Status.RUNNING, Status.FAILED}),
    Status.RUNNING: frozenset({Status.REVIEW, Status.FAILED, Status.FINISHED, Status.SUBMITTED}),
    Status.REVIEW: frozenset({Status.RUNNING, Status.FAILED}),
    Status.FAILED: frozenset({Status.CREATED}),
    Status.FINISHED: frozenset(),
}


class Line(BaseModel):
    """One line of a task's log; nothing of what was said."""

    at: datetime
    text: str


class Order(BaseModel):
    """What is to be made, as whoever enrols says it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: str = Field(pattern=NAME)
    speaker: str = Field(min_length=1, max_length=PERSON, pattern=r"\w")
    company: str = Field(min_length=1, max_length=PERSON, pattern=r"\w")
    language: Language = "en"
    profile: ProfileName = "fast"
    approved_by: str = Field(default="", max_length=PERSON)

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name in RESERVED:
            raise ValueError(f"{name!r} is an address of its own; choose another name")
        return name


class Upload(BaseModel):
    """One file: its name among people, its name here, how much of it is here, of how much."""

    name: str
    kept: str
    size: int = 0
    total: int | None = None

    @property
    def whole(self) -> bool:
        return self.total is not None and self.size == self.total


class Task(BaseModel):
    """`task.json`."""

    id: str
    order: Order
    status: Status = Status.CREATED
    stage: Stage = "material"
    stage_status: Status = Status.CREATED
    message: str = "upload the recordings and the authorisation, then submit"
    progress: float = 0.0
    updated: datetime
    recordings: dict[str, Upload] = {}
    consent: Upload | None = None
    log: list[Line] = []
    qid: str = ""
    gender: int = 0
    sample: bool = False

    def to(self, status: Status, message: str, at: datetime, *, stage: Stage | None = None) -> None:
        """Go on to a status that may follow. Raises EnrolError."""
        if status not in NEXT[self.status]:
            problem = f"a task that is {self.status.name.lower()} cannot become {status.name.lower()}"
            raise EnrolError("unsupported", problem, "look at its status first", where=self.id)
        self.status, self.stage_status, self.stage = status, status, stage or self.stage
        self.note(message, at)

    def enter(self, stage: Stage, message: str, at: datetime) -> None:
        """Begin a stage while running."""
        self.stage, self.stage_status = stage, Status.RUNNING
        self.note(message, at)

    def note(self, message: str, at: datetime) -> None:
        """Tell what happens."""
        self.message, self.updated = message, at
        self.log = [*self.log, Line(at=at, text=message)][-LOG:]


def result(task: Task, tenant: str = "local") -> dict[str, object]:
    """What clients are told of a task."""
    done = task.status is Status.FINISHED
    return {
        "msg": task.message,
        "stage": task.stage,
        "voice": {
            "qid": task.qid,
            "name": task.order.name,
            "gender": task.gender,
            "languages": [task.order.language] if done else [],
        },
        "taskId": task.id,
        "tenant": tenant,
        "modelUrl": f"/api/voices/{task.order.name}" if done else "",
        "taskType": task.order.profile.upper(),
        "taskStatus": int(task.status),
        "stageStatus": int(task.stage_status),
        "updatedTime": task.updated.isoformat().replace("+00:00", "Z"),
        "sampleAudioUrl": f"/api/voices/{task.order.name}/sample" if done and task.sample else "",
        "progress": round(task.progress, 3),
    }


def qid_of(task: Task) -> str:
    """The voice's identifier among clients: it belongs to this enrolment alone."""
    return f"v_{sha256(task.id.encode())[:24]}"


class Tasks:
    """The folder of tasks, one folder each. Methods block and raise EnrolError."""

    def __init__(self, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self.folder, self.now = folder, clock

    def path(self, task_id: str) -> Path:
        """The task's folder. Raises EnrolError for what is no id."""
        if not _ID.fullmatch(task_id):
            raise EnrolError("not_found", f"{task_id[:64]!r} is no task", "list them first", where="task")
        return self.folder / task_id

    def ids(self) -> list[str]:
        """All tasks, the oldest first."""
        if not self.folder.is_dir():
            return []
        found = [each for each in self.folder.iterdir() if _ID.fullmatch(each.name) and (each / "task.json").is_file()]
        return [each.name for each in sorted(found, key=lambda e: (e.stat().st_ctime_ns, e.name))]

    def create(self, order: Order) -> Task:
        if len(self.ids()) >= TASKS:
            raise EnrolError("unsupported", f"there are {TASKS} tasks already", "delete finished ones", where="tasks")
        task = Task(id=f"voice-{secrets.token_hex(8)}", order=order, updated=self.now())
        self.path(task.id).mkdir(parents=True, mode=0o700)
        self.save(task)
        return task

    def load(self, task_id: str) -> Task:
        try:
            return Task.model_validate_json((self.path(task_id) / "task.json").read_bytes())
        except FileNotFoundError:
            raise EnrolError("not_found", f"there is no task {task_id}", "list them first", where="task") from None
        except (OSError, ValidationError) as error:
            raise EnrolError("broken", "its record cannot be read", "delete the task", where=task_id) from error

    def save(self, task: Task) -> None:
        write(self.path(task.id) / "task.json", task.model_dump_json(indent=1).encode())

    def delete(self, task_id: str) -> None:
        """Remove a task and what was uploaded; the voice that came of it stays until it is revoked."""
        path = self.path(task_id)
        if not path.is_dir():
            raise EnrolError("not_found", f"there is no task {task_id}", "list them first", where="task")
        shutil.rmtree(path)

    def keep(self, task: Task, name: str, value: object) -> None:
        """Keep something beside the task, as JSON."""
        write(self.path(task.id) / name, json.dumps(value, ensure_ascii=False).encode())

    def kept(self, task_id: str, name: str) -> object | None:
        try:
            found: object = json.loads((self.path(task_id) / name).read_bytes())
        except (OSError, ValueError):
            return None
        return found
