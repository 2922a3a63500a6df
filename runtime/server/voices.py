"""`/api/voices`: the voices that there are, and the tasks that enrol new ones."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from pydantic import ValidationError

from avatars.voices.enrol import upload
from avatars.voices.enrol.decode import FILE_LIMIT
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.scripts import language_of, script
from avatars.voices.enrol.store import SAMPLE
from avatars.voices.enrol.task import Order, Status, Task, Upload, result
from runtime.enrolling import FINDINGS, REPORT, Enrolling
from runtime.house import House
from runtime.server.guard import Guard
from runtime.server.rest.requests import only, read_object
from runtime.server.rest.route import route_class
from runtime.settings import Installation
from runtime.voices import told
from visavis.errors import VisavisError

log = logging.getLogger(__name__)

BATCH = 100
"""Tasks of one batch."""
FileName = Annotated[str, Query(min_length=1, max_length=255, description="The file's name, with its ending.")]
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class VoiceDesk:
    """The tasks of the server, and what works on them in the background."""

    def __init__(self, installation: Installation, house: Callable[[], House]) -> None:
        self.installation, self._house = installation, house
        self._enrolling: Enrolling | None = None
        self._working: dict[str, asyncio.Task[None]] = {}
        self._writing: dict[str, asyncio.Lock] = {}

    @property
    def enrolling(self) -> Enrolling:
        """Made when it is first needed, as the house is open then."""
        if self._enrolling is None:
            self._enrolling = Enrolling(self.installation, self._house().launcher)
        return self._enrolling

    def lock(self, task_id: str) -> asyncio.Lock:
        """Held while a task's record is changed."""
        return self._writing.setdefault(task_id, asyncio.Lock())

    def resume(self) -> None:
        """Go on with what was submitted before the server ended."""
        for task_id in self.enrolling.waiting():
            self.work(task_id)

    def work(self, task_id: str) -> None:
        """Carry a submitted task, in the background."""
        working = asyncio.create_task(self._carry(task_id), name=f"enrol {task_id}")
        self._working[task_id] = working
        working.add_done_callback(lambda _: self._working.pop(task_id, None))

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

    async def _carry(self, task_id: str) -> None:
        try:
            await self.enrolling.process(task_id)
        except VisavisError as error:
            log.warning("%s: %s", task_id, error)
        except OSError as error:
            log.error("%s cannot go on: %s", task_id, error.strerror)


def voice_routes(desk: VoiceDesk, guard: Guard) -> APIRouter:
    """The routes below `/api/voices`."""
    router = APIRouter(prefix="/api/voices", tags=["voices"], route_class=route_class(guard))
    _tasks(router, desk)
    _files(router, desk)
    _steps(router, desk)
    _voices(router, desk)
    return router


def _tasks(router: APIRouter, desk: VoiceDesk) -> None:
    @router.get("/tasks", summary="List the tasks")
    async def listed(offset: int = Query(0, ge=0), limit: int = Query(100, ge=1, le=500)) -> Response:
        def read() -> dict[str, Any]:
            ids = desk.enrolling.tasks.ids()
            found = [result(desk.enrolling.tasks.load(each)) for each in ids[offset : offset + limit]]
            return {"total": len(ids), "offset": offset, "limit": limit, "items": found}

        return JSONResponse(await asyncio.to_thread(read))

    @router.post("/tasks", summary="Create a task", status_code=201)
    async def made(request: Request) -> Response:
        order = _order(await read_object(request))
        task = await asyncio.to_thread(desk.enrolling.tasks.create, order)
        said = {"script": script(order.language, order.speaker, order.company)}
        return JSONResponse(result(task) | said, 201, {"Location": f"/api/voices/tasks/{task.id}"})

    @router.post("/tasks/batch", summary="Submit, read or delete several tasks")
    async def batch(request: Request) -> Response:
        body = await read_object(request)
        only(body, {"action", "ids"})
        action, ids = body.get("action"), body.get("ids")
        if action not in ("submit", "status", "delete"):
            raise EnrolError("invalid", "there is no such action", "use submit, status or delete", where="action")
        if not isinstance(ids, list) or not 0 < len(ids) <= BATCH or not all(isinstance(i, str) for i in ids):
            raise EnrolError("invalid", f"it is no list of up to {BATCH} ids", "send their taskId", where="ids")
        return JSONResponse({"items": [await _one_of(desk, str(action), each) for each in ids]})

    @router.get("/tasks/{task}", summary="The result of a task, so far")
    async def read(task: str) -> Response:
        return JSONResponse(result(await asyncio.to_thread(desk.enrolling.tasks.load, task)))

    @router.delete("/tasks/{task}", summary="Delete a task and what was uploaded", status_code=204)
    async def delete(task: str) -> Response:
        await _deleted(desk, task)
        return Response(status_code=204)

    @router.get("/tasks/{task}/logs", summary="What happened to a task")
    async def logs(task: str) -> Response:
        found = await asyncio.to_thread(desk.enrolling.tasks.load, task)
        return JSONResponse({"items": [each.model_dump(mode="json") for each in found.log]})

    @router.get("/tasks/{task}/report", summary="What was found in the recordings")
    async def report(task: str) -> Response:
        await asyncio.to_thread(desk.enrolling.tasks.load, task)
        found = await asyncio.to_thread(desk.enrolling.tasks.kept, task, FINDINGS)
        if found is None:
            raise EnrolError("not_found", "the recordings are not inspected yet", "submit the task", where=task)
        return JSONResponse(found)

    @router.get("/tasks/{task}/report.html", summary="The same as a page", response_class=HTMLResponse)
    async def paged(task: str) -> Response:
        path = desk.enrolling.tasks.path(task) / REPORT
        if not path.is_file():
            raise EnrolError("not_found", "the recordings are not inspected yet", "submit the task", where=task)
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
        return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": policy})


def _files(router: APIRouter, desk: VoiceDesk) -> None:
    @router.put("/tasks/{task}/recordings/{recording}", summary="Upload a recording, whole or in pieces")
    async def recording(request: Request, task: str, recording: str, name: FileName) -> Response:
        return await _taken(request, desk, task, recording, name)

    @router.put("/tasks/{task}/consent", summary="Upload the spoken authorisation, whole or in pieces")
    async def consent(request: Request, task: str, name: FileName) -> Response:
        return await _taken(request, desk, task, "consent", name)


def _steps(router: APIRouter, desk: VoiceDesk) -> None:
    @router.post("/tasks/{task}/submit", summary="Have the recordings inspected and the voice made", status_code=202)
    async def submit(task: str) -> Response:
        return JSONResponse(result(await _submitted(desk, task)), 202)

    @router.post("/tasks/{task}/reopen", summary="Take more files after a failure")
    async def reopen(task: str) -> Response:
        async with desk.lock(task):
            found = await asyncio.to_thread(desk.enrolling.tasks.load, task)
            found.to(
                Status.CREATED, "upload what is missing, then submit", desk.enrolling.tasks.now(), stage="material"
            )
            await asyncio.to_thread(desk.enrolling.tasks.save, found)
        return JSONResponse(result(found))

    @router.post("/tasks/{task}/review", summary="A person says whether the authorisation is right")
    async def review(request: Request, task: str) -> Response:
        body = await read_object(request)
        only(body, {"approve", "by"})
        approve, by = body.get("approve"), body.get("by")
        if not isinstance(approve, bool):
            raise EnrolError("invalid", "it is not true or false", "write true or false", where="approve")
        if not isinstance(by, str) or not by.strip() or len(by) > 80:
            raise EnrolError("invalid", "nobody is named", "give the name of who has listened", where="by")
        step = desk.enrolling.approve if approve else desk.enrolling.reject
        return JSONResponse(result(await step(task, by)))


def _voices(router: APIRouter, desk: VoiceDesk) -> None:
    @router.get("", summary="List the voices")
    async def listed() -> Response:
        found = await asyncio.to_thread(told, desk.enrolling.store, desk.installation.presets)
        return JSONResponse({"items": found})

    @router.get("/script", summary="What the speaker reads to allow it")
    async def authorisation(
        speaker: str = Query(min_length=1, max_length=80),
        company: str = Query(min_length=1, max_length=80),
        language: str = "en",
    ) -> Response:
        try:
            tongue = language_of(language)
        except ValueError as error:
            raise EnrolError(
                "invalid", str(error).partition("; ")[0], "use zh, en, ja or ko", where="language"
            ) from error
        return JSONResponse({"language": tongue, "script": script(tongue, speaker, company)})

    @router.get("/{name}", summary="One enrolled voice")
    async def one(name: str) -> Response:
        found = await asyncio.to_thread(desk.enrolling.store.load, name)
        return JSONResponse(found.model_dump(mode="json"))

    @router.get("/{name}/sample", summary="What it sounds like")
    async def sample(name: str) -> Response:
        await asyncio.to_thread(desk.enrolling.store.usable, name)
        path = desk.enrolling.store.path(name) / SAMPLE
        if not path.is_file():
            raise EnrolError("not_found", "it has not spoken yet", "install an engine that can", where=name)
        return FileResponse(path, media_type="audio/wav")

    @router.delete("/{name}", summary="Take a voice back: all that was made of it is deleted")
    async def revoke(name: str) -> Response:
        stone = await asyncio.to_thread(desk.enrolling.store.revoke, name)
        return JSONResponse({"revoked": True, **stone.model_dump(mode="json")})


# ── what they do ──
def _order(body: dict[str, Any]) -> Order:
    try:
        return Order.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise EnrolError("invalid", str(first["msg"]), "see /openapi.json", where=where) from error


async def _submitted(desk: VoiceDesk, task_id: str) -> Task:
    tasks = desk.enrolling.tasks
    async with desk.lock(task_id):
        task = await asyncio.to_thread(tasks.load, task_id)
        upload.complete(task)
        if desk.enrolling.store.has(task.order.name):
            problem, remedy = "there is a voice of that name", "revoke it first, or choose another name"
            raise EnrolError("exists", problem, remedy, where=task.order.name)
        task.to(Status.SUBMITTED, "waits for its turn", tasks.now())
        await asyncio.to_thread(tasks.save, task)
    desk.work(task_id)
    return task


async def _deleted(desk: VoiceDesk, task_id: str) -> None:
    await desk.stop(task_id)
    await asyncio.to_thread(desk.enrolling.tasks.delete, task_id)


async def _one_of(desk: VoiceDesk, action: str, task_id: str) -> dict[str, Any]:
    """One task of a batch: its result, or what was wrong with it."""
    try:
        if action == "delete":
            await _deleted(desk, task_id)
            return {"taskId": task_id, "deleted": True}
        if action == "submit":
            return result(await _submitted(desk, task_id))
        return result(await asyncio.to_thread(desk.enrolling.tasks.load, task_id))
    except EnrolError as error:
        return {"taskId": task_id[:64], "error": {"code": error.code, "message": str(error)}}


async def _taken(request: Request, desk: VoiceDesk, task_id: str, role: str, name: str) -> Response:
    """Take the body as a file, or as the piece of it that `Content-Range` says."""
    tasks = desk.enrolling.tasks
    async with desk.lock(task_id):
        task = await asyncio.to_thread(tasks.load, task_id)
        file = upload.begin(tasks, task, role, name)
        start, end, total = _piece(request)
        upload.allowed(task, file, start, total)
        most = FILE_LIMIT if end is None else end - start + 1
        path = upload.place(tasks, task, file)
        await _cleared(task, role, file, tasks.path(task_id))
        took = await _streamed(request, path, start, most)
        if end is not None and took != most:
            await asyncio.to_thread(_cut, path, start)
            raise EnrolError("invalid", f"{took} of {most} bytes came", "send the piece again", where=file.name)
        file.size, file.total = start + took, total if end is not None else start + took
        if not file.size:
            raise EnrolError("invalid", "the file is empty", "record it again", where=file.name)
        upload.put(task, role, file)
        task.note(f"{role} has {file.size} bytes", tasks.now())
        await asyncio.to_thread(tasks.save, task)
    return JSONResponse({"file": role, "size": file.size, "complete": file.whole})


async def _cleared(task: Task, role: str, file: Upload, folder: Path) -> None:
    """Another file takes the place of an earlier one of the same role."""
    earlier = task.consent if role == "consent" else task.recordings.get(role)
    if earlier is not None and earlier.kept != file.kept:
        await asyncio.to_thread((folder / earlier.kept).unlink, missing_ok=True)


def _piece(request: Request) -> tuple[int, int | None, int | None]:
    """First and last byte and the whole's length; a body without a range is the whole."""
    said = request.headers.get("content-range")
    if said is None:
        length = request.headers.get("content-length", "")
        return 0, None, int(length) if length.isdecimal() and len(length) < 16 else None
    found = _RANGE.fullmatch(said)
    start, end, total = map(int, found.groups()) if found else (0, -1, 0)
    if not start <= end < total:
        raise EnrolError("invalid", "it is no range", "write `bytes 0-1023/4096`", where="Content-Range")
    return start, end, total


async def _streamed(request: Request, path: Path, start: int, most: int) -> int:
    """Write the body from `start` on; the bytes that came. What is too long is cut off again."""
    took = 0
    with await asyncio.to_thread(path.open, "r+b" if start else "wb") as file:
        file.seek(start)
        async for piece in request.stream():
            took += len(piece)
            if took > most:
                file.truncate(start)
                raise EnrolError("too_large", f"more than {most:,} bytes came", "cut the recording", where=path.name)
            await asyncio.to_thread(file.write, piece)
        file.truncate()
    return took


def _cut(path: Path, size: int) -> None:
    with suppress(OSError), path.open("r+b") as file:
        file.truncate(size)
