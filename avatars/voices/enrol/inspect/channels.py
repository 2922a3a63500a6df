"""A stereo recording of which one side is dead: the live one is taken, and said so."""

from __future__ import annotations

from avatars.voices.enrol.inspect.finding import Found
from avatars.voices.enrol.inspect.take import Take


def find(take: Take) -> list[Found]:
    return [
        Found("dead_channel", "note", start, start + each.seconds, 1, 2, "channels")
        for start, each in zip(take.starts, take.recordings, strict=True)
        if each.source.dead
    ]
