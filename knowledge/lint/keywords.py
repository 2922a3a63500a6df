"""Keywords that never fire, and those that take a question from the FAQ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from knowledge.keywords import Keywords
from knowledge.library import Part
from knowledge.lint.placed import Asked, Listening, asked, covers, listening, meet
from knowledge.normalise import has_han, normalise
from knowledge.problem import Problem, warning
from knowledge.schema import Keyword


def keywords(part: Part, parts: Sequence[Part], now: datetime) -> Iterator[Problem]:
    """Warnings about the keywords of `part`, one of the `parts` of its library."""
    known, questions = listening(parts, now), asked(parts, now)
    for place, each in enumerate(known):
        if each.document is part[0]:
            yield from _contradictory(each)
            yield from _shadowed(each, known[:place])
            yield from _beaten(each, questions)
    mine = [each for each in questions if each.document is part[0]]
    yield from _taken(mine, known)


# ── keywords that never fire ──
def _contradictory(each: Listening) -> Iterator[Problem]:
    """Words that are wanted and not wanted at once."""
    item = each.item
    for field in ("all", "any"):
        terms = getattr(item, field)
        dead = [term for term in terms if any(_implies(item, term, item, none) for none in item.none)]
        if not dead:
            continue
        words = ", ".join(map(repr, dead))
        never = field == "all" or len(dead) == len(terms)
        problem = f"{words} is in `none` too" + (", so the keyword never fires" if never else ", so it never counts")
        yield warning(each.document, f"{each.key}.{field}", problem, "remove it from one of the two")


def _shadowed(each: Listening, before: Sequence[Listening]) -> Iterator[Problem]:
    """A keyword that another one, which comes first, always takes the text from."""
    for other in before:
        if not other.item.cooldown and covers(other.item, each.item) and _always(other.item, each.item):
            higher = other.item.priority > each.item.priority
            why = "has a higher priority" if higher else "stands before it"
            problem = f"never fires: {other.item.id!r} ({other.where}) {why} and fires on the same words"
            yield warning(each.document, each.key, problem, "raise its `priority`, or change its words")
            return


def _always(first: Keyword, second: Keyword) -> bool:
    """Whether `first` fires on every text that `second` fires on, as far as their words show it."""
    if any(none not in second.none for none in first.none) or (first.none and first.match != second.match):
        return False
    sure = [(second, term) for term in second.all]
    if not all(any(_implies(*each, first, wanted) for each in sure) for wanted in first.all):
        return False
    if not first.any or any(_implies(*each, first, wanted) for each in sure for wanted in first.any):
        return True
    return bool(second.any) and all(
        any(_implies(second, term, first, wanted) for wanted in first.any) for term in second.any
    )


def _implies(one: Keyword, term: str, other: Keyword, wanted: str) -> bool:
    """Whether a text in which `one` finds `term` is one in which `other` finds `wanted`."""
    if "regex" in (one.match, other.match):
        return one.match == other.match and term == wanted
    inner, outer = normalise(wanted), normalise(term)
    if not inner or not outer:
        return False
    if other.match == "exact":
        return one.match == "exact" and inner == outer
    if other.match == "contains" or has_han(inner):
        return inner in outer
    return one.match != "contains" and f" {inner} " in f" {outer} "


# ── keywords and questions ──
def _beaten(each: Listening, questions: Sequence[Asked]) -> Iterator[Problem]:
    """A keyword for whole texts, each of which is a question of the FAQ: that comes first."""
    item = each.item
    if item.match != "exact" or item.all or not item.any:
        return
    for term in item.any:
        owner = next((q for q in questions if normalise(term) in map(normalise, q.item.ask)), None)
        if owner is None or not covers(owner.item, item):
            return
    problem = "never fires: each of its texts is a question of the FAQ, which comes first"
    yield warning(each.document, each.key, problem, "remove the keyword, or the questions")


def _taken(questions: Sequence[Asked], known: Sequence[Listening]) -> Iterator[Problem]:
    """Questions that fire a keyword: as they are written they are answered, in other words the keyword answers."""
    owners = {each.item.id: each for each in known}
    rules = Keywords(each.item for each in known)
    for each in questions:
        for number, phrasing in enumerate(each.item.ask):
            fired = next((one for one in rules.matching(phrasing) if meet(one, each.item)), None)
            if fired is None or set(fired.say) & set(each.item.say):
                continue
            problem = (
                f"{phrasing!r} fires the keyword {fired.id!r} ({owners[fired.id].where}) once it is worded otherwise"
            )
            remedy = "give that keyword a `none`, or fewer words"
            yield warning(each.document, f"{each.key}.ask[{number}]", problem, remedy)
            break
