"""`match`: the words so far are a question that the knowledge base answers, or only the beginning of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from runtime.hearing.turn_end.opinion import Opinion, Silence
from runtime.hearing.turn_end.spoken import spoken

_ALIKE = 88.0
"""The likeness, of 100, from which what was recognised is taken for what is written."""
_MANY = 20_000
"""Known questions beyond which only exact beginnings are looked for."""


@dataclass(frozen=True, slots=True)
class MatchEnd:
    """A question that is known word for word passes after `silence_s`, one known by its meaning after `meaning_s`.

    One that a longer question also begins with waits `open_s`; what is only a beginning is held for `held_s`.
    """

    score: float
    silence_s: float
    meaning_s: float
    open_s: float
    held_s: float

    def opinion(self, silence: Silence) -> Opinion | None:
        if not silence.words:
            return None
        if silence.known:
            wait_s = self.open_s if silence.goes_on else self.silence_s
            return "pass" if silence.silence_s >= wait_s else "hold"
        if silence.goes_on:
            return "hold" if silence.silence_s < self.held_s else None
        sure = silence.match >= self.score and silence.silence_s >= self.meaning_s
        return "pass" if sure else None


class Questions:
    """The questions that are known, looked up by their first words."""

    def __init__(self, texts: Iterable[str]) -> None:
        asked = list(dict.fromkeys(said for text in texts if (said := tuple(spoken(text)))))
        self._whole: dict[int, list[str]] = defaultdict(list)
        self._begun: dict[int, list[str]] = defaultdict(list)
        for said in asked:
            self._whole[len(said)].append(" ".join(said))
            for count in range(1, len(said)):
                self._begun[count].append(" ".join(said[:count]))
        self._known = {text for texts in self._whole.values() for text in texts}
        self._beginnings = {text for texts in self._begun.values() for text in texts}
        self._exactly = len(asked) > _MANY

    def reading(self, words: str) -> tuple[bool, bool]:
        """Whether `words` are a known question, and whether a longer one begins with them; slips are forgiven."""
        said = spoken(words)
        text = " ".join(said)
        if text in self._known or text in self._beginnings or self._exactly:
            return text in self._known, text in self._beginnings
        count = len(said)
        whole = max((_alike(text, self._whole[each]) for each in (count - 1, count, count + 1)), default=0.0)
        begun = _alike(text, self._begun[count])
        return whole >= max(_ALIKE, begun), begun >= max(_ALIKE, whole)


def _alike(text: str, texts: list[str]) -> float:
    found = process.extractOne(text, texts, scorer=fuzz.ratio, score_cutoff=_ALIKE) if texts else None
    return float(found[1]) if found else 0.0
