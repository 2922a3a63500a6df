"""A text made into parts that a voice speaks one after the other: each in one manner, in words, with a pause before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from avatars.voices.lexicon import Lexicon
from avatars.voices.plain import LIMIT
from avatars.voices.text import Claims, Edit, Narration, narration, read_aloud, reader
from avatars.voices.text.homophones import homophones
from avatars.voices.text.say_as import said_as
from avatars.voices.text.surroundings import stretches
from visavis.engines import Style
from visavis.ssml import Document, Manner, Reading, Span, is_markup, parse

LONGEST = 1_500
"""Characters of one part; a longer text is cut where a sentence ends."""
PAUSE_S = 0.3
"""Silence where a long text was cut."""
_TAG = re.compile(r"""</?[A-Za-z][\w:.-]*(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*\s*/?>""")
_END = re.compile(r"[.!?]+[\"'”’)]*\s|[。！？\n]+|\s")
_SENTENCE = re.compile(r"[.!?]+[\"'”’)]*\s|[。！？\n]+")
_PINYIN = frozenset(["pinyin", "x-pinyin", "py", "x-py", "sapi", "x-amazon-pinyin", "x-microsoft-pinyin"])


@dataclass(frozen=True, slots=True)
class Part:
    """What is spoken at once; places in the narration's spans are those of the whole plain `text`."""

    narration: Narration
    style: Style
    text: str
    pause_s: float = 0.0
    voice: str = ""


def script(text: str, style: Style, language: str, lexicon: Lexicon, voice: str = "") -> list[Part]:
    """The parts of a plain or marked-up text. Raises MarkupError."""
    marked = is_markup(text)
    document = parse(text) if marked else Document(text)
    plain = document.text[:LIMIT]
    forced = [Edit(each.start, each.end, plain[each.start : each.end], each.ipa) for each in style.sounds if not marked]
    pauses = {each.at: each.seconds for each in document.pauses}
    parts: list[Part] = []
    last: Manner | None = None
    for begin, end, manner in _cuts(document, plain):
        tag = manner.language or language
        readings = [each for each in document.readings if begin <= each.begin and each.end <= end]
        edits = [*filter(None, (_edit(each, plain, tag) for each in readings)), *forced]
        pause = pauses.pop(begin, None)
        if pause is None:
            pause = PAUSE_S if manner == last else 0.0
        last = manner
        said = _said(plain, begin, end, edits, tag, lexicon, manner.voice or voice)
        parts.append(Part(said, _styled(style, manner), plain, pause, manner.voice))
    if plain and len(plain) in pauses:
        parts.append(Part(Narration("", ()), style, plain, pauses[len(plain)]))
    return _timed(parts, style)


def _said(text: str, begin: int, end: int, edits: Sequence[Edit], tag: str, lexicon: Lexicon, voice: str) -> Narration:
    """`text[begin:end]` in words: what is forced first, then the lexicon, then the rules of the language."""
    piece = text[begin:end]
    claims = Claims(len(piece))
    claims.take_all(
        replace(each, begin=each.begin - begin, end=each.end - begin)
        for each in edits
        if begin <= each.begin < each.end <= end
    )
    claims.take_all(Edit(*tag_.span(), " ") for tag_ in _TAG.finditer(piece))
    for first, last, inner in stretches(piece, tag) or [(0, len(piece), tag)]:
        known = lexicon.edits(piece, inner, voice)
        claims.take_all(each for each in known if first <= each.begin and each.end <= last)
    read_aloud(piece, tag, claims)
    found = narration(piece, claims.edits)
    return Narration(found.text, tuple((a + begin, b + begin) for a, b in found.spans), found.sounds)


def _edit(reading: Reading, text: str, tag: str) -> Edit | None:
    """How a marked place is read; None where it is left to the rules."""
    begin, end, written = reading.begin, reading.end, text[reading.begin : reading.end]
    if not written:
        return None
    if reading.kind == "sub":
        return Edit(begin, end, reading.value)
    if reading.kind == "say-as":
        said = said_as(reader(tag), reading.value, reading.detail, written)
        return None if said is None else Edit(begin, end, said)
    if reading.detail == "ipa":
        return Edit(begin, end, written, reading.value)
    same = homophones(reading.value) if reading.detail in _PINYIN else None
    return Edit(begin, end, same) if same else None


def _cuts(document: Document, text: str) -> Iterator[tuple[int, int, Manner]]:
    """Where the manner changes, a pause lies or a part would be too long; never inside of a reading."""
    spans = document.spans or (Span(0, len(text), Manner()),)
    places = {each.begin for each in spans} | {each.at for each in document.pauses}
    inside = [(each.begin, each.end) for each in document.readings]
    edges = sorted(
        place for place in places if 0 < place < len(text) and not any(begin < place < end for begin, end in inside)
    )
    at, which = 0, 0
    for edge in (*edges, len(text)):
        while which + 1 < len(spans) and spans[which].end <= at:
            which += 1
        while at < edge:
            end = _short_of(text, at, edge)
            yield at, end, spans[which].manner
            at = end


def _short_of(text: str, at: int, edge: int) -> int:
    """The end of a part that begins at `at`: `edge`, or the last end of a sentence, or of a word, within reach."""
    if edge - at <= LONGEST:
        return edge
    for pattern in (_SENTENCE, _END):
        ends = [found.end() for found in pattern.finditer(text, at, at + LONGEST)]
        if ends and ends[-1] > at:
            return ends[-1]
    return at + LONGEST


def _styled(style: Style, manner: Manner) -> Style:
    return replace(
        style,
        emotion=manner.emotion or style.emotion,
        rate=style.rate * manner.rate,
        pitch=style.pitch * manner.pitch,
        energy=style.energy * manner.energy,
        degree=manner.degree if manner.emotion else style.degree,
        sounds=(),
    )


def _timed(parts: list[Part], style: Style) -> list[Part]:
    """The parts, sharing the length that the whole is to have by how much each says."""
    if style.duration_s is None:
        return parts
    size = sum(len(each.narration.text) / each.style.rate for each in parts) or 1.0
    left = max(0.1, style.duration_s - sum(each.pause_s for each in parts))
    lengths = [left * len(each.narration.text) / each.style.rate / size for each in parts]
    return [
        replace(each, style=replace(each.style, duration_s=length or None))
        for each, length in zip(parts, lengths, strict=True)
    ]
