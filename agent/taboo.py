"""Subjects that a persona does not talk about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.grounding import terms
from agent.review.fold import fold, unleet, words
from agent.review.spelling import single

_KIN = (
    "politics political politician government president election vote party parliament",
    "religion religious god church islam christian christianity buddhism jesus muslim",
    "政治|政府|总统|主席|选举|政党|领导人",
    "宗教|信仰|上帝|基督教|伊斯兰|佛教",
)
"""Words that stand for one another where a dialog's file names one of them."""


class Taboo:
    """Tells a text that is clearly about one of the subjects, by the words that name it."""

    def __init__(self, subjects: Iterable[str]) -> None:
        self._subjects = [each for subject in subjects for each in _wordings(subject)]

    def about(self, text: str) -> bool:
        """Whether all the words that name one of the subjects are in `text`."""
        if not self._subjects:
            return False
        folded = fold(text)
        read = " ".join((text.casefold(), words(folded), unleet(folded) or "", *single(folded)))
        known = terms(read)
        return any(subject <= known or (bool(found) and found in read) for subject, found in self._subjects)


def _wordings(subject: str) -> list[tuple[frozenset[str], str]]:
    """Every wording of a subject, as its words and, in Chinese, as a part of a text."""
    folded = fold(subject).strip()
    kin = [re.split(r"[ |]", each) for each in _KIN]
    wordings = next((each for each in kin if folded in each), [folded])
    found: list[tuple[frozenset[str], str]] = []
    for each in wordings:
        if re.search(r"[\u3400-\u9fff]", each):
            found.append((frozenset(["\0"]), each))
        elif named := terms(each):
            found.append((named, ""))
    return found
