"""Puts what a caller gave into the fields of an answer. Nobody wrote those words beforehand: they are reviewed."""

from __future__ import annotations

import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from xml.sax.saxutils import escape

from agent.question import Given
from agent.reviewing import Reviews
from knowledge import templates
from knowledge.passages import Passage
from visavis.ssml import is_markup
from visavis.words import Card

log = logging.getLogger(__name__)

NAMES = frozenset(["name", "nickname", "user", "viewer", "visitor"])
"""Fields that hold what somebody calls himself."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its fields filled in; `given` are the values in it that have not been reviewed."""

    text: str
    given: tuple[str, ...] = ()


def filled(text: str, given: Given, now: datetime, language: str, review: Reviews) -> Filled | None:
    """`text` with its fields filled in, names as they may be spoken; None when a field is not given."""
    fields = templates.fields(text)
    values: list[str] = []
    spoken: dict[str, object] = dict(given)
    for field in fields:
        value = _value(given, field)
        if isinstance(value, str) and field.rpartition(".")[2] in NAMES:
            _put(spoken, field, review.nickname(value))
        elif isinstance(value, str):
            values.append(value)
    said = templates.fill(text, _escaped(spoken) if is_markup(text) else spoken, now, language)
    return None if said is None else Filled(said, tuple(values))


async def readable(
    passages: Sequence[Passage], given: Given, now: datetime, language: str, review: Reviews
) -> list[Passage]:
    """The passages as they are said: an answer whose fields are not given, or may not be spoken, is none."""
    said: list[Passage] = []
    for each in passages:
        text = filled(each.text, given, now, language, review) if each.template else Filled(each.text)
        if text is not None and await speakable(text, review):
            said.append(replace(each, text=text.text, template=False))
    return said


async def speakable(text: Filled, review: Reviews) -> bool:
    """Whether every value in it may be spoken."""
    for value in text.given:
        judged = await review.said(value)
        if not judged.ok:
            log.info("a value that was given is not spoken: %s", judged.reason)
            return False
    return True


def card(show: Card, given: Given, now: datetime, language: str, review: Reviews, allowed: Container[str] = ()) -> Card:
    """A card with its fields filled in; a line is left out where one is not given, or is a text not in `allowed`."""
    found = _lines(show, given, now, language, review)
    title, text = (line.text if line and all(each in allowed for each in line.given) else "" for line in found)
    return replace(show, title=title, text=text)


def unreviewed(show: Card, given: Given, now: datetime, language: str, review: Reviews) -> list[str]:
    """The texts that a card is filled with and that nobody has reviewed, each once."""
    lines = _lines(show, given, now, language, review)
    return list(dict.fromkeys(each for line in lines if line for each in line.given))


def _lines(show: Card, given: Given, now: datetime, language: str, review: Reviews) -> list[Filled | None]:
    return [filled(each, given, now, language, review) for each in (show.title, show.text)]


def _value(given: Mapping[str, object], field: str) -> object:
    """The value at a dotted path, None where there is none."""
    value: object = given
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _escaped(given: Mapping[str, object]) -> dict[str, object]:
    """Values as they stand in a marked-up text: words, never markup."""
    return {
        key: escape(value) if isinstance(value, str) else _escaped(value) if isinstance(value, Mapping) else value
        for key, value in given.items()
    }


def _put(given: dict[str, object], field: str, value: str) -> None:
    """Set the value at a dotted path, leaving what others hold as it is."""
    *path, last = field.split(".")
    for part in path:
        inner = given[part]
        copy: dict[str, object] = dict(inner) if isinstance(inner, Mapping) else {}
        given[part] = copy
        given = copy
    given[last] = value
