"""What words feel like in a language, read from `data/emotions.<language>.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from visavis.words import FELT, Emotion

_SPACED = frozenset(["en"])
"""Languages whose patterns are bounded by whole words."""
_BETWEEN = r"(?:\s+[\w'’-]+){0,2}\s+"
"""What may stand between a negator and the word that it denies, where words are separated by spaces."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words that tell the same: an emotion, how a visitor is, or what an answer tells."""

    name: str
    pattern: re.Pattern[str]
    at: float = FELT


@dataclass(frozen=True, slots=True)
class Words:
    """A language's groups, each list in order of precedence; none where there is no file for it."""

    emotions: tuple[Group, ...] = ()
    visitors: tuple[Group, ...] = ()
    answers: tuple[Group, ...] = ()
    negated: re.Pattern[str] | None = None
    """What denies the word that follows it at once."""
    boosted: re.Pattern[str] | None = None
    damped: re.Pattern[str] | None = None

    def denied(self, text: str, at: int) -> bool:
        """Whether the word at `at` is denied."""
        return self.negated is not None and self.negated.search(text, 0, at) is not None


@cache
def words_of_feeling(language: str) -> Words:
    """The words of a BCP-47 language."""
    primary = re.sub("[^a-z]", "", language.lower().split("-")[0])
    source = files("behaviors") / "data" / f"emotions.{primary}.yaml"
    if not source.is_file():
        return Words()
    data: dict[str, Any] = yaml.safe_load(source.read_text("utf-8"))
    spaced = primary in _SPACED
    return Words(
        _groups(data["emotions"], "emotion", spaced),
        _groups(data["visitors"], "feels", spaced),
        _groups(data["answers"], "tells", spaced),
        re.compile(f"(?:{_any(data['negators'], spaced)}){_BETWEEN if spaced else ''}$", re.IGNORECASE),
        _compiled(data["boosters"], spaced),
        _compiled(data["dampers"], spaced),
    )


def _groups(items: list[dict[str, Any]], key: str, spaced: bool) -> tuple[Group, ...]:
    for item in items:
        if key == "emotion" and item[key] not in list(Emotion):
            raise ValueError(f"behaviors/data: there is no emotion {item[key]!r}")
    return tuple(Group(item[key], _compiled(item["say"], spaced), item.get("at", FELT)) for item in items)


def _compiled(say: list[str], spaced: bool) -> re.Pattern[str]:
    return re.compile(_any(say, spaced), re.IGNORECASE)


def _any(say: list[str], spaced: bool) -> str:
    joined = "|".join(f"(?:{each})" for each in say)
    return rf"(?<!\w)(?:{joined})(?!\w)" if spaced else f"(?:{joined})"
