"""Word documents: headings by their styles, paragraphs, lists, tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge.documents import tables
from knowledge.documents.blocks import Block, Unreadable, join

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_STYLE = re.compile(r"^(?:heading|überschrift|标题)\s*([1-9])$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?,;:。！？，；：]$")
_HEAD_LENGTH = 80


def read(raw: bytes) -> list[Block]:
    """The blocks of a .docx file. Raises Unreadable."""
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(raw))
        blocks: list[Block] = []
        for part in document.iter_inner_content():
            blocks += _table(part) if isinstance(part, Table) else _paragraph(part)
    except Exception as error:
        raise Unreadable(f"Word's parts in it are broken ({type(error).__name__})", "save it again in Word") from error
    return blocks


def _paragraph(paragraph: Paragraph) -> Iterator[Block]:
    text = join([paragraph.text])
    if not text:
        return
    if level := _level(paragraph, text):
        yield Block("heading", text, level)
    else:
        yield Block("item" if _listed(paragraph) else "text", text)


def _level(paragraph: Paragraph, text: str) -> int:
    """The level of a heading: by its style, that style's parents, its outline, or bold type that stands alone."""
    style = paragraph.style
    while style is not None:
        name = style.name or ""
        if name.lower() == "title":
            return 1
        if found := _STYLE.match(name):
            return min(int(found[1]), 6)
        style = style.base_style
    outline = paragraph._p.xpath("./w:pPr/w:outlineLvl/@w:val")
    if outline and str(outline[0]).isdecimal() and int(outline[0]) < 6:
        return int(outline[0]) + 1
    runs = [each for each in paragraph.runs if each.text.strip()]
    bold = bool(runs) and all(each.bold for each in runs)
    return 5 if bold and len(text) <= _HEAD_LENGTH and not _SENTENCE.search(text) and not _listed(paragraph) else 0


def _listed(paragraph: Paragraph) -> bool:
    name = (paragraph.style.name or "") if paragraph.style is not None else ""
    return name.startswith("List") or bool(paragraph._p.xpath("./w:pPr/w:numPr"))


def _table(table: Table) -> list[Block]:
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    first = table.rows[0]._tr if cells else None
    header = None
    if first is not None and (first.xpath("./w:trPr/w:tblHeader") or _bold(first)):
        header = True
    return tables.rows(cells, header)


def _bold(row: object) -> bool:
    """Whether everything in a row is written in bold."""
    runs = row.xpath(".//w:r[w:t]")  # type: ignore[attr-defined]
    return bool(runs) and all(run.xpath("./w:rPr/w:b[not(@w:val='0' or @w:val='false')]") for run in runs)
