"""The items of a knowledge file with the places where they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from knowledge.item import Dated, begin, end
from knowledge.library import Part
from knowledge.schema import Faq, Keyword
from visavis.config import Document


@dataclass(frozen=True, slots=True)
class Placed:
    """An item, its file, and its dotted key there (`faq.items[3]`)."""

    document: Document
    key: str
    item: Dated

    @property
    def where(self) -> str:
        """Its place for a person who reads of another one."""
        return f"{self.document.path.name}:{self.document.line_of(self.key)}"


@dataclass(frozen=True, slots=True)
class Asked(Placed):
    """An item that answers questions."""

    item: Faq


@dataclass(frozen=True, slots=True)
class Listening(Placed):
    """An item that listens for words."""

    item: Keyword


def every(part: Part) -> Iterator[Placed]:
    """Every item that has a switch and a window, whether it is in use or not."""
    document, file = part
    for name in ("greetings", "keywords", "faq", "rules"):
        for place, item in enumerate(getattr(file, name).items):
            yield Placed(document, f"{name}.items[{place}]", item)
    for place, skill in enumerate(file.skills.items):
        yield Placed(document, f"skills.items[{place}]", skill)
        for number, intent in enumerate(skill.intents):
            yield Placed(document, f"skills.items[{place}].intents[{number}]", intent)
    for place, ref in enumerate(file.documents):
        yield Placed(document, f"documents[{place}]", ref)


def asked(parts: Sequence[Part], now: datetime) -> list[Asked]:
    """The items with questions that are in use or will be: those of the FAQ, then those of skills."""
    found = [
        Asked(document, f"faq.items[{place}]", item)
        for document, file in parts
        if file.faq.enabled
        for place, item in enumerate(file.faq.items)
    ]
    found += [
        Asked(document, f"skills.items[{place}].intents[{number}]", intent)
        for document, file in parts
        if file.skills.enabled
        for place, skill in enumerate(file.skills.items)
        for number, intent in enumerate(skill.answers())
    ]
    return [each for each in found if each.item.enabled and not over(each.item, now)]


def listening(parts: Sequence[Part], now: datetime) -> list[Listening]:
    """The keywords that are in use or will be, best first."""
    found = [
        Listening(document, f"keywords.items[{place}]", item)
        for document, file in parts
        if file.keywords.enabled
        for place, item in enumerate(file.keywords.items)
        if item.enabled and not over(item, now)
    ]
    return sorted(found, key=lambda each: -each.item.priority)


def over(item: Dated, now: datetime) -> bool:
    """Whether the item's time has passed for good."""
    return item.until is not None and end(item.until) <= begin(now)


def meet(one: Dated, other: Dated) -> bool:
    """Whether there is a time at which both are valid."""
    starts = [begin(each.from_) for each in (one, other) if each.from_ is not None]
    ends = [end(each.until) for each in (one, other) if each.until is not None]
    return not starts or not ends or max(starts) < min(ends)


def covers(outer: Dated, inner: Dated) -> bool:
    """Whether `outer` is valid whenever `inner` is."""
    early = outer.from_ is None or (inner.from_ is not None and begin(outer.from_) <= begin(inner.from_))
    late = outer.until is None or (inner.until is not None and end(outer.until) >= end(inner.until))
    return early and late
