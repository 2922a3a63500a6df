"""Fixed answers are spoken before anybody asks: every text of the knowledge base that has no field in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple

from agent.mind import Mind
from avatars.voices.prepared import Prepared
from behaviors.tact import Tact
from runtime.temper import natural_style
from visavis.engines import Style

Done = Callable[[int, int], None]


class Kept(NamedTuple):
    """Sentences that are kept, and how many of them were spoken just now."""

    sentences: int
    spoken: int


async def keep(
    texts: Iterable[str], mind: Mind, voice: Prepared, manners: Tact, done: Done = lambda done, total: None
) -> Kept:
    """Have the voice keep `texts` as the mind plays them and `manners` let them be felt. Raises EngineError.

    `done` is told of each sentence.
    """
    played: dict[tuple[str, Style], None] = {}
    for text in texts:
        each = mind.played(text)
        played.update(dict.fromkeys((one.markup or one.text, natural_style(one, manners)) for one in each))
        await asyncio.sleep(0)
    spoken = 0
    for place, (text, style) in enumerate(played):
        if not voice.has(text, style):
            await voice.prepare(text, style)
            spoken += 1
        done(place + 1, len(played))
        await asyncio.sleep(0)
    return Kept(len(played), spoken)
