"""Whether a sentence gets an action that a person would do with it, or rightly none, by hand-labelled sentences.

Rules are made on two thirds of them; the third that is kept aside is chosen by a hash of the text, so by nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml

from behaviors.direction import direct
from runtime.bench.report import Row
from runtime.settings import Installation
from visavis.words import ACTIONS

LANGUAGES = ("en", "zh")
TARGET = 0.85
BEAT = frozenset(["emphasis_left", "emphasis_right", "emphasis_both"])
"""What the label `beat` stands for."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence with the actions that are right for it; `still`: to do nothing is right as well."""

    text: str
    language: str
    right: frozenset[str]
    still: bool

    @property
    def held(self) -> bool:
        """Whether it is of the third kept aside."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 3 == 0

    def accepts(self, done: Sequence[str]) -> bool:
        """Whether every action that is done is right, and one is done where one is due."""
        return self.right.issuperset(done) if done else self.still


def sentences(language: str, *, answers: bool = False) -> list[Labelled]:
    """The labelled sentences of a language; with `answers` those of shipped answers, that no rule is made on."""
    name = f"{language}.answers.yaml" if answers else f"{language}.yaml"
    source = files("runtime.bench.behavior") / "sentences" / name
    return [_labelled(each["say"], language, each["act"]) for each in yaml.safe_load(source.read_text("utf-8"))]


def _labelled(text: str, language: str, labels: Sequence[str]) -> Labelled:
    named = set(labels) - {"none", "beat"}
    if unknown := named.difference(ACTIONS):
        raise ValueError(f"{text!r} is labelled with {', '.join(sorted(unknown))}, which is no action")
    return Labelled(text, language, frozenset(named | (BEAT if "beat" in labels else set())), "none" in labels)


def done(text: str, language: str) -> list[str]:
    """The actions that the rules choose for a sentence that is said alone."""
    return [cue.name for cue in direct(text, language)[1] if cue.kind == "action"]


def share(labelled: Sequence[Labelled]) -> float:
    """How many of them get the right action, or rightly none."""
    return sum(each.accepts(done(each.text, each.language)) for each in labelled) / len(labelled)


async def measure(installation: Installation, *, quick: bool, data: Path, done: object) -> tuple[list[Row], list[str]]:
    """The share that is right, of the third kept aside and of the rest."""
    rows = []
    for language in LANGUAGES:
        every = sentences(language)
        for held in (True, False):
            part = [each for each in every if each.held is held]
            name = f"labelled, {language}: {'the third kept aside' if held else 'those that rules were made on'}"
            note = f"{len(part)} sentences, right action or rightly none"
            rows.append(Row(name, share(part), "", TARGET if held else None, at_least=True, note=note))
        drawn = sentences(language, answers=True)
        name = f"labelled, {language}: sentences of shipped answers"
        rows.append(Row(name, share(drawn), "", at_least=True, note=f"{len(drawn)}, no rule made on them"))
    return rows, []
