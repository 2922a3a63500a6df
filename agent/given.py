"""What a caller says of the visitor and the place, bounded before anybody uses it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from agent.visitor import printable

CHARACTERS = 16_000
"""Of all names and texts of one context."""
VALUES = 500
DEPTH = 4
"""Objects and lists within one another."""


def checked(context: Mapping[str, object]) -> dict[str, object]:
    """A JSON object as it may be used: its texts without what cannot be seen. Raises ValueError with a remedy."""
    return _Bounds().mapping(context, DEPTH)


class _Bounds:
    """What one context may still bring."""

    def __init__(self) -> None:
        self._characters, self._values = CHARACTERS, VALUES

    def mapping(self, given: Mapping[str, object], depth: int) -> dict[str, object]:
        return {self._text(name): self._value(value, depth) for name, value in given.items()}

    def _value(self, value: object, depth: int) -> object:
        self._values -= 1
        if self._values < 0:
            raise ValueError(f"there are more than {VALUES} values; give what is needed alone")
        match value:
            case str():
                return self._text(value)
            case None | bool() | int():
                return value
            case float() if math.isfinite(value):
                return value
            case dict() | list() if depth <= 1:
                raise ValueError(f"objects and lists lie more than {DEPTH} deep; flatten them")
            case dict():
                return self.mapping(value, depth - 1)
            case list():
                return [self._value(each, depth - 1) for each in value]
        raise ValueError(f"{value!r:.40} is no text, number, object or list; leave it out")

    def _text(self, text: str) -> str:
        self._characters -= len(text)
        if self._characters < 0:
            raise ValueError(f"the texts have more than {CHARACTERS:,} characters; give what is needed alone")
        return printable(text)
