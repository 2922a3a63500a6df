"""The part of the recordings that the voice is made of: speech, without what the inspection found in it."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterable

import numpy as np

from avatars.voices.enrol.inspect import Inspection, Take
from avatars.voices.enrol.sound import Span
from visavis.signal import from_bytes, to_bytes
from visavis.words import RATE, Pcm

LONGEST_S = 60.0
AROUND_S = 0.12
_AVOIDED = frozenset({"second_speaker", "clipping", "filler", "plosive", "level_drift"})


def clip_of(take: Take, inspection: Inspection) -> Pcm:
    """At most a minute of good speech at `RATE`, each piece with a short pause around it."""
    bad = list(_bad(take, inspection))
    pieces: list[Pcm] = []
    length = 0.0
    for start, end in take.speech:
        if any(start < stop and begin < end for begin, stop in bad):
            continue
        if length + end - start > LONGEST_S:
            break
        pieces.append(take.pcm[round(max(0.0, start - AROUND_S) * RATE) : round((end + AROUND_S) * RATE)])
        length += end - start
    if length < LONGEST_S / 6:  # too little is faultless
        return take.pcm[: round(LONGEST_S * RATE)]
    return np.concatenate(pieces)


def _bad(take: Take, inspection: Inspection) -> Iterable[Span]:
    starts = dict(zip((each.name for each in take.recordings), take.starts, strict=True))
    for each in inspection.findings:
        if each.rule in _AVOIDED:
            yield starts[each.file] + each.start_s, starts[each.file] + each.end_s


def wav_bytes(pcm: Pcm, rate: int = RATE) -> bytes:
    """Mono PCM16 as a WAV file; of recordings alone, never of what is synthesised."""
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(to_bytes(pcm))
    return body.getvalue()


def read_wav(data: bytes) -> tuple[Pcm, int]:
    """A mono PCM16 WAV file of our own, and its rate. Raises ValueError."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise ValueError("it is not mono PCM16")
            return from_bytes(file.readframes(file.getnframes())), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(str(error) or "it is cut off") from error
