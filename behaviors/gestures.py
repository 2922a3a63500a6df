"""Which actions go with a sentence, and at which word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from behaviors.wording import Wording, wording
from visavis.words import Cue

APART_S = 1.2
"""Actions of one sentence begin at least so far apart."""
MOST = 2
"""Actions in a sentence, each of another kind: no counting on the fingers."""
BEAT_APART_S = 4.0
"""Beats are rarer."""
BEAT_MIN_S = 4.0
"""A sentence shorter than that has no beat."""
WIDE_S, NARROW_S = 0.22, 0.065
"""How long a CJK character and another one take to say."""

_CLAUSE = re.compile(r"(?:[^.,;:，；：。！？!?—]|(?<=\w)[.,:](?=[0-9a-z]))+[.,;:，；：。！？!?—]*")
"""A mark inside a number or an abbreviation ends nothing."""


def gestures(text: str, language: str) -> tuple[Cue, ...]:
    """At most one action a clause: what the words mean goes before the beat of a stressed one. Often none."""
    rules = wording(language)
    meant = [cue for start, clause in _clauses(text) if (cue := _meant(clause, start, rules))]
    chosen: list[Cue] = []
    for cue in meant:
        if len(chosen) < MOST and cue.name not in {each.name for each in chosen} and _apart(text, chosen, cue, APART_S):
            chosen.append(cue)
    if not chosen and seconds(text) >= BEAT_MIN_S:
        chosen = _beats(text, rules)
    return tuple(chosen[:MOST])


def seconds(text: str) -> float:
    """About how long a text takes to say."""
    return sum(WIDE_S if "\u3040" <= character <= "\u9fff" else NARROW_S for character in text)


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    for found in _CLAUSE.finditer(text):
        clause = found.group().lstrip(" \"'“‘(")
        yield found.end() - len(clause), clause


def _meant(clause: str, start: int, rules: Wording) -> Cue | None:
    for rule in rules.gestures:
        at = rule.find(clause)
        if at is not None:
            return Cue("action", rule.name, start + at, "meant")
    return None


def _apart(text: str, chosen: list[Cue], cue: Cue, least_s: float) -> bool:
    return not chosen or seconds(text[chosen[-1].at : cue.at]) >= least_s


def _beats(text: str, rules: Wording) -> list[Cue]:
    chosen: list[Cue] = []
    for start, clause in _clauses(text):
        for rule in rules.beats:
            at = rule.find(clause)
            if at is None:
                continue
            cue = Cue("action", rule.name, start + at, "beat")
            if _apart(text, chosen, cue, BEAT_APART_S):
                chosen.append(cue)
            break
    return chosen
