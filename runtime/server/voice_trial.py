"""`/api/voices` for the operator's page: hear any voice in any style, and what a task still needs or waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from agent.sentences import speakable
from agent.visitor import printable
from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.inspect.amount import AMOUNTS
from avatars.voices.enrol.scripts import script
from avatars.voices.enrol.service import CONSENT
from avatars.voices.enrol.task import Status
from runtime.house import House
from runtime.server.chat import dialog_named, unless_left
from runtime.server.guard import Guard
from runtime.server.rest.requests import read_object
from runtime.server.rest.route import route_class
from runtime.server.speech import Sounding, spoken, wav_head, whole
from runtime.server.speech_request import INPUT
from runtime.server.voice_desk import VoiceDesk
from runtime.settings import Installation
from runtime.voice_settings import Voice
from runtime.voices import Named, house_voice, voice_named
from visavis.engines import Style, Tts
from visavis.errors import ClientError, ConfigError, SetupError
from visavis.signal import to_bytes
from visavis.ssml import MarkupError
from visavis.words import Emotion

PLACES = 2
"""Voices that are tried at once; visitors who listen come first."""
Factor = Annotated[float, Field(ge=0.5, le=2.0)]


class Trial(BaseModel):
    """A text, plain or SSML, and how it is to be spoken; without a `voice` the dialog's own speaks."""

    model_config = ConfigDict(extra="forbid")
    input: Annotated[str, Field(max_length=INPUT), AfterValidator(printable)]
    dialog: str = Field(default="", max_length=64)
    voice: str = Field(default="", max_length=100)
    rate: Factor = 1.0
    pitch: Factor = 1.0
    energy: Factor = 1.0
    emotion: Emotion = Emotion.NEUTRAL
    degree: Annotated[float, Field(ge=0.0, le=2.0)] = 1.0

    @property
    def style(self) -> Style:
        return Style(self.emotion, rate=self.rate, pitch=self.pitch, energy=self.energy, degree=self.degree)


def trial_routes(installation: Installation, house: Callable[[], House], desk: VoiceDesk, guard: Guard) -> APIRouter:
    """The routes below `/api/voices` that try a voice and tell of a task."""
    router = APIRouter(prefix="/api/voices", tags=["voices"], route_class=route_class(guard))
    busy: set[object] = set()

    @router.post("/say", summary="Speak a text in a voice and a style, as a WAV stream")
    async def say(request: Request) -> Response:
        asked = _asked(await read_object(request))
        if len(busy) >= PLACES:
            raise ClientError("busy", f"{PLACES} voices are being tried; try again in a moment")
        place, sounding = object(), None
        busy.add(place)
        sound = _sound(asked, installation, house())
        try:
            first = await unless_left(request, anext(sound))
            if first is None:
                return Response(status_code=499)
            sounding = Sounding(whole(first, sound), sound, lambda: busy.discard(place), "audio/wav")
            return sounding
        except MarkupError as error:
            raise ClientError("invalid", str(error), param="input") from error
        except StopAsyncIteration:
            raise ClientError(
                "invalid", "there is nothing to say in this text; give some words", param="input"
            ) from None
        finally:
            if sounding is None:
                busy.discard(place)
                await sound.aclose()

    @router.get("/tasks/{task}/order", summary="What is to be made, what has to be read, what was uploaded")
    async def order(task: str) -> Response:
        found = await asyncio.to_thread(desk.enrolling.tasks.load, task)
        wanted, amount = found.order, AMOUNTS[found.order.profile]
        files = [
            {"recording": role, "name": each.name, "size": each.size, "complete": each.whole}
            for role, each in found.recordings.items()
        ]
        return JSONResponse({
            **wanted.model_dump(mode="json"), "script": script(wanted.language, wanted.speaker, wanted.company),
            "least_s": amount.least, "most_s": amount.most, "recordings": files,
            "authorised": found.consent is not None and found.consent.whole,
        })  # fmt: skip

    @router.delete("/tasks/{task}/recordings/{recording}", summary="Leave a recording out", status_code=204)
    async def leave_out(task: str, recording: str) -> Response:
        tasks = desk.enrolling.tasks
        async with desk.lock(task):
            found = await asyncio.to_thread(tasks.load, task)
            upload = found.recordings.pop(recording, None)
            if upload is None:
                raise EnrolError("not_found", f"there is no recording {recording[:20]!r}", "see its order", where=task)
            if found.status is not Status.CREATED:
                raise EnrolError("unsupported", "its recordings are in use", "reopen the task first", where=task)
            found.note(f"recording {recording} is left out", tasks.now())
            await asyncio.to_thread(tasks.save, found)
            await asyncio.to_thread((tasks.path(task) / upload.kept).unlink, missing_ok=True)
        return Response(status_code=204)

    @router.get("/tasks/{task}/consent", summary="The spoken authorisation, for whoever has to listen to it")
    async def consent(task: str) -> Response:
        await asyncio.to_thread(desk.enrolling.tasks.load, task)
        path = desk.enrolling.tasks.path(task) / CONSENT
        if not path.is_file():
            raise EnrolError("not_found", "the authorisation is not decoded yet", "submit the task", where=task)
        return FileResponse(path, media_type="audio/wav")

    return router


def _asked(body: dict[str, Any]) -> Trial:
    try:
        asked = Trial.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        where = str(first["loc"][0]) if first["loc"] else "body"
        raise ClientError("invalid", f"{first['msg']}; correct it", param=where) from error
    if not speakable(asked.input):
        raise ClientError("invalid", "there is nothing to say in it; give some words", param="input")
    return asked


async def _sound(asked: Trial, installation: Installation, house: House) -> AsyncGenerator[bytes, None]:
    """A WAV file of unknown length that says that it is synthetic. Raises ClientError, EngineError or MarkupError."""
    try:
        dialog = dialog_named(house, asked.dialog)
    except ClientError as error:
        raise ClientError("not_found", str(error), param="dialog") from error
    head = wav_head()
    async with AsyncExitStack() as stack:
        voice: Tts = dialog.live_voice
        if asked.voice:
            named = await asyncio.to_thread(_named, asked.voice, installation, dialog.settings.voices[0])
            try:
                voice = await stack.enter_async_context(house.voices.lent(named, dialog.language))
            except (ConfigError, SetupError) as error:
                raise ClientError("unsupported", f"it cannot speak here: {error}", param="voice") from error
        sound = await stack.enter_async_context(aclosing(spoken(asked.input, asked.style, voice)))
        async for pcm in sound:
            yield head + to_bytes(pcm)
            head = b""


def _named(name: str, installation: Installation, usual: Voice) -> Named:
    """A voice of the house, or one of the dialog's engine. Raises EnrolError for one that was taken back."""
    return house_voice(name, installation) or Named(*voice_named(name, installation, usual))
