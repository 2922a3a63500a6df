"""Regular expressions that a file's author writes: tried when they are read, and given little time to search."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from typing import Any

import regex  # type: ignore[import-untyped,unused-ignore]

log = logging.getLogger(__name__)

SEARCH_S = 0.005
"""Seconds that one search may take."""
QUESTION_S = 0.02
"""Seconds that all searches for one question may take together."""
REST_S = 60.0
"""How long a pattern that took too long is not tried again."""
_TRIES_S = (0.05, 0.2)
"""How long a pattern may take for the longest question; the second time is for a machine that was busy before."""
_LONG = 1_000
_LITERAL = re.compile(r"[^\W_]+|[^\w\s\\^$.|?*+()\[\]{}]+")


class TooSlow(Exception):
    """Whether a pattern occurs was not found out in time."""


class Pattern:
    """One expression, blind to case. Making one raises ValueError with a remedy."""

    __slots__ = ("_compiled", "_rests_until", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._rests_until = 0.0
        try:
            self._compiled: Any = regex.compile(text, regex.IGNORECASE | regex.VERSION0)
        except (regex.error, OverflowError, RecursionError, MemoryError) as error:
            problem = f"{text!r} is not a regular expression: {error}"
            raise ValueError(f"{problem.replace('; ', ', ')}; correct it, or use `match: word`") from error

    def occurs(self, text: str, seconds: float = SEARCH_S) -> bool:
        """Whether it occurs in a text. Raises TooSlow, and from then on for a while at once."""
        now = time.monotonic()
        if now < self._rests_until:
            raise TooSlow
        try:
            return self._compiled.search(text, timeout=seconds) is not None
        except TimeoutError:
            if seconds >= SEARCH_S:
                self._rests_until = now + REST_S
                log.warning("the pattern %r takes too long and is not tried for %g s", self.text, REST_S)
            raise TooSlow from None

    def explodes(self) -> bool:
        """Whether a text can be found for which it takes far too long."""
        return any(all(self._exceeds(text, seconds) for seconds in _TRIES_S) for text in _provocations(self.text))

    def _exceeds(self, text: str, seconds: float) -> bool:
        try:
            self._compiled.search(text, timeout=seconds)
        except TimeoutError:
            return True
        return False


class Budget:
    """The time that the searches for one question may take together."""

    def __init__(self, seconds: float = QUESTION_S) -> None:
        self._left = seconds

    def occurs(self, pattern: Pattern, text: str) -> bool:
        """As `Pattern.occurs`; raises TooSlow as well when nothing of the time is left."""
        if self._left <= 0:
            raise TooSlow
        began = time.thread_time()
        try:
            return pattern.occurs(text, min(SEARCH_S, self._left))
        finally:
            self._left -= time.thread_time() - began


def checked(text: str) -> str:
    """The expression itself, when it can be used. Raises ValueError with a remedy."""
    if Pattern(text).explodes():
        raise ValueError(f"{text!r} takes too long to search; write it without repeats inside repeats")
    return text


def _provocations(pattern: str) -> Iterator[str]:
    """Texts that keep a pattern with nested or overlapping repeats busy: what it is made of, over and over."""
    literals = list(dict.fromkeys(_LITERAL.findall(pattern)))[:6]
    letters = list(dict.fromkeys(each[0] for each in literals))[:4]
    start = re.match(r"[\w ]*", pattern)
    ending = "!\n" + "".join(literals) + "!"
    for prefix in {"", start[0] if start else ""}:
        for unit in dict.fromkeys([*literals, *letters, "a", "0", " ", "a ", "中", "a0", ".", "-", "a.", "x@"]):
            yield prefix + unit * (_LONG // len(unit)) + ending
