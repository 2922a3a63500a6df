"""Which feeling is in place: how one who complains is answered, how a price is told. Rules as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from behaviors.emotion import Feeling
from behaviors.feeling_words import words_of_feeling
from visavis import emoji
from visavis.words import FELT, Emotion

Plight = Literal["anger", "complaint", "sadness", "worry", "joy"]
"""How a visitor is, as far as words tell."""
Told = Literal["price"]
"""What kind of thing a sentence tells."""
YIELDING = (Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SURPRISED)
GRIEVED: tuple[Plight, ...] = ("anger", "complaint", "sadness", "worry")


@dataclass(frozen=True, slots=True)
class Rule:
    """In place of the feelings `instead_of`, `show` one `at` 0 to 1, to such a visitor, in such a sentence.

    An empty `visitor` or `answer` fits any.
    """

    show: Emotion
    at: float = FELT
    visitor: tuple[Plight, ...] = ()
    answer: tuple[Told, ...] = ()
    instead_of: tuple[Emotion, ...] = YIELDING


@dataclass(frozen=True, slots=True)
class Tact:
    """Rules in order of precedence, for a language."""

    rules: tuple[Rule, ...]
    language: str

    def proper(self, feeling: Feeling, text: str, plight: Plight | None = None) -> Feeling:
        """What to show with the sentence `text` that feels like `feeling`, before a visitor in `plight`."""
        told = {group.name for group in words_of_feeling(self.language).answers if group.pattern.search(text)}
        for rule in self.rules:
            fits = (not rule.visitor or plight in rule.visitor) and (not rule.answer or told & set(rule.answer))
            if fits and feeling.label in rule.instead_of:
                return Feeling(rule.show, rule.at if rule.show is not Emotion.NEUTRAL else 0.0)
        return feeling


def tact(language: str, own: Iterable[Rule] = ()) -> Tact:
    """The shipped rules behind the deployment's `own`."""
    return Tact((*own, *_shipped()), language)


def plight_of(text: str, language: str) -> Plight | None:
    """How a visitor is who says `text`; None where nothing tells."""
    words = words_of_feeling(language)
    for group in words.visitors:
        found = group.pattern.search(text)
        if found is not None and group.name == "joy" and words.denied(text, found.start()):
            return "complaint"
        if found is not None:
            return group.name  # type: ignore[return-value]
    if emoji.angry(text):
        return "complaint"
    match emoji.felt(text):
        case Emotion.SAD:
            return "sadness"
        case Emotion.HAPPY:
            return "joy"
    return None


@cache
def _shipped() -> tuple[Rule, ...]:
    items = yaml.safe_load((files("behaviors") / "data" / "tact.yaml").read_text("utf-8"))
    return tuple(
        Rule(
            Emotion(item["show"]),
            item["at"],
            tuple(item.get("visitor", ())),
            tuple(item.get("answer", ())),
            tuple(map(Emotion, item["instead_of"])),
        )
        for item in items
    )
