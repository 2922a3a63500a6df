"""What looks wrong with single items: missing files, times that never come, fields that nobody fills in, no words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from knowledge import templates
from knowledge.item import Dated, Show, Timed
from knowledge.library import SECTIONS, Part
from knowledge.lint.placed import Placed, every, over
from knowledge.normalise import normalise
from knowledge.patterns import Pattern, TooSlow
from knowledge.problem import Problem, warning
from knowledge.schema import Keyword, Rule

_KINDS = {"image": "picture", "video": "video", "audio": "sound"}


def items(part: Part, now: datetime) -> Iterator[Problem]:
    """Warnings about the file's sections, and about each of its items by itself."""
    yield from _sections(part)
    for each in every(part):
        yield from _files(each)
        yield from _times(each, now)
        yield from _fields(each)
        yield from _wordless(each)


def _sections(part: Part) -> Iterator[Problem]:
    document, file = part
    for name in SECTIONS:
        section = getattr(file, name)
        if name not in file.model_fields_set:
            continue
        if not section.items:
            yield warning(document, name, "the section holds nothing", "add items, or remove the section")
        elif not section.enabled:
            problem = f"the section is switched off: {len(section.items)} items are never used"
            yield warning(document, f"{name}.enabled", problem, "write `enabled: true` when they are wanted")
    if not any(getattr(file, name).items for name in SECTIONS) and not file.documents:
        yield warning(document, "knowledge", "nothing is known here", "add questions below `faq:`, `items:`")


def _files(each: Placed) -> Iterator[Problem]:
    show: Show | None = getattr(each.item, "show", None)
    for kind, name in show.files().items() if show else ():
        if not (each.document.path.parent / name).is_file():
            problem = f"there is no {_KINDS[kind]} {name}"
            yield warning(each.document, f"{each.key}.show.{kind}", problem, "put it there, or correct the name")


def _times(each: Placed, now: datetime) -> Iterator[Problem]:
    item = each.item
    if over(item, now):
        problem = f"this is over since {item.until}"
        yield warning(each.document, f"{each.key}.until", problem, "remove the item, or move its end")
    if isinstance(item, Timed) and "time" in item.occasions() and item.at is None and item.every is None:
        what = "rule" if isinstance(item, Rule) else "greeting"
        key = f"{each.key}.on"
        yield warning(each.document, key, f"this {what} is never said by the clock", 'add `at: "HH:MM"` or `every: 1h`')


def _fields(each: Placed) -> Iterator[Problem]:
    """Items that say nothing unless a caller gives a value; an event gives rules theirs."""
    if isinstance(each.item, Rule):
        return
    says: tuple[str, ...] = getattr(each.item, "say", ())
    wanted = [[name for name in templates.fields(say) if name not in templates.BUILT_IN] for say in says]
    if wanted and all(wanted):
        names = ", ".join(f"{{{name}}}" for name in dict.fromkeys(name for names in wanted for name in names))
        problem = f"this is said only where the caller gives {names}"
        yield warning(each.document, f"{each.key}.say", problem, "add a wording without a field")


def _wordless(each: Placed) -> Iterator[Problem]:
    """Questions and keywords that no text is like, and patterns that every text is like."""
    item = each.item
    if isinstance(item, Keyword) and item.match == "regex":
        for key, text in _terms(item, ("any", "all")):
            if _empty(text):
                yield warning(
                    each.document, f"{each.key}.{key}", f"{text!r} fits every text", "write what must be there"
                )
        return
    for key, text in _terms(item, ("ask", "any", "all", "none")):
        if not normalise(text):
            problem = f"{text!r} has no letter and no number, so it is never found"
            yield warning(each.document, f"{each.key}.{key}", problem, "write it in words, or remove it")


def _terms(item: Dated, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    for field in fields:
        for place, text in enumerate(getattr(item, field, ())):
            yield f"{field}[{place}]", text


def _empty(pattern: str) -> bool:
    """Whether a pattern occurs where nothing is."""
    try:
        return Pattern(pattern).occurs("")
    except TooSlow:
        return False
