"""What a recogniser should expect to hear, out of what the knowledge base says and is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from visavis.engines import Message, Pool, Stream

_LATIN = re.compile(r"[^\W\d_][\w'’-]*")
_LONGEST = 40
"""Characters of a whole phrase that may be a hint."""


def hints(phrases: Sequence[str], most: int) -> list[str]:
    """Names first, then short phrases, each once, of at most `most` characters together."""
    found: list[str] = []
    seen: set[str] = set()
    for hint in (*_names(phrases), *(phrase.strip(" .?!。？！") for phrase in phrases if len(phrase) <= _LONGEST)):
        if hint and hint.casefold() not in seen and len(hint) <= most:
            seen.add(hint.casefold())
            most -= len(hint) + 1
            found.append(hint)
    return found


def _names(phrases: Iterable[str]) -> Iterable[str]:
    """Words with a capital letter that do not begin a sentence, neighbours together: `Ada Lovelace`."""
    for phrase in phrases:
        for sentence in re.split(r"[.?!]\s+", phrase):
            words = list(_LATIN.finditer(sentence))
            run: list[str] = []
            for before, word in zip([None, *words], [*words, None], strict=True):
                text = word.group() if word is not None else ""
                apart = before is None or word is None or sentence[before.end() : word.start()].strip()
                if run and (apart or not text[:1].isupper()):
                    yield " ".join(run)
                    run = []
                if before is not None and text[:1].isupper() and text.rstrip("'’") not in ("I", "I'm", "I’m"):
                    run.append(text)


class Hinted:
    """A pool each of whose streams opens with the newest `hints`."""

    def __init__(self, pool: Pool, phrases: Sequence[str], most: int) -> None:
        self._pool, self._most = pool, most
        self._hints = hints(phrases, most)

    def learn(self, phrases: Sequence[str]) -> None:
        """Give other hints from the next stream on."""
        self._hints = hints(phrases, self._most)

    async def open(self, message: Message) -> Stream:
        """See `visavis.engines.Pool`."""
        return await self._pool.open({**message, "hints": self._hints})

    async def close(self) -> None:
        await self._pool.close()
