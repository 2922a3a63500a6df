"""`POST /v1/audio/transcriptions`: a dialog's recogniser for recordings, for any client that speaks the standard."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from runtime.dialog import LiveDialog
from runtime.hearing.speech import checked
from runtime.house import House
from runtime.server.chat import Stream, dialog_named, problem, refused, unless_left
from runtime.server.guard import Guard
from runtime.server.transcription_form import Form, read_form
from runtime.server.transcription_text import MEDIA, Segment, as_json, as_subtitles, as_verbose, joined
from visavis.engines import Asr, Launcher, Message, Pool, Transcript
from visavis.errors import AtCapacity, ClientError, EngineError
from visavis.signal import from_bytes, resample
from visavis.streams import closing
from visavis.vad import VAD_RATE
from visavis.words import Pcm

log = logging.getLogger(__name__)

PLACES = 4
"""Transcriptions at once; more are refused. Visitors who speak come first."""
STRETCH_S = 120.0
"""How long a recogniser may take for one stretch, of half a minute at the most."""
WAIT_S, WAITS = 0.5, 20
"""Between two tries of a recogniser that takes no more, and how many there are."""
_SERVICE = "runtime.hearing.recording_service:RecordingService"
_PIECE = 1 << 20


def transcription_routes(house: Callable[[], House], guard: Guard) -> APIRouter:
    """The route `/v1/audio/transcriptions`."""
    router = APIRouter(prefix="/v1", tags=["audio"])
    decoders = _Decoders()
    busy: set[object] = set()

    @router.post("/audio/transcriptions", summary="Write down a recording")
    async def transcribe(request: Request) -> Response:
        if (refusal := refused(guard, request)) is not None:
            return refusal
        place = object()
        try:
            if len(busy) >= PLACES:
                raise ClientError("at_capacity", f"all {PLACES} places are taken; try again later")
            busy.add(place)
            form = await read_form(request)
            dialog, asr = _hearing(house(), form)
            work = Transcription(form, dialog, asr, await decoders.of(dialog.house.launcher))
            if form.stream:
                stream = Stream(work.events(), partial(busy.discard, place))
                place = object()
                return stream
            return await unless_left(request, work.whole()) or Response(status_code=499)
        except ClientError as error:
            return problem(error)
        except EngineError as error:
            return _failed(error)
        finally:
            busy.discard(place)

    return router


def _hearing(house: House, form: Form) -> tuple[LiveDialog, Asr]:
    """The dialog that is named, and its recogniser. Raises ClientError."""
    dialog = dialog_named(house, form.model)
    if dialog.hearing is None:
        raise ClientError("hearing_unavailable", f"{dialog.name}: {dialog.deaf_because}", param="model")
    asked, understood = form.language.split("-")[0].lower(), dialog.language.split("-")[0].lower()
    if asked and asked != understood:
        told = f"{dialog.name} understands {dialog.language}, not {form.language[:16]!r}; name another dialog"
        raise ClientError("unsupported_language", told, param="language")
    return dialog, dialog.hearing


def _failed(error: EngineError) -> Response:
    if isinstance(error, AtCapacity):
        return problem(ClientError("at_capacity", str(error)))
    told = {"message": str(error), "type": "server_error", "param": None, "code": "engine_failed"}
    return JSONResponse({"error": told}, 503)


class _Decoders:
    """The processes that decode, started by the first recording."""

    def __init__(self) -> None:
        self._pool: Pool | None = None
        self._starting = asyncio.Lock()

    async def of(self, launcher: Launcher) -> Pool:
        """The launcher ends them."""
        async with self._starting:
            if self._pool is None:
                self._pool = await launcher.pool(_SERVICE, options={"capacity": PLACES})
            return self._pool


class Transcription:
    """One recording, written down stretch by stretch."""

    def __init__(self, form: Form, dialog: LiveDialog, asr: Asr, decoders: Pool) -> None:
        self._form, self._dialog, self._asr, self._decoders = form, dialog, asr, decoders
        self._seconds = 0.0

    async def whole(self) -> Response:
        """The answer in the form that was asked for. Raises ClientError or EngineError."""
        form, language = self._form, self._dialog.language
        segments = [segment async for segment in self._segments()]
        if form.format == "json":
            return JSONResponse(as_json(segments, language, self._seconds))
        if form.format == "verbose_json":
            told = as_verbose(segments, language, self._seconds, words=form.words, parts=form.segments)
            return JSONResponse(told)
        text = joined(segments, language) + "\n" if form.format == "text" else as_subtitles(segments, form.format)
        return PlainTextResponse(text, media_type=MEDIA[form.format])

    async def events(self) -> AsyncGenerator[str, None]:
        """The answer as server-sent events, a delta a stretch."""
        told: list[Segment] = []
        text = ""
        try:
            async with closing(self._segments()) as segments:
                async for segment in segments:
                    told.append(segment)
                    before, text = text, joined(told, self._dialog.language)
                    yield _event({"type": "transcript.text.delta", "delta": text[len(before) :]})
            yield _event({"type": "transcript.text.done", "text": text})
        except (ClientError, EngineError) as error:
            log.warning("%s: a transcription broke off: %s", self._dialog.name, error)
            kind = "invalid_request_error" if isinstance(error, ClientError) else "server_error"
            code = error.code if isinstance(error, ClientError) else "engine_failed"
            yield _event({"error": {"message": str(error), "type": kind, "param": None, "code": code}})
        yield "data: [DONE]\n\n"

    async def _segments(self) -> AsyncGenerator[Segment, None]:
        async with closing(self._stretches()) as stretches:
            async for at, pcm in stretches:
                heard = await self._heard(pcm)
                if heard.text:
                    words = tuple(replace(word, start=word.start + at, end=word.end + at) for word in heard.words)
                    yield Segment(at, at + len(pcm) / VAD_RATE, heard.text, heard.confidence, words)

    async def _stretches(self) -> AsyncGenerator[tuple[float, Pcm], None]:
        """The stretches of voice, with the seconds that they begin at."""
        stream = await self._decoders.open({})
        try:
            data = self._form.data
            for at in range(0, max(1, len(data)), _PIECE):
                await stream.append({"data": data[at : at + _PIECE]})
            replies = aiter(stream)
            while True:
                await stream.append({"next": True})
                reply: Message = await anext(replies)
                if "problem" in reply:
                    raise ClientError(reply["code"], reply["problem"], param="file")
                if "seconds" in reply:
                    self._seconds = reply["seconds"]
                    return
                yield reply["at"], from_bytes(reply["pcm"])
        except StopAsyncIteration:
            raise EngineError("transcriptions", "the decoder ended early", "send it again", retryable=True) from None
        finally:
            stream.cancel()

    async def _heard(self, pcm: Pcm) -> Transcript:
        """The final transcript of one stretch; it waits a while for a recogniser that visitors keep busy."""
        for _ in range(WAITS):
            try:
                return await self._once(pcm)
            except AtCapacity:
                await asyncio.sleep(WAIT_S)
        return await self._once(pcm)

    async def _once(self, pcm: Pcm) -> Transcript:
        """Raises EngineError."""
        try:
            async with asyncio.timeout(STRETCH_S), closing(self._asr.transcribe(self._pieces(pcm))) as replies:
                async for reply in replies:
                    transcript = checked(reply)
                    if transcript.final:
                        return transcript
        except TimeoutError:
            raise EngineError("asr", "the transcript did not come in time", "send a shorter recording") from None
        raise EngineError("asr", "it ended without a final transcript", "report it to the engine's author")

    async def _pieces(self, pcm: Pcm) -> AsyncIterator[Pcm]:
        hz = self._asr.capabilities.sample_rate
        sound = pcm if hz == VAD_RATE else await asyncio.to_thread(resample, pcm, VAD_RATE, hz)
        for at in range(0, len(sound), hz // 10):
            yield sound[at : at + hz // 10]


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
