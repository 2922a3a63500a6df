"""The JSON body of a request: bounded while it is read, strict in what it holds."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any, NoReturn

from fastapi import Request

from visavis.errors import ClientError

LARGE = 32 * 1024
"""Bytes from which a body is parsed beside the event loop."""


async def read_json(request: Request, most: int) -> Any:
    """The parsed body, of at most `most` bytes. Raises ClientError."""
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise _too_large(most)
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > most:
            raise _too_large(most)
    return await asyncio.to_thread(_parsed, raw) if len(raw) > LARGE else _parsed(raw)


def _parsed(raw: bytearray) -> Any:
    """Raises ClientError."""
    try:
        found = json.loads(raw, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_once)
        _whole(found)
        return found
    except (ValueError, RecursionError) as error:
        problem = f"the body is not JSON: {str(error)[:120]}; correct it"
        raise ClientError("invalid_json", problem) from error


def _too_large(most: int) -> ClientError:
    return ClientError("too_large", f"the body has more than {most:,} bytes; send less")


def _whole(found: Any) -> None:
    """Raises ValueError where half of a character stands alone, such as "\\ud83d": no text can hold it."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half a character (a surrogate by itself)") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
