"""Changes of a text on its way to a voice, and the way back: every spoken character knows what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `begin` to `end` are spoken as `text`; with `ipa` as these phonemes, where a voice takes them."""

    begin: int
    end: int
    text: str
    ipa: str = ""


@dataclass(frozen=True, slots=True)
class Narration:
    """What a voice is given: character i of `text` stands for the original's `spans[i]`, (begin, end).

    `sounds` are the places in `text` that are spoken as given phonemes: (begin, end, IPA).
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    sounds: tuple[tuple[int, int, str], ...] = ()

    def span(self, at: int, length: int) -> tuple[int, int]:
        """The original's (begin, end) of `length` spoken characters from `at`, kept within the text."""
        covered = self.spans[max(0, at) : max(at + length, at + 1)]
        if not covered:
            end = self.spans[-1][1] if self.spans else 0
            return end, end
        return covered[0][0], max(end for _, end in covered)


class Claims:
    """Which characters of a text have been changed; what comes first keeps its place."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)
        self.edits: list[Edit] = []

    def free(self, begin: int, end: int) -> bool:
        """Whether nothing was changed there."""
        return not any(self._taken[begin:end])

    def take(self, edit: Edit) -> bool:
        """Make the change unless one of its characters is taken; whether it was made."""
        if not self.free(edit.begin, edit.end):
            return False
        self._taken[edit.begin : edit.end] = b"\x01" * (edit.end - edit.begin)
        self.edits.append(edit)
        return True

    def take_all(self, edits: Iterable[Edit]) -> None:
        """Make those that are free, in order."""
        for edit in edits:
            self.take(edit)


def narration(text: str, edits: Sequence[Edit], begin: int = 0, end: int | None = None) -> Narration:
    """`text[begin:end]` with the edits that lie in it; a space keeps words apart that an edit would join."""
    end = len(text) if end is None else end
    spoken: list[str] = []
    spans: list[tuple[int, int]] = []
    sounds: list[tuple[int, int, str]] = []

    def put(piece: str, pairs: Iterable[tuple[int, int]]) -> None:
        spoken.append(piece)
        spans.extend(pairs)

    at = begin
    for edit in sorted((each for each in edits if begin <= each.begin and each.end <= end), key=lambda e: e.begin):
        put(text[at : edit.begin], ((i, i + 1) for i in range(at, edit.begin)))
        if edit.text:
            last = next((piece[-1] for piece in reversed(spoken) if piece), "")
            if joins(last, edit.text[0]):
                put(" ", [(edit.begin, edit.begin)])
            if edit.ipa:
                sounds.append((len(spans), len(spans) + len(edit.text), edit.ipa))
            put(edit.text, [(edit.begin, edit.end)] * len(edit.text))
            if edit.end < end and joins(edit.text[-1], text[edit.end]):
                put(" ", [(edit.end, edit.end)])
        at = edit.end
    put(text[at:end], ((i, i + 1) for i in range(at, end)))
    return Narration("".join(spoken), tuple(spans), tuple(sounds))


def joins(left: str, right: str) -> bool:
    """Whether two characters would run into one word that they are not: letters and digits, not both Chinese."""
    return bool(left) and left.isalnum() and right.isalnum() and not (han(left) or han(right))


def han(character: str) -> bool:
    """Whether it is a Chinese character."""
    return "㐀" <= character <= "鿿" or "豈" <= character <= "\ufaff" or character == "〇" or character >= "\U00020000"
