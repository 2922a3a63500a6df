"""From XML to a block: hardened, bounded, and every refusal names the behaviour and its attribute."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree  # type: ignore[import-untyped]
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]

from behaviors.bml.lexemes import FACES, GAZES, GESTURES, HEADS
from behaviors.bml.model import POINTS, Behavior, Block, BmlError, Composition, Kind, Ref

LIMIT = 128 * 1024
"""Bytes of a block."""
DEPTH, MOST, TEXT = 16, 100, 8_000
"""How deep elements may lie in each other, how many behaviours a block has, and characters all its texts have."""
LONGEST_S = 600.0
_ID = re.compile(r"[^\s:+<>&\"']{1,64}")
_NUMBER = r"[+-]?\s*(?:\d{1,6}(?:\.\d{0,6})?|\.\d{1,6})"
_TIME = re.compile(
    rf"\s*(?P<only>{_NUMBER})\s*"
    r"|\s*(?P<target>[^\s:+]{1,64})\s*:\s*(?P<point>[^\s:+-]{1,64})\s*(?P<offset>[+-]\s*[\d.]{1,12})?\s*"
)
_COMPOSITIONS: dict[str, Composition] = {"MERGE": "MERGE", "APPEND": "APPEND", "REPLACE": "REPLACE"}
TIME = "{urn:visavis:bml}time"
"""Of a `sync` element: when it was said."""


def parse(text: str) -> Block:
    """The block that an XML text says. Raises BmlError."""
    root = _root(text)
    if _local(root) != "bml":
        raise BmlError("", "", f"the document is a <{_local(root)[:40]}>", "begin with <bml id=…>")
    reader = _Reader(_identity(root, "bml1", "bml"))
    reader.read(root, required=False)
    composition = _COMPOSITIONS.get(root.get("composition", "MERGE").strip().upper())
    if composition is None:
        problem = f"{root.get('composition', '')[:40]!r} is no composition"
        raise BmlError("", "composition", problem, f"say {', '.join(_COMPOSITIONS)}")
    return Block(reader.block, tuple(reader.behaviors.values()), composition, tuple(reader.warnings))


def _root(text: str) -> Element:
    data = text.encode("utf-8", "replace")
    if len(data) > LIMIT:
        raise BmlError("", "", f"the block has {len(data):,} bytes, more than {LIMIT:,}", "send it in parts")
    try:
        root: Element = ElementTree.fromstring(text.removeprefix("\ufeff").strip(), forbid_dtd=True)
    except DefusedXmlException as error:
        raise BmlError("", "", "it declares a document type or entities", "leave the DOCTYPE out") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BmlError(
            "", "", f"it is not well-formed XML ({error})", "close every element and quote values"
        ) from error
    level = [root]
    for _ in range(DEPTH):
        level = [child for element in level for child in element]
    if level:
        raise BmlError("", "", f"elements lie more than {DEPTH} deep in each other", "nest them less")
    return root


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _identity(element: Element, otherwise: str, tag: str) -> str:
    name = element.get("id", otherwise).strip()
    if not _ID.fullmatch(name):
        problem = f"{name[:40]!r} cannot be an id"
        raise BmlError(tag, "id", problem, "use at most 64 characters, no space, colon, plus or quote")
    return name


class _Reader:
    """Takes elements in order."""

    def __init__(self, block: str) -> None:
        self.block = block
        self.behaviors: dict[str, Behavior] = {}
        self.warnings: list[str] = []
        self._length = 0

    def read(self, parent: Element, *, required: bool) -> None:
        for element in parent:
            tag = _local(element)
            if tag == "required":
                self.read(element, required=True)
                continue
            reading = getattr(self, f"_{tag}", None) if tag in READ else None
            if reading is None:
                self._leave_out(element, tag, required)
                continue
            name = _identity(element, f"{tag}{len(self.behaviors) + 1}", tag)
            if name in self.behaviors or name == self.block:
                raise BmlError(name, "id", "two elements have this id", "give each its own")
            if len(self.behaviors) >= MOST:
                raise BmlError(name, "", f"a block has at most {MOST} behaviours", "send more blocks")
            self.behaviors[name] = reading(element, name)

    def _leave_out(self, element: Element, tag: str, required: bool) -> None:
        name = element.get("id", tag)[:64]
        if required:
            raise BmlError(name, "", f"<{tag[:40]}> is required, and cannot be done here", "leave it out")
        if len(self.warnings) < MOST:
            self.warnings.append(f"{name}: <{tag[:40]}> cannot be done here; it is left out")

    # ── elements ──
    def _speech(self, element: Element, name: str) -> Behavior:
        text = next((child for child in element if _local(child) == "text"), None)
        if text is None:
            raise BmlError(name, "text", "there is no <text> in it", "write <text>…</text>")
        said, marks, times = _said(text, name)
        self._length += len(said)
        if not any(character.isalnum() for character in said):
            raise BmlError(name, "text", "there is nothing to say in it", "give some words")
        if self._length > TEXT:
            raise BmlError(name, "text", f"the block has more than {TEXT:,} characters", "send it in parts")
        return Behavior("speech", name, sync=_sync(element, name), text=said, marks=marks, times=times)

    def _gesture(self, element: Element, name: str) -> Behavior:
        return self._named("action", element, name, ("lexeme",), GESTURES)

    def _head(self, element: Element, name: str) -> Behavior:
        times = _number(element, name, "repetition", 1.0, 1.0, 5.0)
        return self._named("action", element, name, ("lexeme",), HEADS, repetition=round(times))

    def _gaze(self, element: Element, name: str) -> Behavior:
        return self._named("gaze", element, name, ("target",), GAZES)

    def _face(self, element: Element, name: str) -> Behavior:
        amount = _number(element, name, "amount", 1.0, 0.0, 1.0)
        return self._named("face", element, name, ("emotion", "lexeme"), FACES, amount=amount)

    _faceLexeme = _face  # noqa: N815

    def _wait(self, element: Element, name: str) -> Behavior:
        if element.get("duration") is None:
            raise BmlError(name, "duration", "it does not say how long to wait", 'write duration="1.5"')
        amount = _number(element, name, "duration", 0.0, 0.0, LONGEST_S)
        return Behavior("wait", name, sync=_sync(element, name), amount=amount)

    @staticmethod
    def _named(
        kind: Kind, element: Element, name: str, keys: tuple[str, ...], known: Mapping[str, str], **more: Any
    ) -> Behavior:
        key = next((each for each in keys if element.get(each) is not None), keys[0])
        said = element.get(key, "")
        meant = known.get(said.strip().lower())
        if meant is None:
            problem = f"{said[:40]!r} is not known" if said else "it is missing"
            raise BmlError(name, key, problem, f"say one of {', '.join(sorted(known))}")
        return Behavior(kind, name, meant, _sync(element, name), **more)


READ = frozenset(["speech", "gesture", "head", "gaze", "face", "faceLexeme", "wait"])


def _said(element: Element, name: str) -> tuple[str, dict[str, int], dict[str, float]]:
    """The words, single-spaced, with the character that each mark stands before."""
    marks: dict[str, int] = {}
    times: dict[str, float] = {}
    text = ""
    for content, mark in _pieces(element):
        text += content if text and not text[-1].isspace() else content.lstrip()
        text = re.sub(r"\s+", " ", text)
        if mark is None:
            continue
        point = mark.get("id", "").strip()
        if not _ID.fullmatch(point) or "-" in point or point in POINTS or point in marks:
            problem = f"{point[:40]!r} cannot be the id of a sync element"
            raise BmlError(name, "sync", problem, f"give each its own, without + and -, none of {', '.join(POINTS)}")
        marks[point] = len(text)
        if mark.get(TIME) is not None:
            times[point] = _number(mark, name, TIME, 0.0, 0.0, LONGEST_S)
    whole = text.rstrip()
    return whole, {point: _on_word(whole, at) for point, at in marks.items()}, times


def _on_word(text: str, at: int) -> int:
    return min(at + (text[at : at + 1] == " "), len(text))


def _pieces(element: Element) -> Iterator[tuple[str, Element | None]]:
    """Text and the mark that follows it; other elements' text is said as it stands."""
    yield element.text or "", None
    for child in element:
        if _local(child) in ("sync", "mark"):
            yield "", child
        else:
            yield from _pieces(child)
        yield child.tail or "", None


def _sync(element: Element, name: str) -> dict[str, Ref]:
    return {point: _ref(element.get(point, ""), name, point) for point in POINTS if element.get(point) is not None}


def _ref(text: str, name: str, point: str) -> Ref:
    found = _TIME.fullmatch(text)
    if found is None:
        problem = f"{text[:60]!r} is no time"
        raise BmlError(name, point, problem, "write seconds, or behaviour:point with an offset, as speech1:end+0.5")
    if found["only"] is not None:
        offset = float(found["only"].replace(" ", ""))
        if offset < 0:
            raise BmlError(name, point, f"{offset:g} s lies before the block begins", "give a time from 0 on")
        return _bounded(Ref("", "start", offset), name, point)
    try:
        offset = float((found["offset"] or "0").replace(" ", ""))
    except ValueError as error:
        raise BmlError(name, point, f"{found['offset']!r} is no offset", "write seconds, as +0.5") from error
    return _bounded(Ref(found["target"], found["point"], offset), name, point)


def _bounded(ref: Ref, name: str, point: str) -> Ref:
    if not abs(ref.offset) <= LONGEST_S:
        raise BmlError(name, point, f"{ref.offset:g} s is too far", f"stay within {LONGEST_S:g} seconds")
    return ref


def _number(element: Element, name: str, key: str, otherwise: float, least: float, most: float) -> float:
    said = element.get(key)
    try:
        value = otherwise if said is None else float(said)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise BmlError(
            name, key.rpartition("}")[2], f"{(said or '')[:40]!r} does not do", f"give {least:g} to {most:g}"
        )
    return value
