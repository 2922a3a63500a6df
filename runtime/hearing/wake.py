"""The wake word: hands-free, but only what is addressed to the avatar counts."""

from __future__ import annotations

from collections.abc import Sequence

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz

from runtime.hearing.turn_end.spoken import places

_ALIKE = 80.0
"""The likeness, of 100, from which sounds were the wake phrase: recognisers do not know its name well."""
_SLACK = 1
"""A phrase may be heard as so many units more or fewer than it has ("hey mia" as "hey me a")."""

_MARKS = " ,.!?;:，。！？；：、…-—"
_COURTESY = frozenset(["please", "thanks", "thank", "you", "oh", "um", "uh", "请", "谢", "问", "啊", "呀", "吧", "嗯"])
"""Words that, alone behind the phrase or before it, are no question."""


class Wake:
    """Times are seconds of any one clock. After each exchange the avatar stays awake for `awake_s`."""

    def __init__(self, phrases: Sequence[str], awake_s: float) -> None:
        self._phrases = [said for phrase in phrases if (said := [unit for unit, _ in places(phrase)])]
        self._awake_s = awake_s
        self._until = float("-inf")

    def exchanged(self, now: float) -> None:
        """The visitor was answered, or answers."""
        self._until = max(self._until, now + self._awake_s)

    def addressed(self, text: str, began: float) -> str | None:
        """What was said to the avatar: what follows the wake phrase, else what stands before it.

        The phrase alone stays, so that it can be answered. None where it was said to somebody else.
        """
        whole = text
        found = self._find(text)
        if found is None:
            return text if began <= self._until else None
        before = text[: found[0]].strip(_MARKS)
        while found is not None:
            text = text[found[1] :].lstrip(_MARKS)
            found = self._find(text)
        if _asks(text):
            return text
        return before if _asks(before) else whole

    def _find(self, text: str) -> tuple[int, int] | None:
        """Where a wake phrase begins and ends in the text."""
        units = places(text)
        for phrase in self._phrases:
            wanted = _sounds(phrase)
            near = range(max(1, len(phrase) - _SLACK), len(phrase) + _SLACK + 1)
            for size in sorted(near, key=lambda count: abs(count - len(phrase))):
                for first in range(len(units) - size + 1):
                    piece = units[first : first + size]
                    if fuzz.ratio(_sounds([unit for unit, _ in piece]), wanted) >= _ALIKE:
                        return piece[0][1] - len(piece[0][0]), piece[-1][1]
        return None


def _asks(text: str) -> bool:
    """Whether anything is said but courtesies."""
    return any(unit not in _COURTESY for unit, _ in places(text))


def _sounds(units: Sequence[str]) -> str:
    """What is compared: letters, and for Chinese its pinyin without tones, because recognisers mix up homophones."""
    return "".join(lazy_pinyin("".join(units)))
