"""Mistyped words read as the words of the library that they are nearest to: "resturant", "opning hours"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from knowledge.normalise import has_han, normalise

SHORTEST, LONG = 5, 8
"""Letters from which a word is read with one slip in it, and with two."""
_WORD = re.compile(r"[^\W\d_]+")


class Spelling:
    """Of the words of `texts`, which are normalised; a word that `knows` is left as it is, whatever it is near to."""

    def __init__(self, texts: Iterable[str], knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._counts = Counter(word for text in texts for word in text.split() if word.isalpha())
        self._begin: dict[str, list[str]] = {}
        for word in self._counts:
            self._begin.setdefault(word[0], []).append(word)

    def __call__(self, text: str) -> str:
        """The text with its mistyped words mended. Names and words that nothing is near to stay."""
        return text if has_han(text) else _WORD.sub(lambda found: self._mended(found[0]), text)

    def _mended(self, word: str) -> str:
        plain = normalise(word)
        if len(plain) < SHORTEST or plain in self._counts or self._knows(plain):
            return word
        most = 2 if len(plain) >= LONG else 1
        near = [(slips(plain, each, most), -count, each) for each, count in self._alike(plain, most)]
        return min((each for each in near if each[0] <= most), default=(0, 0, word))[2]

    def _alike(self, word: str, most: int) -> list[tuple[str, int]]:
        """Words that begin alike and are about as long; the first letter is hardly ever mistyped."""
        return [
            (each, self._counts[each])
            for each in self._begin.get(word[0], ())
            if abs(len(each) - len(word)) <= most and len(each) >= SHORTEST
        ]


def slips(one: str, other: str, most: int) -> int:
    """Letters too many, missing, wrong or swapped between two words (optimal string alignment); above `most`, more."""
    before, last = list[int](), list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            line.append(min(cost, before[column - 2] + 1) if swapped else cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]
