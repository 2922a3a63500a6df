"""PDF files: lines put together to paragraphs, headings by size and weight, tables by their gaps, page by page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any

from knowledge.documents import tables
from knowledge.documents.blocks import Block, Unreadable, join
from knowledge.documents.pdf_lines import Line, lines

Levels = dict[tuple[float, bool], int]
"""The level of heading that each face is."""
PAGES = 2_000
LARGER = 1.12
"""How much larger than the body a heading's type is."""
HEAD_LENGTH = 120
_BULLET = re.compile(r"^(?:[-*+•·▪‣◦●○■□–]\s*|\d{1,3}[.)、](?![0-9])\s*)(?=\S)")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|p\.|第)?\s*\d{1,4}(?:\s*(?:/|of|von)\s*\d{1,4})?\s*页?\W*$", re.IGNORECASE
)
_ENDS = re.compile(r"[.!?。！？…][\"'”’)）】》]*$")
_OPEN = re.compile(r"[^.!?,;:。！？，；：]$")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\ufffe\x02]$")


def read(raw: bytes) -> list[Block]:
    """The blocks of a PDF file, with their pages. Raises Unreadable."""
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document: Any = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise Unreadable("it is protected by a password", "save it without the password") from error
        raise Unreadable("the PDF is broken", "open it in the program that it comes from, and save it again") from error
    if len(document) > PAGES:
        raise Unreadable(f"it has more than {PAGES:,} pages", "split it into several documents")
    pages = [lines(document, number) for number in range(len(document))]
    if not any(pages):
        problem = "there is no text in it, only pictures"
        raise Unreadable(problem, "run text recognition (OCR) over it and save it again, or write it into a .md file")
    levels = _levels([line for page in pages for line in page])
    return list(_blocks(_without_margins(pages, levels), levels))


def _without_margins(pages: Sequence[list[Line]], levels: Levels) -> list[list[Line]]:
    """The pages without what stands at the top or the bottom of most of them, and without page numbers."""
    edges = Counter(key for page in pages for key in {_edge(each, levels) for each in (*page[:2], *page[-2:])})
    common = {key for key, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    found: list[list[Line]] = []
    for page in pages:
        inner = range(2, len(page) - 2)
        found.append([line for at, line in enumerate(page) if at in inner or not _marginal(line, common, levels)])
    return found


def _edge(line: Line, levels: Levels) -> str:
    return line.text if line.face in levels else re.sub(r"\d+", "#", line.text)


def _marginal(line: Line, common: set[str], levels: Levels) -> bool:
    return _edge(line, levels) in common or _PAGE_NUMBER.match(line.text) is not None


def _blocks(pages: Sequence[list[Line]], levels: Levels) -> Iterator[Block]:
    for number, page in enumerate(pages, 1):
        widest = max((line.right for line in page), default=0.0)
        for is_table, group in groupby(_grouped(page, levels, widest), key=lambda lines: len(lines[0].cells) > 1):
            paragraphs = list(group)
            if is_table and len(paragraphs) > 1:
                yield from _table([line for lines in paragraphs for line in lines], number)
                continue
            for paragraph in paragraphs:
                yield _block(paragraph, levels, number)


def _table(rows: Sequence[Line], page: int) -> Iterator[Block]:
    """Rows beneath one another that have as many columns."""
    for _, group in groupby(rows, key=lambda line: len(line.cells)):
        part = list(group)
        bold = len(part) > 1 and part[0].bold and not part[1].bold
        yield from tables.rows([line.cells for line in part], True if bold else None, page)


def _block(paragraph: Sequence[Line], levels: Levels, page: int) -> Block:
    level = levels.get(paragraph[0].face, 0) if _heading(paragraph) else 0
    text = _text(paragraph)
    if level and not _BULLET.match(text):
        return Block("heading", text, level, page)
    if found := _BULLET.match(text):
        return Block("item", text[found.end() :], page=page)
    return Block("text", text, page=page)


def _heading(paragraph: Sequence[Line]) -> bool:
    last = paragraph[-1].text
    short = sum(len(line.text) for line in paragraph) <= HEAD_LENGTH
    return short and (bool(_OPEN.search(last)) or last.endswith(("?", "？")))


def _text(paragraph: Sequence[Line]) -> str:
    pieces: list[str] = []
    for line, after in pairwise([*paragraph, None]):
        assert line is not None
        text = line.text
        if after is not None and _HYPHEN.search(text) and after.text[:1].islower():
            pieces.append(_HYPHEN.sub("\0", text))
        else:
            pieces.append(text)
    return join("\n".join(pieces).replace("\0\n", "").replace("\0", "").split("\n"))


def _levels(found: Sequence[Line]) -> Levels:
    """The level of heading that each face is: larger than the body, or bold where the body is not."""
    faces: Counter[tuple[float, bool]] = Counter()
    for line in found:
        faces[line.face] += len(line.text)
    if not faces:
        return {}
    body = faces.most_common(1)[0][0]
    heads = [face for face in faces if face[0] >= body[0] * LARGER or (face[1] and not body[1] and face[0] >= body[0])]
    sizes = sorted(heads, key=lambda face: (-face[0], not face[1]))
    return {face: min(level, 6) for level, face in enumerate(sizes, 1)}


def _grouped(page: Sequence[Line], levels: Levels, widest: float) -> Iterator[list[Line]]:
    """The lines of a page as paragraphs; a row of a table stands by itself."""
    held: list[Line] = []
    for line in page:
        if held and _apart(held[-1], line, levels, widest):
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _apart(above: Line, line: Line, levels: Levels, widest: float) -> bool:
    """Whether another paragraph begins with `line`."""
    if len(above.cells) > 1 or len(line.cells) > 1 or _BULLET.match(line.text):
        return True
    if levels.get(above.face) != levels.get(line.face) or abs(above.face[0] - line.face[0]) > 1:
        return True
    height = max(above.height, line.height, 1.0)
    if not -0.5 * height <= above.bottom - line.top <= (0.4 if line.face in levels else 0.9) * height:
        return True
    return bool(_ENDS.search(above.text)) and above.right < widest * 0.85
