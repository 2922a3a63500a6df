"""Tables as lines that can be read by themselves: every row names its columns.

"Adult ticket: price 12 €; valid: one day."
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.documents.blocks import HAN, Block, line

_FIGURE = re.compile(r"^[\W_]{0,3}[0-9]")
_SENTENCE = re.compile(r"[.!?。！？]$")
_MANY_WORDS = 60


def rows(cells: Sequence[Sequence[str]], header: bool | None = None, page: int = 0) -> list[Block]:
    """The rows of a table as blocks. `header`: whether the first row names the columns; None: judge it."""
    table = [row for row in ([line(cell) for cell in row] for row in cells) if any(row)]
    if not table:
        return []
    if header is None:
        header = names_columns(table)
    heads = table[0] if header and len(table) > 1 else []
    return [Block("row", text, page=page) for text in _lines(heads, table[1:] if heads else table)]


def names_columns(table: Sequence[Sequence[str]]) -> bool:
    """Whether the first row of a table looks like names of columns: short words, above figures or beside many."""
    if len(table) < 2:
        return False
    first, rest = table[0], table[1:]
    named = [cell for cell in first if cell]
    if len(named) < 2 or any(
        _FIGURE.match(cell) or len(cell) > _MANY_WORDS or _SENTENCE.search(cell) for cell in named
    ):
        return False
    if len(first) > 2 or not first[0]:
        return True
    below = [row[at] for row in rest for at in range(1, len(row)) if at < len(first) and row[at]]
    return bool(below) and sum(bool(_FIGURE.match(cell)) for cell in below) * 2 > len(below)


def _lines(heads: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in body:
        filled = [cell for cell in row if cell]
        if len(set(filled)) == 1:
            yield filled[0]
            continue
        subject, *_ = filled
        at = row.index(subject)
        told = [_told(heads[place] if place < len(heads) else "", row[place]) for place in range(at + 1, len(row))]
        yield _sentence(subject, [each for each in told if each])


def _told(head: str, value: str) -> str:
    if not value or not head:
        return value
    head = head.rstrip(":： ")
    if HAN.search(head):
        return f"{head}{value}" if _FIGURE.match(value) else f"{head}：{value}"
    return f"{head} {value}" if _FIGURE.match(value) else f"{head}: {value}"


def _sentence(subject: str, told: Sequence[str]) -> str:
    wide = HAN.search(subject + "".join(told))
    colon, between, stop = ("：", "；", "。") if wide else (": ", "; ", ".")
    text = subject.rstrip(":： ") + colon + between.join(told)
    return text if _SENTENCE.search(text) else text + stop
