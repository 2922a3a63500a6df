"""How a text from a file is worded and played: one of its wordings, cut into sentences with stage directions."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.persona import StageDirections, deadpan
from agent.recent import Recent
from agent.sentences import split_with_tails
from visavis import emoji
from visavis.ssml import Document, MarkupError, is_markup, parse, words_of
from visavis.words import Cue, Emotion, Sentence

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
        """`text` as sentences, SSML as one.

        `action` is done at the word that the rules have for it, or else begins the first sentence, in place of what
        the rules would do with that sentence.
        """
        if is_markup(text):
            return self._marked(text, action, fixed=fixed)
        sentences: list[Sentence] = []
        for piece, behind in split_with_tails(text):
            emotion, cues = self.directions(piece, self.language)
            if emotion is Emotion.NEUTRAL:
                emotion = emoji.felt(behind) or emotion
            sentences.append(Sentence(piece, emotion, cues, fixed=fixed))
        if action is not None and sentences:
            fits = (n for n, each in enumerate(sentences) if _place(action, each.cues) is not None)
            at = next(fits, 0)
            sentences[at] = replace(sentences[at], cues=_asked(action, sentences[at].cues))
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
        if marked:
            begun = (Cue("action", action),) if action is not None else ()
            cues = (*begun, *marked, *(cue for cue in cues if cue.kind != "action"))
        elif action is not None:
            cues = _asked(action, cues)
        felt = document.spans[0].manner.emotion if document.spans else None
        return [Sentence(document.text, felt or emotion, cues, fixed=fixed, markup=text)]


def _place(action: str, cues: Sequence[Cue]) -> int | None:
    """The character at which `cues` have the action."""
    return next((cue.at for cue in cues if cue.kind == "action" and cue.name == action), None)


def _asked(action: str, cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The cues with one action, that is asked for by name."""
    return (Cue("action", action, _place(action, cues) or 0), *(cue for cue in cues if cue.kind != "action"))
