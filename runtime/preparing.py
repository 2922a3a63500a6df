"""Fixed answers are spoken before anybody asks: every text of the knowledge base that has no field in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.mind import Mind
from avatars.voices.prepared import Prepared
from visavis.engines import Style
from visavis.words import Emotion

Done = Callable[[int, int], None]


class Kept(NamedTuple):
    """Sentences that are kept, and how many of them were spoken just now."""

    sentences: int
    spoken: int


async def keep(texts: Iterable[str], mind: Mind, voice: Prepared, done: Done = lambda done, total: None) -> Kept:
    """Have the voice keep `texts` as the mind plays them; `done` is told of each sentence. Raises EngineError."""
    played: dict[tuple[str, Emotion], None] = {}
    for text in texts:
        played.update(dict.fromkeys((each.markup or each.text, each.emotion) for each in mind.played(text)))
        await asyncio.sleep(0)
    spoken = 0
    for place, (text, emotion) in enumerate(played):
        style = Style(emotion=emotion)
        if not voice.has(text, style):
            await voice.prepare(text, style)
            spoken += 1
        done(place + 1, len(played))
        await asyncio.sleep(0)
    return Kept(len(played), spoken)
