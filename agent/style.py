"""Fixed answers in the persona's tone: reworded ahead of time by a language model, where no fact is lost.

A wording that loses or adds a figure, a name, a link or a negation, or strays from the words of the original, is not
used; then the original stands.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from agent.figures import Stated
from agent.grounding import terms
from agent.improvise import improvised
from agent.persona import deadpan
from agent.scripts import foreign
from agent.sentences import rejoin
from knowledge import templates
from visavis.engines import ChatMessage, Llm
from visavis.errors import EngineError

log = logging.getLogger(__name__)

VERSION = 1
"""Part of every key: changes when other wordings would be accepted."""
PATIENCE_S = 30.0
KEPT, NEW = 0.7, 0.5
"""How much of the original's meaning must be left, and how much of the new wording's may be new."""
SENTENCES = 20
_SLOT = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|[“\"「『《]([^”\"」』》]{1,60})[”\"」』》]|(?<![.!?。！？\s])\s+([A-Z][\w'’-]+)|\b(\w*\d\w*)\b"
)
"""What must be left as it is: links, quotations, names, what holds digits."""
_NOT = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|except|but|only)\b|n['’]t\b|[不没无未勿非禁]|除了|仅|只"
)


def keeps(original: str, wording: str, language: str) -> bool:
    """Whether `wording` says what `original` says, as far as words can tell."""
    if not wording or len(wording) > 2 * len(original) + 40 or foreign(wording, language):
        return False
    if Stated([original]).unstated(wording) or Stated([wording]).unstated(original):
        return False
    slots = [next(filter(None, found.groups()), found[0]) for found in _SLOT.finditer(original)]
    named = [slot for slot in slots if not slot.isdecimal() and not re.fullmatch(r"\d+\w{0,2}", slot)]
    if any(slot.strip() not in wording for slot in named):
        return False
    if bool(_NOT.search(original)) != bool(_NOT.search(wording)):
        return False
    before, after = terms(original), terms(wording)
    return len(before & after) >= KEPT * len(before) and len(after - before) <= NEW * max(len(after), 2)


class Styles:
    """The wordings of one dialog, kept in a file; `None` stands for one that was not good enough."""

    def __init__(self, llm: Llm, tone: str, language: str, file: Path, model: str = "") -> None:
        self._llm, self._tone, self._language, self._file = llm, tone, language, file
        self._mark = f"{VERSION}\n{tone}\n{language}\n{model}\n"
        self._known: dict[str, str | None] = {}

    def restyle(self, text: str) -> str:
        """`text` in the tone, or as it is."""
        return self._known.get(self._key(text)) or text

    async def load(self) -> None:
        """Take what was learned before; a file that cannot be used is passed over."""
        with suppress(OSError, ValueError):
            found = json.loads(await asyncio.to_thread(self._file.read_text, "utf-8"))
            if isinstance(found, dict):
                self._known = {key: each for key, each in found.items() if isinstance(each, str | None)}

    async def learn(self, texts: Sequence[str]) -> None:
        """Reword what is not yet known. When the model fails, the rest is left for another time."""
        wanted = [text for text in dict.fromkeys(texts) if self._key(text) not in self._known]
        wanted = [text for text in wanted if not templates.fields(text)]
        for number, text in enumerate(wanted, 1):
            try:
                async with asyncio.timeout(PATIENCE_S):
                    wording = await self._reworded(text)
            except (EngineError, TimeoutError) as error:
                log.warning("answers are said as they are written: %s", error or "the language model is slow")
                break
            self._known[self._key(text)] = wording if keeps(text, wording, self._language) else None
            if number % 20 == 0:
                await self._save()
        if wanted:
            await self._save()

    async def _reworded(self, text: str) -> str:
        orders = (
            f"Reword what the visitor's host says in a {self._tone} tone, in the same language. Keep every fact, "
            "figure, name and link exactly, add nothing, and answer with the new wording alone."
        )
        told = [ChatMessage("system", orders), ChatMessage("user", text)]
        stream = improvised(
            self._llm.complete(told), language=self._language, directions=deadpan, max_sentences=SENTENCES
        )
        return rejoin([sentence.text async for sentence in stream])

    async def _save(self) -> None:
        try:
            await asyncio.to_thread(_write, self._file, json.dumps(self._known, ensure_ascii=False, indent=0))
        except OSError as error:
            log.warning("what was reworded cannot be kept: %s", error)

    def _key(self, text: str) -> str:
        return hashlib.sha256((self._mark + text).encode()).hexdigest()[:24]


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(text, "utf-8")
    draft.replace(file)
