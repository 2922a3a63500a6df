"""The rules by which a sentence's wording decides its actions, read from `data/gestures.<language>.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from visavis.words import ACTIONS

_WORDED = frozenset(["en"])
"""Languages whose patterns are bounded by whole words."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is an action's id."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def find(self, text: str) -> int | None:
        """The stressed character of the first match in `text`."""
        places = [
            found.start("at") if "at" in pattern.groupindex else found.start()
            for pattern in self.patterns
            if (found := pattern.search(text))
        ]
        return min(places, default=None)


@dataclass(frozen=True, slots=True)
class Wording:
    """A language's rules, each list in order of precedence."""

    gestures: tuple[Rule, ...] = ()
    beats: tuple[Rule, ...] = ()


@cache
def wording(language: str) -> Wording:
    """The rules of a BCP-47 language; none where there is no file for it."""
    primary = re.sub("[^a-z]", "", language.lower().split("-")[0])
    data = _read(f"gestures.{primary}.yaml")
    worded = primary in _WORDED
    return Wording(
        tuple(_rule(item, worded) for item in data.get("gestures", [])),
        tuple(_rule(item, worded) for item in data.get("beats", [])),
    )


def _read(name: str) -> dict[str, Any]:
    source = files("behaviors") / "data" / name
    return dict(yaml.safe_load(source.read_text("utf-8"))) if source.is_file() else {}


def _rule(item: dict[str, Any], worded: bool) -> Rule:
    name = item["action"]
    if name not in ACTIONS:
        raise ValueError(f"behaviors/data: there is no action {name!r}")
    return Rule(name, tuple(_compiled(each, worded) for each in item["say"]))


def _compiled(pattern: str, worded: bool) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)" if worded else pattern, re.IGNORECASE)
