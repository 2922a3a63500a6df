"""Leaves out what a reasoning model thinks aloud, between `<think>` and `</think>` or marks like them."""

from __future__ import annotations

_NAMES = ("think", "thinking", "thought", "reasoning", "scratchpad")
_PAIRS = {f"<{name}>": f"</{name}>" for name in _NAMES}


class ThoughtFilter:
    """Takes text in chunks of any size, and gives back what is meant for others."""

    def __init__(self) -> None:
        self._held = ""
        self._until: str | None = None
        """What ends the thought that goes on."""

    def feed(self, text: str) -> str:
        text, self._held = self._held + text, ""
        said: list[str] = []
        while text:
            marks = (self._until,) if self._until else tuple(_PAIRS)
            at, mark = _first(text, marks)
            if mark is None:
                kept = max(_begun(text, each) for each in marks)
                text, self._held = text[: len(text) - kept], text[len(text) - kept :]
                at = len(text)
            if self._until is None:
                said.append(text[:at])
            if mark is None:
                break
            self._until = None if self._until else _PAIRS[mark]
            text = text[at + len(mark) :]
        return "".join(said)

    def end(self) -> str:
        """What was held back as a possible beginning of a thought, and is none."""
        held, self._held = self._held, ""
        return "" if self._until else held


def _first(text: str, marks: tuple[str, ...]) -> tuple[int, str | None]:
    """Where the first of the marks is in `text`, and which."""
    found = [(at, mark) for mark in marks if (at := text.find(mark)) >= 0]
    return min(found) if found else (len(text), None)


def _begun(text: str, mark: str) -> int:
    """How many characters at the end of `text` may be the beginning of `mark`."""
    return next((size for size in range(len(mark) - 1, 0, -1) if text.endswith(mark[:size])), 0)
