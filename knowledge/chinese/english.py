"""A Chinese text told in English word by word, for a model that knows English alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from knowledge.chinese.lexicon import FRAME, Piece, glosses, lines
from knowledge.chinese.particles import read

_LITTLE = {
    "act",
    "get",
    "thing",
    "place",
    "quality",
    "period",
    "shop",
    "train",
    "hotel",
    "people",
    "money",
    "day",
    "time",
    "live",
    "tel",
    "gov",
    "food",
    "drink",
    "clinic",
    "body",
    "device",
    "beauty",
    "trip",
}
"""First parts of a concept's name that only sort it."""


def gloss(plain: str) -> str:
    """The words of a normalised text in English, without those that only frame it; empty where none is known."""
    told: list[str] = []
    for piece in read(plain):
        if FRAME not in piece.concepts and (english := _told(piece)) and english not in told[-1:]:
            told.append(english)
    return " ".join(told)


def _told(piece: Piece) -> str:
    words = glosses()
    if piece.text in words:
        return words[piece.text]
    if piece.concepts:
        own = [each for each in piece.concepts if not each.startswith("get.")]
        return _meaning((own or piece.concepts)[0])
    if piece.text.isascii():
        return piece.text
    return " ".join(filter(None, (words.get(each, "") for each in piece.text)))


@lru_cache(maxsize=4_000)
def _meaning(concept: str) -> str:
    if stated := _meanings().get(concept):
        return stated
    parts = concept.split(".")
    return " ".join(each for each in parts if each not in _LITTLE) or parts[-1]


@lru_cache(maxsize=1)
def _meanings() -> Mapping[str, str]:
    return {concept: " ".join(words) for concept, *words in lines("meanings.txt")}
