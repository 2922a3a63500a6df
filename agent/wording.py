"""How a text from a file is worded and played: one of its wordings, cut into sentences with stage directions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from agent.persona import StageDirections, deadpan
from agent.recent import Recent
from agent.sentences import split
from visavis.words import Cue, Sentence

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
        """`text` as sentences; `action` begins the first one in place of what the rules would do."""
        sentences: list[Sentence] = []
        for piece in split(text):
            emotion, cues = self.directions(piece, self.language)
            if action is not None and not sentences:
                cues = (Cue("action", action), *(cue for cue in cues if cue.kind != "action"))
            sentences.append(Sentence(piece, emotion, cues, fixed=fixed))
        return sentences
