"""A block as XML. What `write` says, `parse` reads as the same block."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from behaviors.bml.model import Behavior, Block
from behaviors.bml.parse import TIME

XMLNS = "http://www.bml-initiative.org/bml/bml-1.0"
TAGS = {"speech": "speech", "gaze": "gaze", "face": "face", "wait": "wait"}
_UNSAYABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""
register_namespace("v", "urn:visavis:bml")


def write(block: Block) -> str:
    """The block as XML, without its warnings."""
    root = Element("bml", {"xmlns": XMLNS, "id": block.id, "composition": block.composition})
    for behavior in block.behaviors:
        _write(root, behavior)
    return tostring(root, encoding="unicode")


def _write(root: Element, behavior: Behavior) -> None:
    head = behavior.kind == "action" and behavior.name in ("nod", "shake")
    tag = "head" if head else TAGS.get(behavior.kind, "gesture")
    element = SubElement(root, tag, {"id": behavior.id} | {point: str(ref) for point, ref in behavior.sync.items()})
    match behavior.kind:
        case "speech":
            _text(SubElement(element, "text"), behavior)
        case "action":
            element.set("lexeme", behavior.name.upper() if head else behavior.name)
            if behavior.repetition > 1:
                element.set("repetition", str(behavior.repetition))
        case "gaze":
            element.set("target", behavior.name)
        case "face":
            element.set("emotion", behavior.name)
            element.set("amount", f"{behavior.amount:g}")
        case "wait":
            element.set("duration", f"{behavior.amount:g}")


def _text(element: Element, behavior: Behavior) -> None:
    """The words with each mark before its character."""
    said, last = 0, None
    for point, at in sorted(behavior.marks.items(), key=lambda mark: mark[1]):
        _append(element, last, behavior.text[said:at])
        said, last = at, SubElement(element, "sync", {"id": point})
        if point in behavior.times:
            last.set(TIME, f"{behavior.times[point]:g}")
    _append(element, last, behavior.text[said:])


def _append(element: Element, last: Element | None, text: str) -> None:
    if last is None:
        element.text = sayable(text)
    else:
        last.tail = sayable(text)


def sayable(text: str) -> str:
    """The text with a mark in place of each character that XML cannot hold."""
    return _UNSAYABLE.sub("\ufffd", text)
