"""The lines of a PDF's page, each with its type and, where wide gaps divide it, its cells."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.documents.blocks import HAN, line

GAP = 1.1
"""The gap between two cells, in heights of the type."""
_BOLD = 600
_BREAKS = "\r\n"
_MARK = re.compile(r"[-*+•·▪‣◦●○■□–]|\d{1,3}[.)、]")
"""What stands before an item of a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its face is (size of the type in points, bold); edges are in points from the lower left."""

    cells: tuple[str, ...]
    face: tuple[float, bool]
    right: float
    top: float
    bottom: float

    @property
    def text(self) -> str:
        return " ".join(self.cells)

    @property
    def bold(self) -> bool:
        return self.face[1]

    @property
    def height(self) -> float:
        return self.top - self.bottom


def lines(document: Any, number: int) -> list[Line]:
    """The lines of page `number`, from 0, in reading order."""
    page = document[number]
    text_page = page.get_textpage()
    try:
        return [each for each in _lines(_Glyphs(text_page)) if each.text]
    finally:
        text_page.close()
        page.close()


class _Glyphs:
    """The characters of a page, with their places and faces."""

    def __init__(self, text_page: Any) -> None:
        import pypdfium2.raw as raw  # type: ignore[import-untyped]

        self._raw, self._page = raw, text_page.raw
        self.count = max(0, text_page.count_chars())
        self._edges = [ctypes.c_double() for _ in range(4)]

    def character(self, at: int) -> str:
        code = self._raw.FPDFText_GetUnicode(self._page, at)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, right, bottom, top."""
        left, right, bottom, top = self._edges
        self._raw.FPDFText_GetCharBox(self._page, at, left, right, bottom, top)
        return left.value, right.value, bottom.value, top.value

    def face(self, at: int) -> tuple[float, bool]:
        """The size as it is drawn, rounded to half points, and whether it is bold."""
        size = self._raw.FPDFText_GetFontSize(self._page, at)
        matrix = self._raw.FS_MATRIX()
        if self._raw.FPDFText_GetMatrix(self._page, at, matrix):
            size *= max(abs(matrix.a), abs(matrix.b)) or 1.0
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        self._raw.FPDFText_GetFontInfo(self._page, at, name, 128, flags)
        called = name.value.decode("utf-8", "replace").lower()
        weight = self._raw.FPDFText_GetFontWeight(self._page, at)
        bold = weight >= _BOLD or any(word in called for word in ("bold", "black", "heavy", "semibold"))
        return round(size * 2) / 2, bold


def _lines(glyphs: _Glyphs) -> Iterator[Line]:
    held: list[tuple[int, str]] = []
    for at in range(glyphs.count):
        character = glyphs.character(at)
        if character not in _BREAKS:
            held.append((at, character))
        elif held:
            yield _line(glyphs, held)
            held = []
    if held:
        yield _line(glyphs, held)


def _line(glyphs: _Glyphs, held: Sequence[tuple[int, str]]) -> Line:
    seen = [(at, character) for at, character in held if not character.isspace()]
    if not seen:
        return Line(("",), (0.0, False), 0.0, 0.0, 0.0)
    boxes = {at: glyphs.box(at) for at, _ in seen}
    faces = glyphs.face(seen[0][0]), glyphs.face(seen[-1][0])
    face = faces[0][0], faces[0][1] and faces[1][1]
    wide = GAP * max(face[0], 4.0)
    cells, right = [""], None
    for at, character in held:
        if at not in boxes:
            cells[-1] += " "
            continue
        left = boxes[at][0]
        if right is not None and left - right > wide:
            cells.append("")
        cells[-1] += character
        right = boxes[at][1]
    words = tuple(filter(None, (line(_unspaced(each)) for each in cells)))
    if len(words) > 1 and _MARK.fullmatch(words[0]):
        words = (f"{words[0]} {words[1]}", *words[2:])
    edges = list(boxes.values())
    return Line(words or ("",), face, max(e[1] for e in edges), max(e[3] for e in edges), min(e[2] for e in edges))


def _unspaced(text: str) -> str:
    """Chinese without the spaces that its wide setting leaves between characters."""
    if not HAN.search(text):
        return text
    parts = text.split(" ")
    return "".join(
        part if not at or (HAN.search(parts[at - 1][-1:]) and HAN.search(part[:1])) else f" {part}"
        for at, part in enumerate(parts)
    )
