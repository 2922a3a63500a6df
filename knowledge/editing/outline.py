"""Where in a YAML text each of its values stands, to the character."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Kind = Literal["scalar", "map", "list", "alias"]


@dataclass(slots=True)
class Node:
    """One value: its text is `text[start:end]`, without the blanks and comments behind it."""

    kind: Kind
    start: int
    end: int
    column: int
    flow: bool = False
    style: str | None = None
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A member of a mapping or list. `start`: of its key or dash; `mark`: just behind its colon or dash."""

    key: str | None
    start: int
    column: int
    mark: int
    node: Node

    @property
    def end(self) -> int:
        return max(self.node.end, self.mark)


def outline(text: str) -> Node:
    """The values of one YAML document that the reader of `visavis.config` has accepted."""
    return _Builder(text).build()


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._dashes: list[tuple[int, int]] = []
        self._colons: list[int] = []
        token: Any
        for token in yaml.scan(text, Loader=_LOADER):
            if isinstance(token, yaml.BlockEntryToken):
                self._dashes.append((token.start_mark.index, token.start_mark.column))
            elif isinstance(token, yaml.ValueToken):
                self._colons.append(token.end_mark.index)
        self._open: list[Node] = []
        self._key: list[tuple[str, int, int, int] | None] = []
        self._root: Node | None = None

    def build(self) -> Node:
        event: Any
        for event in yaml.parse(self._text, Loader=_LOADER):
            mark: Any = event.start_mark
            start, end, column = mark.index, event.end_mark.index, mark.column
            match event:
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    kind: Kind = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
                    node = Node(kind, start, end, column, flow=bool(event.flow_style))
                    self._place(node)
                    self._open.append(node)
                    self._key.append(None)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._close(end)
                case yaml.ScalarEvent():
                    self._scalar(event, start, end)
                case yaml.AliasEvent():
                    self._place(Node("alias", start, end, column))
        assert self._root is not None
        return self._root

    def _close(self, end: int) -> None:
        node = self._open.pop()
        self._key.pop()
        node.end = end if node.flow else max((each.end for each in node.entries), default=node.end)

    def _scalar(self, event: Any, start: int, end: int) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.kind == "map" and self._key[-1] is None:
            self._key[-1] = event.value, start, event.start_mark.column, end
            return
        if event.style in ("|", ">"):
            head = self._text[start:end].split("\n", 1)[0]
            if "+" not in head:
                end = start + len(self._text[start:end].rstrip())
        self._place(Node("scalar", start, end, event.start_mark.column, style=event.style))

    def _place(self, node: Node) -> None:
        if not self._open:
            self._root = node
            return
        parent = self._open[-1]
        entry: Entry
        if parent.kind == "map":
            key, start, column, end = self._key[-1] or ("", node.start, node.column, node.start)
            self._key[-1] = None
            at = bisect_left(self._colons, end)
            colon = self._colons[at] if at < len(self._colons) else end
            mark = colon if colon <= max(node.start, end + 1) else end
            entry = Entry(key, start, column, mark, node)
        elif parent.flow:
            entry = Entry(None, node.start, node.column, node.start, node)
        else:
            dash, column = self._dashes[bisect_left(self._dashes, (node.start, -1)) - 1]
            entry = Entry(None, dash, column, dash + 1, node)
        if node.kind == "scalar" and node.start == node.end:
            node.start = node.end = entry.mark
        parent.entries.append(entry)
