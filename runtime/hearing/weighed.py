"""A recogniser whose readings are weighed by what the knowledge base makes of them.

A recogniser is seldom sure: "when do you guide" is nearly as likely as "when do you open". Each reading says with its
own likelihood that this or that entry is meant; together they tell which, and how sure that is.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from knowledge.knowledge import Knowledge
from visavis.engines import Asr, Transcript
from visavis.errors import VisavisError
from visavis.streams import closing
from visavis.words import Pcm

log = logging.getLogger(__name__)

READINGS = 5
"""Readings that are compared; each costs a look-up."""
FAINT = 0.3
"""A transcript that its recogniser believes in less than this stays as doubtful as it is, whatever it matches."""
CLEAR = 0.99
"""So likely a first reading means something only where it is a known question, word for word."""

Means = Callable[[str], Awaitable[tuple[bool, Mapping[str, float]]]]
"""Whether a text is answered directly, and how likely it means which entry, by their ids. Raises VisavisError."""


@runtime_checkable
class Learns(Protocol):
    """A recogniser that hears better by the phrases of the knowledge base, and can take other ones."""

    async def learn(self, phrases: Sequence[str]) -> None:
        """Hear by these from the next utterance on. Raises EngineError; then it goes on as before."""
        ...


class Weighed:
    """`asr`, whose final transcript is the reading that `means` most, as likely as all of them together make it."""

    def __init__(self, asr: Asr, means: Means) -> None:
        self.asr, self.capabilities = asr, asr.capabilities
        self._means = means

    async def transcribe(self, audio: AsyncIterator[Pcm]) -> AsyncIterator[Transcript]:
        """See `visavis.engines.Asr`."""
        async with closing(self.asr.transcribe(audio)) as replies:
            async for transcript in replies:
                yield await self._weigh(transcript) if transcript.final else transcript

    async def learn(self, phrases: Sequence[str]) -> None:
        """See `Learns`; a recogniser that cannot is left as it is."""
        if isinstance(self.asr, Learns):
            await self.asr.learn(phrases)

    async def close(self) -> None:
        await self.asr.close()

    async def _weigh(self, final: Transcript) -> Transcript:
        if not final.text or final.confidence < FAINT:
            return final
        readings = [(final.text, 1.0), *final.alternatives][:READINGS]
        try:
            found = [(await self._means(final.text), 1.0)]
            if found[0][0][0] and max(found[0][0][1].values(), default=0.0) >= CLEAR:
                return replace(final, confidence=1.0)
            found += [(await self._means(text), weight) for text, weight in readings[1:]]
        except VisavisError as error:
            log.warning("what was heard cannot be compared with what is known: %s", error)
            return final
        best, sure = weigh([(weight, likely) for (_, likely), weight in found])
        if not final.alternatives:
            sure = max(sure, final.confidence)
        direct = found[best][0][0]
        words = final.words if not best else ()
        return replace(final, text=readings[best][0], confidence=sure if direct else final.confidence, words=words)


async def meaning(knowledge: Knowledge, text: str) -> tuple[bool, dict[str, float]]:
    """What a knowledge base makes of a reading, as `Means`."""
    found = await knowledge.find(text)
    return found.decision == "direct", {match.id: match.score for match in found.candidates}


def weigh(readings: Sequence[tuple[float, Mapping[str, float]]]) -> tuple[int, float]:
    """Which reading to believe, and how likely what it means is meant; the first one where none means anything.

    Each has its weight and the likelihood of what it may mean.
    """
    whole = sum(weight for weight, _ in readings)
    meant: dict[str, float] = {}
    for weight, likely in readings:
        for name, share in likely.items():
            meant[name] = meant.get(name, 0.0) + weight / whole * share
    if not meant:
        return 0, 0.0
    name = max(meant, key=lambda each: meant[each])
    best = max(range(len(readings)), key=lambda at: readings[at][0] * readings[at][1].get(name, 0.0))
    return best, min(1.0, meant[name])
