"""Speech as a WAV file that says it is synthetic."""

from __future__ import annotations

import io
import secrets
import struct
import wave
from collections.abc import Iterable
from pathlib import Path

from runtime.outlets.file import SYNTHETIC
from visavis.words import RATE, Pcm


def write_wav(path: Path, pieces: Iterable[Pcm], *, rate: int = RATE, comment: str = SYNTHETIC) -> int:
    """Write mono 16-bit PCM to `path` at once or not at all; returns the samples. Raises OSError."""
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        for piece in pieces:
            file.writeframes(piece.astype("<i2", copy=False).tobytes())
        samples = file.getnframes()
    data = bytearray(body.getvalue() + info_chunk(comment))
    struct.pack_into("<I", data, 4, len(data) - 8)
    hidden = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        hidden.write_bytes(data)
        hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)
    return samples


def info_chunk(comment: str = SYNTHETIC) -> bytes:
    """The RIFF chunk that says what the sound is and who made it."""
    return _chunk(b"LIST", b"INFO" + _chunk(b"ICMT", comment.encode() + b"\0") + _chunk(b"ISFT", b"visavis\0"))


def _chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk, padded to an even length."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
