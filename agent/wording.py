"""How a text from a file is worded and played: one of its wordings, cut into sentences with stage directions."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence

from agent.persona import StageDirections, deadpan
from agent.recent import Recent
from agent.sentences import split
from visavis.ssml import Document, MarkupError, is_markup, parse, words_of
from visavis.words import Cue, Sentence

log = logging.getLogger(__name__)

Restyle = Callable[[str], str]
"""From a text as it is written to the same facts in the persona's tone, or the text itself."""


class Wording:
    """`seed` fixes which wording is picked; the one said last is not picked again while there are others.

    With `recent` none of those is that the room has been told a short time ago, while there are others.
    """

    def __init__(
        self,
        language: str,
        seed: int = 0,
        directions: StageDirections = deadpan,
        restyle: Restyle = str,
        recent: Recent | None = None,
    ) -> None:
        self.language, self.directions, self.restyle = language, directions, restyle
        self.rng = random.Random(seed)  # noqa: S311
        self._said: dict[str, str] = {}
        self._recent = recent

    def pick(self, name: str, wordings: Sequence[str]) -> str:
        """One of the wordings of `name`."""
        fresh = [each for each in wordings if self._recent is None or each not in self._recent] or list(wordings)
        fresh = [each for each in fresh if each != self._said.get(name)] or fresh
        self._said[name] = chosen = self.rng.choice(fresh)
        if self._recent is not None:
            self._recent.note(chosen)
        return chosen

    def played(self, text: str, action: str | None = None, *, fixed: bool = True) -> list[Sentence]:
        """`text` as sentences, SSML as one; `action` begins the first one in place of what the rules would do."""
        if is_markup(text):
            return self._marked(text, action, fixed=fixed)
        sentences: list[Sentence] = []
        for piece in split(text):
            emotion, cues = self.directions(piece, self.language)
            if action is not None and not sentences:
                cues = (Cue("action", action), *(cue for cue in cues if cue.kind != "action"))
            sentences.append(Sentence(piece, emotion, cues, fixed=fixed))
        return sentences

    def _marked(self, text: str, action: str | None, *, fixed: bool) -> list[Sentence]:
        """An SSML text: its words, the actions that it marks, or else those that the rules would choose."""
        try:
            document = parse(text)
        except MarkupError as error:
            log.warning("an answer is said without its markup: %s", error)
            document = Document(words_of(text), well_formed=False)
        if not document.text:
            return []
        if not document.well_formed:
            return self.played(document.text, action, fixed=fixed)
        emotion, cues = self.directions(document.text, self.language)
        marked = tuple(cue for cue in document.cues if cue.kind == "action")
        begun = (Cue("action", action),) if action is not None else ()
        if begun or marked:
            cues = (*begun, *marked, *(cue for cue in cues if cue.kind != "action"))
        felt = document.spans[0].manner.emotion if document.spans else None
        return [Sentence(document.text, felt or emotion, cues, fixed=fixed, markup=text)]
