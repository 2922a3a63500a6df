"""The form of `POST /v1/audio/transcriptions`: bounded while it is read, strict in what it holds."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import get_args

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from runtime.server.transcription_text import Format
from visavis.errors import ClientError

FILE = 25 * 1024 * 1024
"""Bytes that a recording may have."""
_FIELDS = 32
_FIELD = 64 * 1024
_WITHOUT_EFFECT = {"prompt", "temperature", "chunking_strategy", "keywords", "keywords[]", "languages", "languages[]"}
_REFUSED = {"known_speaker_names", "known_speaker_references", "known_speaker_names[]", "known_speaker_references[]"}
_GRANULARITIES = {"timestamp_granularities", "timestamp_granularities[]"}
_INCLUDE = {"include", "include[]"}


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for."""

    data: bytes
    model: str
    language: str
    format: Format
    words: bool
    segments: bool
    stream: bool


async def read_form(request: Request) -> Form:
    """Read and check the body. Raises ClientError."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise ClientError("invalid_form", "the body is no multipart form; send the recording as `file` of one")
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > FILE + _FIELDS * _FIELD:
        raise _too_large()
    parser = MultiPartParser(
        request.headers, _bounded(request.stream()), max_files=1, max_fields=_FIELDS, max_part_size=_FIELD
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        problem = getattr(error, "message", None) or "it cannot be read"
        raise ClientError("invalid_form", f"the form is not well made: {str(problem)[:120]}") from None
    try:
        return await _checked(form)
    finally:
        await form.close()


async def _bounded(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in pieces:
        size += len(piece)
        if size > FILE + _FIELDS * _FIELD:
            raise _too_large()
        yield piece


def _too_large() -> ClientError:
    return ClientError("too_large", f"the recording has more than {FILE >> 20} MB; cut or compress it", param="file")


async def _checked(form: FormData) -> Form:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise ClientError("missing_file", "there is no recording; send it as `file`", param="file")
    if (file.size or 0) > FILE:
        raise _too_large()
    said: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if name != "file":
            said.setdefault(name, []).append(str(value))
    known = {"model", "language", "response_format", "stream"} | _GRANULARITIES | _INCLUDE | _WITHOUT_EFFECT
    for name in said:
        if name in _REFUSED or name not in known:
            raise ClientError("unknown_parameter", f"{name[:64]!r} is not known here; leave it out", param=name[:64])
    return Form(await file.read(), _one(said, "model"), _one(said, "language"), *_shape(said))


def _shape(said: Mapping[str, list[str]]) -> tuple[Format, bool, bool, bool]:
    form = _one(said, "response_format") or "json"
    if form not in get_args(Format):
        problem = f"{form[:64]!r} is no format; write one of: {', '.join(get_args(Format))}"
        raise ClientError("invalid_value", problem, param="response_format")
    wanted = {each for name in _GRANULARITIES for each in said.get(name, ())}
    if wanted - {"word", "segment"}:
        problem = "timestamps are for `word` or `segment`"
        raise ClientError("invalid_value", problem, param="timestamp_granularities")
    if wanted and form != "verbose_json":
        problem = "timestamps come with `response_format` verbose_json; ask for that"
        raise ClientError("invalid_value", problem, param="timestamp_granularities")
    stream = _one(said, "stream").lower()
    if stream not in ("", "true", "false", "1", "0"):
        raise ClientError("invalid_value", "`stream` is true or false", param="stream")
    if any(said.get(name) for name in _INCLUDE):
        raise ClientError("invalid_value", "nothing more can be included; leave it out", param="include")
    return form, "word" in wanted, "word" not in wanted or "segment" in wanted, stream in ("true", "1")  # type: ignore[return-value]


def _one(said: Mapping[str, list[str]], name: str) -> str:
    values = said.get(name, [])
    if len(values) > 1:
        raise ClientError("invalid_value", f"`{name}` is there twice", param=name)
    return values[0].strip() if values else ""
