"""Questions that are asked twice, or nearly, in different entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.content import content
from knowledge.library import Part
from knowledge.lint.placed import Asked, asked, meet
from knowledge.normalise import has_han, normalise
from knowledge.problem import Problem, warning

ALIKE, SAME_WORDS = 0.93, 0.86
"""The likeness from which questions are nearly the same: whatever their words; and with the same words of matter."""
_TELLING = {
    "in", "out", "up", "down", "on", "off", "to", "from", "not", "no", "when", "where", "who", "why", "before", "after",
    "with", "without",
}  # fmt: skip
"""Small words that tell two questions apart."""
BLOCK = 512
"""Questions that are compared with all others at once."""


class Phrasing(NamedTuple):
    """One wording of a question."""

    owner: Asked
    number: int
    text: str

    @property
    def key(self) -> str:
        return f"{self.owner.key}.ask[{self.number}]"

    @property
    def where(self) -> str:
        return f"{self.owner.item.id!r} ({self.owner.document.path.name}:{self.owner.document.line_of(self.key)})"


def phrasings(parts: Sequence[Part], now: datetime) -> list[Phrasing]:
    """Every wording of every question that is in use or will be."""
    return [Phrasing(each, number, text) for each in asked(parts, now) for number, text in enumerate(each.item.ask)]


def repeated(part: Part, parts: Sequence[Part], now: datetime) -> Iterator[Problem]:
    """Warnings about questions of `part` that its library asks in the very same words."""
    seen: dict[str, list[Phrasing]] = {}
    for each in phrasings(parts, now):
        before = seen.setdefault(normalise(each.text), [])
        if each.owner.document is part[0]:
            twin = next((one for one in before if _rivals(one, each)), None)
            if twin is not None:
                yield _repeated(each, twin)
        before.append(each)


def _rivals(one: Phrasing, other: Phrasing) -> bool:
    return meet(one.owner.item, other.owner.item)


def _repeated(each: Phrasing, twin: Phrasing) -> Problem:
    problem, remedy = f"{each.text!r} is already asked in this entry", "remove one of the two"
    if twin.owner.item.id != each.owner.item.id:
        same = set(twin.owner.item.say) == set(each.owner.item.say)
        told = "with the same answer" if same else "with another answer, which is the one that is given"
        problem = f"{each.text!r} is already asked in {twin.where}, {told}"
        remedy = "keep one of the two entries" if same else "keep the question in the entry that should answer it"
    return warning(each.owner.document, each.key, problem, remedy)


def near(part: Part, found: Sequence[Phrasing], vectors: NDArray[np.float32]) -> Iterator[Problem]:
    """Warnings about pairs of entries, one of them in `part`, with nearly the same question.

    `vectors` are unit rows, one for each of `found`. Each pair is told once, with the two wordings most alike.
    """
    mine = np.array([each.owner.document is part[0] for each in found], np.bool_)
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    owners = _numbered(found)
    for row, other, likeness in _pairs(vectors, owners, mine):
        pair = (owners[row], owners[other])
        if likeness < ALIKE and not _same_matter(found[row].text, found[other].text):
            continue
        if likeness > best.get(pair, (0.0, 0, 0))[0]:
            best[pair] = likeness, row, other
    for likeness, row, other in sorted(best.values(), key=lambda each: -each[0]):
        one, two = found[row], found[other]
        if normalise(one.text) == normalise(two.text) or not _rivals(one, two):
            continue
        problem = f"{one.text!r} is nearly the same as {two.text!r} in {two.where} ({100 * likeness:.0f} % alike)"
        remedy = "tell the two apart in more words, or make them one entry"
        yield warning(one.owner.document, one.key, problem, remedy)


def _numbered(found: Sequence[Phrasing]) -> list[int]:
    places: dict[int, int] = {}
    return [places.setdefault(id(each.owner), len(places)) for each in found]


def _same_matter(one: str, other: str) -> bool:
    words: set[str] = set() if has_han(one) else set(content(one))
    return bool(words) and words == set(content(other)) and _telling(one) == _telling(other)


def _telling(text: str) -> set[str]:
    return _TELLING & set(normalise(text).split())


def _pairs(
    vectors: NDArray[np.float32], owners: Sequence[int], mine: NDArray[np.bool_]
) -> Iterator[tuple[int, int, float]]:
    """Rows of `mine` with the rows like them that come before, or that are not `mine`."""
    owner = np.array(owners, np.int64)
    rows = np.flatnonzero(mine)
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        likeness = vectors[block] @ vectors.T
        others = owner[block][:, None] != owner[None, :]
        earlier = (np.arange(len(owner))[None, :] < block[:, None]) | ~mine[None, :]
        for at, other in np.argwhere((likeness >= SAME_WORDS) & others & earlier).tolist():
            yield int(block[at]), other, float(likeness[at, other])
