"""Clipping: what share of the speech runs against a ceiling."""

from __future__ import annotations

from avatars.voices.enrol.inspect.finding import Found, Severity
from avatars.voices.enrol.inspect.take import Take

LIMIT, ERROR = 1.0, 10.0
"""Clipped places a minute of speech."""


def find(take: Take) -> list[Found]:
    places = [
        (start + begin, start + end)
        for start, each in zip(take.starts, take.recordings, strict=True)
        for begin, end in each.source.clipped
    ]
    minutes = max(take.effective_s, 1.0) / 60
    rate = len(places) / minutes
    if rate <= LIMIT:
        return []
    severity: Severity = "error" if rate > ERROR else "warning"
    shown = places[:: max(1, len(places) // 20)][:20]
    return [Found("clipping", severity, start, end, rate, LIMIT, "1/min") for start, end in shown]
