"""A Chinese text as weighted features: what its words mean, its kind of question, its characters, its sounds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from knowledge.chinese.lexicon import FRAME, Piece, lexicon
from knowledge.chinese.particles import read
from knowledge.chinese.sounds import sound
from knowledge.normalise import has_han

MEANING, KIND, BROADER = 1.0, 0.5, 0.5
"""What a concept weighs, a kind of question, and the concept that a concept is a kind of."""
KNOWN, UNKNOWN, FRAMING = 0.2, 0.8, 0.1
"""What a character weighs: in a word of the lexicon, outside it, and in one that carries no matter."""
PAIR, SOUNDS, NUMBER = 0.2, 0.15, 0.3
LOOSE = "get."
"""How concepts begin whose words are only roughly of one meaning."""


def features(plain: str) -> dict[str, float]:
    """Features of a normalised text with their weights; a negative one speaks against the feature."""
    found: defaultdict[str, float] = defaultdict(float)
    cut = read(plain)
    for piece in cut:
        for name, weight in _meant(piece):
            found[name] += weight
    letters = [each for piece in cut if has_han(piece.text) for each in _letters(piece)]
    for letter, weight in letters:
        found[letter] += weight
    for (one, left), (two, right) in pairwise(letters):
        matter = (left > FRAMING) + (right > FRAMING)
        if matter:
            found[one + two] += PAIR * matter / 2
        if matter == 2:
            found[f"~{sound(one)} {sound(two)}"] += SOUNDS
    return found


def topics(plain: str) -> list[str]:
    """What a normalised text is about: the concepts of known words, the characters and words that are unknown."""
    found: list[str] = []
    for piece in read(plain):
        matter = [each for each in piece.concepts if not _empty(each)]
        if matter:
            found.append(next((each for each in matter if not each.startswith(LOOSE)), matter[0]))
        elif not piece.concepts:
            found.append(piece.text)
    return found


def _meant(piece: Piece) -> Iterator[tuple[str, float]]:
    share = 1 / math.sqrt(max(1, len(piece.concepts)))
    for concept in piece.concepts:
        if concept == FRAME:
            continue
        if concept.startswith("q."):
            yield f"={concept}", KIND * share
            continue
        yield f"={concept}", MEANING * share
        if concept in lexicon().opposites:
            yield f"={lexicon().opposites[concept]}", -MEANING * share / 2
        for kind in lexicon().broader.get(concept, ()):
            yield f"={kind}", BROADER * share
    if not piece.concepts and not has_han(piece.text):
        yield piece.text, NUMBER if piece.text.isdecimal() else UNKNOWN


def _letters(piece: Piece) -> Sequence[tuple[str, float]]:
    weight = UNKNOWN if not piece.concepts else KNOWN
    if piece.concepts and all(map(_empty, piece.concepts)):
        weight = FRAMING
    return [(each, weight) for each in piece.text]


def _empty(concept: str) -> bool:
    return concept == FRAME or concept.startswith("q.")
