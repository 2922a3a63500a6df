"""`POST /v1/audio/speech`: a dialog's voice for any client that speaks the standard, streamed as it is made."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Any

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from agent.sentences import split, units
from avatars.voices.enrol.faults import EnrolError
from runtime.dialog import LiveDialog
from runtime.house import House
from runtime.outlets.file import SYNTHETIC
from runtime.outlets.wav import info_chunk
from runtime.server.body import read_json
from runtime.server.chat import Stream, dialog_named, problem, refused, unless_left
from runtime.server.guard import Guard
from runtime.server.speech_request import STANDARD, SpeechRequest, parse
from runtime.settings import Installation
from runtime.turn import PAUSE
from runtime.voices import Named, house_voice
from visavis.engines import Launcher, Style, Tts
from visavis.errors import AtCapacity, ClientError, ConfigError, EngineError, SetupError, VisavisError
from visavis.signal import to_bytes
from visavis.ssml import MarkupError, is_markup
from visavis.streams import closing
from visavis.words import RATE, Pcm

log = logging.getLogger(__name__)

PLACES = 8
"""Speeches at once; more are refused. Visitors who listen come first."""
BODY = 64 * 1024
CODER = "runtime.workers.sounds:SoundService"
MEDIA = {
    "mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac", "flac": "audio/flac", "wav": "audio/wav",
    "pcm": f"audio/pcm;rate={RATE}",
}  # fmt: skip
_ENDLESS = 0xFFFF_FFFF


def speech_routes(house: Callable[[], House], guard: Guard) -> APIRouter:
    """The route `/v1/audio/speech`."""
    router = APIRouter(prefix="/v1", tags=["audio"])
    busy: set[object] = set()

    @router.post("/audio/speech", summary="Speak a text in a dialog's voice")
    async def speak(request: Request) -> Response:
        if (refusal := refused(guard, request)) is not None:
            return refusal
        place, speech = object(), None
        try:
            if len(busy) >= PLACES:
                raise ClientError("at_capacity", f"all {PLACES} places are taken; try again later")
            busy.add(place)
            asked = parse(await read_json(request, BODY))
            dialog = dialog_named(house(), asked.model)
            voice = await asyncio.to_thread(wanted, asked, house().installation)
            speech = coded(asked, dialog, voice, house())
            first = await unless_left(request, anext(speech))
            if first is None:
                return Response(status_code=499)
            sounding = _sounding(asked, first, speech, partial(busy.discard, place))
            speech, place = None, object()
            return sounding
        except ClientError as error:
            return problem(error)
        except MarkupError as error:
            return problem(ClientError("invalid_value", str(error), param="input"))
        except (EngineError, SetupError, ConfigError, StopAsyncIteration) as error:
            return _failed(error)
        finally:
            busy.discard(place)
            if speech is not None:
                await speech.aclose()

    return router


def _failed(error: Exception) -> Response:
    full, told = isinstance(error, AtCapacity), str(error)
    if isinstance(error, StopAsyncIteration):
        told = "there is nothing to say in this text"
    elif not isinstance(error, EngineError):
        log.error("a voice that was asked for cannot be opened: %s", error)
        told = "this voice cannot be opened; the server's log says why"
    kind = {"message": told, "type": "server_error", "param": None, "code": "at_capacity" if full else "voice_failed"}
    return JSONResponse({"error": kind}, 429 if full else 503)


class Sounding(Stream):
    """`pieces` of what `rest` makes, as `media`; by default as the standard's events."""

    def __init__(
        self, pieces: Any, rest: AsyncGenerator[bytes, None], ended: Callable[[], None], media: str | None = None
    ) -> None:
        super().__init__(pieces, ended)
        self._rest = rest
        if media is not None:
            self.headers["content-type"] = media

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        except VisavisError as error:
            # without a last piece the server breaks the connection, so that nobody takes half of it for all of it
            log.warning("a speech broke off: %s", error)
        finally:
            await self._rest.aclose()


def _sounding(
    asked: SpeechRequest, first: bytes, rest: AsyncGenerator[bytes, None], ended: Callable[[], None]
) -> Sounding:
    if asked.stream_format == "sse":
        return Sounding(_events(asked, first, rest), rest, ended)
    return Sounding(whole(first, rest), rest, ended, MEDIA[asked.response_format])


async def whole(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """All pieces; raises what breaks the speech off."""
    yield first
    async for piece in rest:
        yield piece


async def _events(asked: SpeechRequest, first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[str, None]:
    try:
        async for piece in whole(first, rest):
            yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(piece).decode()})
    except VisavisError as error:
        log.warning("a speech broke off: %s", error)
        told = {"message": str(error), "type": "server_error", "param": None, "code": "voice_failed"}
        yield _event({"type": "error", "error": told})
        return
    said = units(asked.input)
    usage = {"input_tokens": said, "output_tokens": 0, "total_tokens": said}
    yield _event({"type": "speech.audio.done", "usage": usage})


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"


def wanted(asked: SpeechRequest, installation: Installation) -> Named | None:
    """The voice of the house that is asked for, None for the dialog's own. Raises ClientError where there is none."""
    if not asked.named:
        return None
    try:
        found = house_voice(asked.named, installation)
    except EnrolError as error:
        raise ClientError("voice_not_found", str(error), param="voice") from error
    if found is None and asked.named not in STANDARD:
        problem = f"there is no voice {asked.named[:32]!r} here; send `default` for the dialog's own"
        raise ClientError("voice_not_found", problem, param="voice")
    return found


async def coded(
    asked: SpeechRequest, dialog: LiveDialog, voice: Named | None, house: House
) -> AsyncGenerator[bytes, None]:
    """The speech in the format that is asked for, none of the pieces empty. Raises as `NamedVoices.lent`."""
    async with AsyncExitStack() as stack:
        tts = dialog.live_voice
        if voice is not None:
            tts = await stack.enter_async_context(house.voices.lent(voice, dialog.language))
        sound = await stack.enter_async_context(aclosing(spoken(asked.input, asked.style, tts)))
        if asked.response_format in ("pcm", "wav"):
            head = b"" if asked.response_format == "pcm" else wav_head()
            async for pcm in sound:
                yield head + to_bytes(pcm)
                head = b""
            return
        pieces = await stack.enter_async_context(aclosing(_packed(asked.response_format, sound, house.launcher)))
        async for data in pieces:
            yield data


async def spoken(text: str, style: Style, voice: Tts) -> AsyncGenerator[Pcm, None]:
    """The sound of the text, sentence by sentence, with pauses between them; of SSML as it says."""
    pause = False
    for sentence in (text,) if is_markup(text) else split(text):
        if pause:
            yield np.zeros(PAUSE, np.int16)
        async with closing(voice.speak(sentence, style)) as chunks:
            async for chunk in chunks:
                if len(chunk.pcm):
                    pause = True
                    yield chunk.pcm


async def _packed(form: str, sound: AsyncIterator[Pcm], launcher: Launcher) -> AsyncGenerator[bytes, None]:
    """Coded in a worker process; one answer for each piece of sound, of which the empty ones are left out."""
    pool = await launcher.pool(CODER)
    stream = await pool.open({"format": form, "metadata": {"comment": SYNTHETIC}})
    replies = aiter(stream)
    try:
        async for pcm in sound:
            await stream.append({"pcm": to_bytes(pcm)})
            data = (await anext(replies))["data"]
            if data:
                yield data
        await stream.end()
        async for reply in replies:
            if reply["data"]:
                yield reply["data"]
    finally:
        stream.cancel()


def wav_head() -> bytes:
    """The beginning of a WAV file of unknown length that says that it is synthetic."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", _ENDLESS, b"WAVE") + form + info_chunk() + struct.pack("<4sI", b"data", _ENDLESS)
    )
