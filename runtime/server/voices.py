"""`/api/voices`: the voices that there are, and the tasks that enrol new ones."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from pydantic import ValidationError

from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.scripts import language_of, script
from avatars.voices.enrol.store import SAMPLE
from avatars.voices.enrol.task import Order, result
from runtime.enrolling import FINDINGS, REPORT
from runtime.server.guard import Guard
from runtime.server.rest.requests import only, read_object
from runtime.server.rest.route import route_class
from runtime.server.voice_desk import VoiceDesk
from runtime.server.voice_upload import take
from runtime.voices import told

BATCH = 100
"""Tasks of one batch."""
FileName = Annotated[str, Query(min_length=1, max_length=255, description="The file's name, with its ending.")]


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
        return JSONResponse({"items": [await desk.one_of(str(action), each) for each in ids]})

    @router.get("/tasks/{task}", summary="The result of a task, so far")
    async def read(task: str) -> Response:
        return JSONResponse(result(await asyncio.to_thread(desk.enrolling.tasks.load, task)))

    @router.delete("/tasks/{task}", summary="Delete a task and what was uploaded", status_code=204)
    async def delete(task: str) -> Response:
        await desk.delete(task)
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
        return JSONResponse(result(await desk.submit(task)), 202)

    @router.post("/tasks/{task}/reopen", summary="Take more files after a failure")
    async def reopen(task: str) -> Response:
        return JSONResponse(result(await desk.reopen(task)))

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

    @router.delete("/{name}", summary="Take a voice back: all that was made of it, and what was uploaded, is deleted")
    async def revoke(name: str, uploads: Literal["delete", "keep"] = "delete") -> Response:
        stone = await desk.take_back(name, uploads=uploads == "keep")
        return JSONResponse({"revoked": True, **stone.model_dump(mode="json")})


# ── what they do ──
def _order(body: dict[str, Any]) -> Order:
    if "approved_by" in body:
        problem, remedy = "nobody can have listened yet", "approve the task by its review, when it waits for a person"
        raise EnrolError("invalid", problem, remedy, where="approved_by")
    try:
        return Order.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise EnrolError("invalid", str(first["msg"]), "see /openapi.json", where=where) from error


async def _taken(request: Request, desk: VoiceDesk, task_id: str, role: str, name: str) -> Response:
    async with desk.lock(task_id):
        file = await take(request, desk.enrolling.tasks, task_id, role, name)
    return JSONResponse({"file": role, "size": file.size, "complete": file.whole})
