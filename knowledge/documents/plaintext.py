"""Plain text: paragraphs between blank lines, lines that stand for themselves, headings by their looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.documents.blocks import Block, join

WRAPPED = 0.7
"""A line so long, in parts of the longest, goes on in the next one."""
NARROW = 50
_HASHES = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_UNDERLINE = re.compile(r"^[ \t]*(={3,}|-{3,}|~{3,}|\*{3,})[ \t]*$")
_CHAPTER = re.compile(r"^(?:第[一二三四五六七八九十百0-9]+[章节部分]|[一二三四五六七八九十]+、)\s*\S.{0,30}$")
_BULLET = re.compile(r"^[ \t]*(?:[-*+•·▪‣][ \t]+|\d{1,3}[.)、][ \t]*(?![0-9]))(?=\S)")
_OPEN_END = re.compile(r"[^.!?。！？…,，;；:：]$")
_HEAD_LENGTH = 60


def read(text: str) -> list[Block]:
    """The blocks of a plain text."""
    lines = [each.rstrip() for each in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    width = max(map(len, lines), default=0)
    return list(_blocks(lines, max(NARROW, width * WRAPPED)))


def _blocks(lines: list[str], wrapped: float) -> Iterator[Block]:
    held: list[str] = []
    item = False
    for at, line in enumerate(lines):
        text = line.strip()
        before, after = lines[at - 1 : at], lines[at + 1 : at + 2]
        heading = _heading(text, not "".join(before).strip(), "".join(after).strip())
        bullet = _BULLET.match(line)
        if held and (not text or heading or bullet or len(lines[at - 1]) < wrapped):
            yield Block("item" if item else "text", join(held))
            held, item = [], False
        if heading:
            yield heading
        elif text and not _UNDERLINE.match(line):
            item = item or bullet is not None
            held.append(line[bullet.end() :] if bullet else text)
    if held:
        yield Block("item" if item else "text", join(held))


def _heading(text: str, first: bool, after: str) -> Block | None:
    """A line that is a heading: marked, underlined, a numbered chapter, or capitals that stand alone."""
    if found := _HASHES.match(text):
        return Block("heading", join([found[2]]), len(found[1]))
    if not text or not first or len(text) > _HEAD_LENGTH or _UNDERLINE.match(text):
        return None
    if _UNDERLINE.match(after):
        return Block("heading", join([text]), 1 if after.lstrip()[0] == "=" else 2)
    if _CHAPTER.match(text) and _OPEN_END.search(text):
        return Block("heading", join([text]), 2)
    alone = text.isupper() or (not after and text[0].isupper())
    short = len(text) <= _HEAD_LENGTH and len(text.split()) <= 8 and _OPEN_END.search(text)
    return Block("heading", join([text]), 2) if alone and short and not _BULLET.match(text) else None
