"""Lets through what an improvised answer may say: every sentence is checked before it is voiced."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

from agent.grounding import Grounds
from agent.reviewing import Reviews
from agent.scripts import foreign
from agent.smalltalk import UNSURE
from agent.taboo import Taboo
from visavis.streams import closing
from visavis.words import Sentence

log = logging.getLogger(__name__)

REPEATS = 2
"""An answer that has repeated itself so often is over."""
_WHOLE = re.compile(r"[.。！？；!?…][”’」』）】》\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Sources:
    """What an answer is made of, as texts, and the orders that its author was given."""

    texts: list[str]
    prompt: str = ""


class Gate:
    """Checks the sentences of one answer."""

    def __init__(self, review: Reviews, language: str, taboo: Taboo, grounds: Grounds, sources: Sources) -> None:
        self._review, self._language, self._taboo = review, language, taboo
        self._grounds, self._sources = grounds, sources
        self._said: set[str] = set()
        self._repeats = 0

    async def passed(self, sentences: AsyncGenerator[Sentence, None]) -> AsyncGenerator[Sentence, None]:
        """The sentences that may be spoken; of one that may not, the rest is left out too.

        The stream ends where the answer betrays its orders or goes in circles.
        """
        skipping = False
        async with closing(sentences) as pieces:
            async for sentence in pieces:
                whole = _WHOLE.search(sentence.text) is not None
                reason = await self._wrong(sentence.text)
                if reason is not None:
                    log.warning("a sentence is not spoken: %s", reason)
                    if reason.startswith("prompt:") or self._repeats >= REPEATS:
                        return
                elif not skipping:
                    cited = self._grounds.cited(sentence.text, sentence.citations)
                    yield replace(sentence, citations=cited)
                skipping = not whole and (skipping or reason is not None)

    async def _wrong(self, text: str) -> str | None:
        """Why a sentence may not be spoken, None where it may."""
        if self._taboo.about(text) and not UNSURE.search(text):
            return "it is about a subject that is declined"
        if self._grounds.checked and (reason := self._implausible(text)):
            return reason
        judged = await self._review.said(text, self._sources.texts, self._sources.prompt)
        return None if judged.ok else judged.reason

    def _implausible(self, text: str) -> str | None:
        known = "".join(filter(str.isalnum, text)).casefold()
        if known in self._said:
            self._repeats += 1
            return "it was said already"
        self._said.add(known)
        if foreign(text, self._language):
            return "it is in another language"
        return self._grounds.missing(text)
