"""Whether a sentence that a model wrote stands on what it was given.

Its figures must be stated there, and enough of the words that carry its meaning; courtesies state nothing. This
is a check of words, not of logic: it stops what comes from nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from agent.figures import Stated
from agent.smalltalk import EN, UNSURE, ZH
from knowledge import dates
from knowledge.passages import Passage
from knowledge.templates import BUILT_IN

Grounding = Literal["strict", "figures", "off"]
"""What is checked: words and figures, figures alone, nothing."""

SHARE = 0.5
"""How much of what carries meaning must be in the sources."""
SHORT = 8
"""Words of a short sentence."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
_AMOUNT = re.compile(
    "[零〇一二两三四五六七八九十百千万亿半]+[点元块角分天次个位壶杯份张米层楼]?钟?|(?<=[0-9])[点元块角分天次个位壶杯份张米层楼]钟?"
)
"""Figures are checked as figures."""
_LATIN = re.compile(r"[^\W\d_\u3040-\u9fff\uac00-\ud7af]{2,}")
_DENIES = re.compile(rf"\bnot\b|n['’]t\b|不(?!客气|用谢|错)|没|{UNSURE.pattern}", re.IGNORECASE)
_APOSTROPHE = re.compile(r"(?<=n)'t\b|n't\b|'(?:s|re|m|ll|ve|d)\b")
_ENDINGS = re.compile(r"(?:ies|ing|edly|ed|es|ly|er|ers|ions?|s|e|y)$")
LANGUAGES = frozenset(["en", "zh"])
"""Those whose words can be told from courtesies; in others figures alone are checked."""


class Grounds:
    """What one answer may be made of: the passages, what else was `given` as fact, and what time it is `now`.

    The `asked` words may be repeated, but prove nothing; its prices, hours and days may be denied.
    """

    def __init__(
        self,
        grounding: Grounding,
        language: str,
        passages: Sequence[Passage],
        given: Iterable[str],
        asked: str,
        now: datetime | None = None,
    ) -> None:
        words = language.split("-")[0].lower() in LANGUAGES
        self._words = grounding == "strict" and words
        self.checked = grounding != "off"
        self._passages = {each.id: terms(f"{each.title} {each.text}") for each in passages}
        facts = [*(f"{passage.title}\n{passage.text}" for passage in passages), *given]
        self._known = frozenset[str]().union(*map(terms, facts)) if self._words else frozenset()
        self._asked = terms(asked)
        self._stated = Stated(facts) if self.checked else None
        if self._stated is not None:
            self._stated.ask(asked)
            if now is not None:
                self._stated.date(now)
        if now is not None and self._words:
            self._known |= terms(" ".join(("am pm", *(dates.spoken(each, now, language) or "" for each in BUILT_IN))))

    def learn(self, text: str) -> None:
        """Something else is known now."""
        if self._stated is not None:
            self._stated.add(text)
        if self._words:
            self._known |= terms(text)

    def missing(self, sentence: str) -> str | None:
        """What the sentence lacks, None when it stands."""
        if self._stated is None:
            return None
        if self._stated.unstated(sentence, denied=_DENIES.search(sentence) is not None):
            return "a figure that is in no source"
        return "words that are in no source" if self._words and not self._supported(sentence) else None

    def _supported(self, sentence: str) -> bool:
        said = terms(sentence)
        unknown = said - self._known
        if not unknown or (len(unknown - self._asked) <= _allowed(sentence) and UNSURE.search(sentence)):
            return True
        known, total = _covered(sentence, self._known)
        return known >= SHARE * total

    def cited(self, sentence: str, ids: Iterable[str]) -> tuple[str, ...]:
        """Which of the cited passages have any of the sentence's words."""
        said = terms(sentence)
        return tuple(each for each in dict.fromkeys(ids) if not said or said & self._passages.get(each, said))


def terms(text: str) -> frozenset[str]:
    """The words of a text that carry meaning: stems of Latin words, pairs of Chinese characters."""
    words, runs = _parts(text)
    return frozenset(words).union(*map(_pairs, runs))


def _allowed(sentence: str) -> int:
    """How many words of its own a sentence that says that one does not know may have: a short one has no room to add
    a claim."""
    return 1 if len(sentence.split()) <= SHORT and not _HAN.search(sentence) else 0


def _covered(text: str, known: frozenset[str]) -> tuple[int, int]:
    """How much of what carries meaning is known, and how much there is: a word counts as two characters."""
    words, runs = _parts(text)
    found, total = 2 * sum(word in known for word in words), 2 * len(words)
    for run in runs:
        at = {place + each for place, pair in enumerate(_pairs(run)) if pair in known for each in (0, 1)}
        found, total = found + min(len(at), len(run)), total + len(run)
    return found, total


def _parts(text: str) -> tuple[list[str], list[str]]:
    """The stems of the Latin words, and the runs of Chinese characters, that carry meaning."""
    text = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
    words = [_stem(word) for word in _LATIN.findall(text) if word not in EN and _stem(word) not in EN]
    return words, _HAN.findall(_AMOUNT.sub(" ", ZH.sub(" ", text)))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _stem(word: str) -> str:
    stem = _ENDINGS.sub("", word)
    return stem if len(stem) > 2 else word
