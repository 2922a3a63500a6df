"""What a document is read into: headings, paragraphs, items of lists, rows of tables, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

BlockKind = Literal["heading", "text", "item", "row"]
TEXT_LIMIT = 4_000_000
"""Characters of text that a document may hold."""
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_ENDED = re.compile(r"[.!?。！？…:：;；][\"'”’」』）)\]]*$")


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document, on one line. `level`: of a heading, from 1; `page`: from 1, or 0 without pages."""

    kind: BlockKind
    text: str
    level: int = 0
    page: int = 0


class Unreadable(Exception):
    """A document cannot be read: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        self.problem, self.remedy = problem, remedy
        super().__init__(f"{problem}; {remedy}")


def line(text: str) -> str:
    """A text on one line; where two lines of Chinese meet no space comes between them. Control characters go."""
    words = "".join(each if each.isprintable() else " " for each in text).split()
    return " ".join(words)


def join(parts: Iterable[str]) -> str:
    """Pieces of one paragraph put together, with a space between them except after and before Chinese."""
    found = ""
    for part in filter(None, map(line, parts)):
        tight = not found or (_WIDE.match(found[-1]) and _WIDE.match(part[0]))
        found = found + part if tight else f"{found} {part}"
    return found


def ended(text: str) -> str:
    """A text that ends as a sentence does, so that it can be read out."""
    if not text or _ENDED.search(text):
        return text
    return text + ("。" if HAN.search(text) else ".")


def packed(blocks: Iterable[Block]) -> list[list[str | int]]:
    """Blocks as plain lists."""
    return [[each.kind, each.text, each.level, each.page] for each in blocks]


def unpacked(rows: object) -> tuple[Block, ...]:
    """The blocks of plain lists. Raises ValueError."""
    if not isinstance(rows, list):
        raise ValueError("not a list of blocks")
    found: list[Block] = []
    for row in rows:
        kind, text, level, page = row
        if kind not in get_args(BlockKind) or not isinstance(text, str):
            raise ValueError("not a block")
        found.append(Block(kind, text, int(level), int(page)))
    return tuple(found)
