"""Ordered rules that say how a stretch of text is read; the first that takes a place keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avatars.voices.text.edits import Claims, Edit

LONGEST = 200
"""Characters that one rule may take: nothing longer is one thing to a reader."""


@dataclass(frozen=True, slots=True)
class Found:
    """A match, and where it stands: `tag` is the language, BCP-47 in lower case."""

    match: re.Match[str]
    tag: str

    def __getitem__(self, group: str | int) -> str:
        if isinstance(group, str) and group not in self.match.re.groupindex:
            return ""
        return self.match[group] or ""

    def before(self, length: int = 24) -> str:
        """The text that comes before, in lower case."""
        start = self.match.start()
        return self.match.string[max(0, start - length) : start].lower()

    def after(self, length: int = 24) -> str:
        """The text that follows."""
        end = self.match.end()
        return self.match.string[end : end + length]


Read = Callable[[Found], str | None]
"""What is said for a match; None where it is nothing of the kind."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What looks like `pattern` is said as `read` has it."""

    pattern: re.Pattern[str]
    read: Read


def rule(pattern: str, read: Read, flags: int = 0) -> Rule:
    """A rule; spaces and line breaks in the pattern mean nothing."""
    return Rule(re.compile(pattern, re.VERBOSE | flags), read)


def follow(rules: Sequence[Rule], text: str, claims: Claims, begin: int, end: int, tag: str) -> None:
    """Claim what the rules say about `text[begin:end]`."""
    for each in rules:
        for match in each.pattern.finditer(text, begin, end):
            if match.end() == match.start() or match.end() - match.start() > LONGEST:
                continue
            if claims.free(*match.span()) and (said := each.read(Found(match, tag))) is not None:
                claims.take(Edit(match.start(), match.end(), said))
