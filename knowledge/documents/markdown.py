"""Markdown without its marks: headings, paragraphs, lists, tables; pictures, comments and front matter are left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from knowledge.documents import tables
from knowledge.documents.blocks import Block, join

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FRONT = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_BULLET = re.compile(r"^[ \t]*(?:[-*+•·▪‣][ \t]+|\d{1,3}[.)、][ \t]*(?![0-9]))(?=\S)")
_FENCE = re.compile(r"^[ \t]*(```|~~~)")
_DIVIDER = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_INLINE = (
    (re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"), ""),
    (re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<(https?://[^\s>]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]*>"), " "),
    (re.compile(r"(`+)(.+?)\1"), r"\2"),
    (re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)(.+?)(?<=\S)~~"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)
_CELL = re.compile(r"(?<!\\)\|")


def read(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return list(_Reader(_COMMENT.sub("", _FRONT.sub("", text))).blocks())


def plain(text: str) -> str:
    """A line without the marks of emphasis, links and code."""
    for pattern, instead in _INLINE:
        text = pattern.sub(instead, text)
    return html.unescape(text)


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = [_QUOTE.sub("", each) for each in text.split("\n")]
        self._held: list[str] = []
        self._item = False

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._lines):
            line = self._lines[at]
            if _FENCE.match(line):
                at += 1
                while at < len(self._lines) and not _FENCE.match(self._lines[at]):
                    yield from self._flush()
                    self._held = [self._lines[at]]
                    at += 1
                yield from self._flush()
            elif "|" in line and at + 1 < len(self._lines) and _DIVIDER.match(self._lines[at + 1]):
                yield from self._flush()
                end = at + 2
                while end < len(self._lines) and "|" in self._lines[end]:
                    end += 1
                yield from tables.rows([_cells(each) for each in (line, *self._lines[at + 2 : end])], header=True)
                at = end - 1
            else:
                yield from self._line(line)
            at += 1
        yield from self._flush()

    def _line(self, line: str) -> Iterator[Block]:
        if found := _HEADING.match(line):
            yield from self._flush()
            yield Block("heading", join([plain(found[2])]), len(found[1]))
        elif (under := _UNDERLINE.match(line)) and self._held and not self._item:
            text, self._held = join(map(plain, self._held)), []
            yield Block("heading", text, 1 if under[1][0] == "=" else 2)
        elif not line.strip() or _RULE.match(line):
            yield from self._flush()
        elif found := _BULLET.match(line):
            yield from self._flush()
            self._item, self._held = True, [line[found.end() :]]
        else:
            self._held.append(line)
            if line.endswith(("  ", "\\")):
                self._held[-1] = line.rstrip("\\ ")
                yield from self._flush()

    def _flush(self) -> Iterator[Block]:
        text = join([plain(" ".join(self._held))]) if len(self._held) == 1 else plain(join(self._held))
        if text.strip():
            yield Block("item" if self._item else "text", join([text]))
        self._held, self._item = [], False


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner.removesuffix("|") if not inner.endswith("\\|") else inner
    return [plain(cell.replace("\\|", "|")) for cell in _CELL.split(inner)]
