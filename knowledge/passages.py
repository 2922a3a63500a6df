"""Documents cut into passages: by heading, at the ends of sentences, each with its title path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.documents.blocks import Block, ended
from knowledge.normalise import has_han

LENGTH = 1_000
"""Characters of a passage, about: some 250 tokens."""
LENGTH_HAN = 400
OVERLAP = 0.15
"""How much of a passage, at most, the next one repeats where a section goes on."""

_STOP = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])(?![。！？”’」』）》])|(?<=[。！？][”’」』）》])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|no|nr|vs|approx|ca|e\.g|i\.e|etc|fig|tel|prof|inc|ltd|jan|feb|mar|apr|jun|jul|aug|sept?|"
    r"oct|nov|dec|a\.m|p\.m|bzw|z\.b|[a-z])\.|\b\d{1,2}\.)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of knowledge that may answer a question; `score` is 0..1.

    `answer`: the sentences of it that answer best, to be read out. `template`: the text is an answer's, with fields
    to be filled in; a document's braces are only braces.
    """

    id: str
    title: str
    text: str
    score: float = 0.0
    template: bool = False
    answer: str = ""


def cut(path: str, title: str, blocks: Iterable[Block]) -> list[Passage]:
    """The passages of one document, in order; ids are `path#1`, `path#2`, …"""
    return [Passage(f"{path}#{number}", name, text) for number, (name, text) in enumerate(_pieces(title, blocks), 1)]


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order; an abbreviation or a number before a full stop ends none."""
    found: list[str] = []
    for part in _STOP.split(text):
        if found and _goes_on(found[-1], part):
            found[-1] = f"{found[-1]} {part}"
        elif part.strip():
            found.append(part.strip())
    return found


def together(parts: Iterable[str]) -> str:
    """Sentences as one text; Chinese ones without a space between them."""
    found = ""
    for part in parts:
        found = found + part if not found or (has_han(found[-2:]) and has_han(part[:2])) else f"{found} {part}"
    return found


def _goes_on(before: str, after: str) -> bool:
    if not _ABBREVIATED.search(before):
        return False
    may_end = before.lower().endswith(("a.m.", "p.m.", "etc.")) or before[-2:-1].isdigit()
    return not may_end or after[:1].islower() or after[:1].isdigit()


def _pieces(title: str, blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    for heads, body in _sections(blocks):
        name = " › ".join(filter(None, (title, *heads)))
        for page, text in _packed(body):
            yield f"{name}{_on(page, text)}", text


def _on(page: int, text: str) -> str:
    if not page:
        return ""
    return f"（第{page}页）" if has_han(text) else f" (p. {page})"


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
    """What stands below each heading, with the headings that it stands below."""
    heads: dict[int, str] = {}
    body: list[Block] = []
    for block in blocks:
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield tuple(heads[level] for level in sorted(heads)), body
            body = []
        heads = {level: name for level, name in heads.items() if level < block.level} | {block.level: block.text}
    if body:
        yield tuple(heads[level] for level in sorted(heads)), body


def _packed(body: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """(page, text) of the passages of one section."""
    held: list[tuple[int, str]] = []
    fresh = False
    for page, unit in _units(body):
        limit = LENGTH_HAN if has_han(unit) else LENGTH
        if held and _length(held) + len(unit) > limit:
            yield held[0][0], together(text for _, text in held)
            held = _tail(held, limit)
            if _length(held) + len(unit) > limit:
                held = []
        held.append((page, unit))
        fresh = True
    if held and fresh:
        yield held[0][0], together(text for _, text in held)


def _length(held: list[tuple[int, str]]) -> int:
    return sum(len(text) + 1 for _, text in held)


def _tail(held: list[tuple[int, str]], limit: int) -> list[tuple[int, str]]:
    """The last sentences of a passage, as far as the next one may repeat them."""
    kept: list[tuple[int, str]] = []
    for each in reversed(held[1:]):
        if _length([each, *kept]) > OVERLAP * limit:
            break
        kept.insert(0, each)
    return kept


def _units(body: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """What is not divided: sentences, items, rows; only one too long for a passage is."""
    for block in body:
        text = ended(block.text)
        limit = LENGTH_HAN if has_han(text) else LENGTH
        for unit in sentences(text) if block.kind == "text" or len(text) > limit else [text]:
            yield from ((block.page, unit[at : at + limit]) for at in range(0, len(unit), limit))
