"""A transcription as it is written: JSON, plain text, subtitles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from visavis.engines import HeardWord

Format = Literal["json", "text", "srt", "verbose_json", "vtt"]
Json = dict[str, Any]
MEDIA = {"text": "text/plain", "srt": "text/plain", "vtt": "text/vtt"}


@dataclass(frozen=True, slots=True)
class Segment:
    """What was said between two pauses; seconds from the beginning of the recording."""

    start: float
    end: float
    text: str
    confidence: float
    words: tuple[HeardWord, ...] = ()


def joined(segments: Sequence[Segment], language: str) -> str:
    """All of it; Chinese and Japanese put no space between sentences."""
    space = "" if language.split("-")[0].lower() in ("zh", "ja", "yue") else " "
    return space.join(segment.text for segment in segments if segment.text)


def as_json(segments: Sequence[Segment], language: str, seconds: float) -> Json:
    usage = {"type": "duration", "seconds": math.ceil(seconds)}
    return {"text": joined(segments, language), "usage": usage}


def as_verbose(segments: Sequence[Segment], language: str, seconds: float, *, words: bool, parts: bool) -> Json:
    """Words only where the recogniser knows their times."""
    told = {"task": "transcribe", "language": language, "duration": round(seconds, 3)}
    told |= as_json(segments, language, seconds)
    if parts:
        told["segments"] = [_part(number, segment) for number, segment in enumerate(segments)]
    if words:
        told["words"] = [
            {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
            for segment in segments
            for word in segment.words
        ]
    return told


def _part(number: int, segment: Segment) -> Json:
    """What is asked of a Whisper alone is written as if it were unknown: zero."""
    return {
        "id": number,
        "seek": 0,
        "start": round(segment.start, 3),
        "end": round(segment.end, 3),
        "text": segment.text,
        "tokens": [],
        "temperature": 0.0,
        "avg_logprob": round(math.log(max(segment.confidence, 1e-9)), 4),
        "compression_ratio": 1.0,
        "no_speech_prob": 0.0,
    }


def as_subtitles(segments: Sequence[Segment], form: Format) -> str:
    """SRT or WebVTT; a text's own arrows and blank lines cannot end a cue."""
    point = "." if form == "vtt" else ","
    cues = []
    for number, segment in enumerate(segments, 1):
        text = " ".join(segment.text.replace("-->", "->").split())
        if form == "vtt":
            text = text.replace("&", "&amp;").replace("<", "&lt;")
        times = f"{_clock(segment.start, point)} --> {_clock(segment.end, point)}"
        cues.append(f"{times}\n{text}\n" if form == "vtt" else f"{number}\n{times}\n{text}\n")
    return ("WEBVTT\n\n" if form == "vtt" else "") + "\n".join(cues)


def _clock(seconds: float, point: str) -> str:
    ms = round(seconds * 1_000)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1_000 % 60:02}{point}{ms % 1_000:03}"
