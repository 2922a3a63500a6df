"""A YAML text made to say something else by touching only what differs.

Whatever stays the same keeps every character: comments, order, quotes, line breaks, blank lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from knowledge.editing import emit
from knowledge.editing.outline import Entry, Node, outline
from visavis.config import parsed
from visavis.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Patch:
    """`text[start:end]` becomes `text`."""

    start: int
    end: int
    text: str


def canonical(value: Any) -> str:
    """A value as text that two values share only when they are equal, kinds of number and all."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def weave(path: Path, text: str, old: Any, new: Any) -> list[Patch]:
    """What to change, in order, so that a text that says `old` says `new`. Raises ConfigError where that is unsafe.

    `path` names the file in errors; nothing is read from it.
    """
    if canonical(old) == canonical(new):
        return []
    weaver = _Weaver(text)
    weaver.mapping(outline(text), old, new)
    patches = weaver.patches()
    problem = "the file is written in a way that cannot be edited from here"
    try:
        said = parsed(path, patched(text, patches).encode()).data
    except ConfigError as error:
        remedy = f"edit it by hand, or take anchors and aliases out of it ({error.problem})"
        raise ConfigError(path, error.line, error.key, problem, remedy) from error
    if canonical(said) != canonical(new):
        raise ConfigError(path, 1, "", problem, "edit it by hand, or take anchors and aliases out of it")
    return patches


def patched(text: str, patches: Iterable[Patch]) -> str:
    """The text with all patches applied; they are in order and do not overlap."""
    pieces, at = [], 0
    for patch in patches:
        pieces += [text[at : patch.start], patch.text]
        at = patch.end
    return "".join([*pieces, text[at:]])


class _Weaver:
    def __init__(self, text: str) -> None:
        self._text = text
        self._crlf = "\r\n" in text[: text.find("\n") + 1]
        self._patches: list[Patch] = []
        self._filled: set[int] = set()
        """Where members are put."""

    def patches(self) -> list[Patch]:
        found = sorted(self._patches, key=lambda each: (each.start, each.end))
        if self._crlf:
            found = [Patch(each.start, each.end, each.text.replace("\n", "\r\n")) for each in found]
        return found

    def _patch(self, start: int, end: int, text: str) -> None:
        self._patches.append(Patch(start, end, text))

    # ── what differs ──
    def mapping(self, node: Node, old: dict[str, Any], new: dict[str, Any]) -> None:
        for entry in node.entries:
            if entry.key in new:
                self._value(node, entry, old[entry.key], new[entry.key])
        removed = [place for place, each in enumerate(node.entries) if each.key not in new]
        column = node.entries[0].column
        for place, added in _additions([str(each.key) for each in node.entries], new):
            place = len(node.entries) if self._moves_up(node, removed) else place
            rows = [f"{emit.scalar(key)}: {emit.inline(value)}" for key, value in added.items()]
            self._insert(node, place, rows, [list(emit.lines({key: value}, column)) for key, value in added.items()])
        self._remove(node, removed)

    def _list(self, node: Node, old: list[Any], new: list[Any], runs: list[Run]) -> None:
        column = node.entries[0].column
        for tag, i1, i2, j1, j2 in runs:
            fresh = new[j1:j2]
            if tag == "same":
                for place, value in zip(range(i1, i2), fresh, strict=True):
                    self._value(node, node.entries[place], old[place], value)
            elif fresh:
                rows = [emit.inline(each) for each in fresh]
                self._insert(node, i2, rows, [list(emit.member(each, column)) for each in fresh])
        self._remove(node, _gone(runs))

    def _value(self, parent: Node, entry: Entry, old: Any, new: Any) -> None:
        if canonical(old) == canonical(new):
            return
        node = entry.node
        if node.kind == "map" and isinstance(new, dict) and any(key in old for key in new):
            self.mapping(node, old, new)
            return
        if node.kind == "list" and isinstance(new, list):
            runs = _alignment(old, new)
            if any(each[0] == "same" for each in runs) and not self._moves_up(node, _gone(runs)):
                self._list(node, old, new, runs)
                return
        self._replace(parent, entry, new)

    def _moves_up(self, node: Node, removed: Sequence[int]) -> bool:
        """Whether the first member, which shares its line with what is before it, leaves that line to another."""
        if node.flow or 0 not in removed:
            return False
        start = node.entries[0].start
        return bool(self._text[self._text.rfind("\n", 0, start) + 1 : start].strip(" "))

    # ── how it is written ──
    def _replace(self, parent: Node, entry: Entry, new: Any) -> None:
        node = entry.node
        block = not node.flow and node.kind in ("map", "list")
        below = "\n" in self._text[entry.mark : node.start]
        if parent.flow or (emit.fits(new) and not (block or below)):
            style = node.style if isinstance(new, str) else None
            text = emit.scalar(new, style) if not isinstance(new, dict | list) else emit.inline(new)
            self._patch(node.start, node.end, text if node.start < node.end else " " + text)
        elif emit.fits(new) and not (entry.key is None and isinstance(new, dict) and new):
            self._patch(entry.mark, entry.end, " " + emit.inline(new))
        elif entry.key is None:
            first, *rest = emit.member(new, entry.column)
            self._patch(entry.start, entry.end, "\n".join([first.lstrip(), *rest]))
        else:
            rows = emit.lines(new, entry.column + 2)
            self._patch(entry.mark, entry.end, "\n" + "\n".join(rows))

    def _insert(self, node: Node, place: int, rows: Sequence[str], blocks: Sequence[list[str]]) -> None:
        """Put members before the one at `place`: `rows` between commas, or `blocks` of lines."""
        entries = node.entries
        if node.flow:
            if place < len(entries):
                self._patch(entries[place].start, entries[place].start, "".join(f"{each}, " for each in rows))
            else:
                self._patch(entries[-1].end, entries[-1].end, "".join(f", {each}" for each in rows))
            return
        gap = "\n" if self._spaced(entries) else ""
        if place == 0:
            text = "".join("\n".join(each) + "\n" + gap for each in blocks)
            blank = " " * entries[0].column
            self._patch(entries[0].start, entries[0].start, text.removeprefix(blank) + blank)
            return
        at = self._line_end(entries[place - 1].end)
        self._filled.add(at)
        text = "".join(gap + "\n".join(each) + "\n" for each in blocks)
        if at and self._text[at - 1] != "\n":
            text = "\n" + text.removesuffix("\n")
        self._patch(at, at, text)

    def _remove(self, node: Node, places: Sequence[int]) -> None:
        entries = node.entries
        for first, last in _runs(places):
            if node.flow and last + 1 == len(entries):
                self._patch(entries[first - 1].end, entries[last].end, "")
                continue
            start = entries[first].start
            if node.flow or (first == 0 and self._moves_up(node, places)):
                self._patch(start, entries[last + 1].start, "")
                continue
            above = self._text.rfind("\n", 0, start) + 1
            end = self._line_end(entries[last].end)
            spaced = self._blank_before(above) or self._spaced(entries)
            if spaced and end not in self._filled and self._text.startswith(("\n", "\r\n"), end):
                end = self._text.find("\n", end) + 1
            self._patch(above, end, "")

    def _spaced(self, entries: Sequence[Entry]) -> bool:
        """Whether there is a blank line between the last two members."""
        if len(entries) < 2:
            return False
        between = self._text[self._line_end(entries[-2].end) : entries[-1].start]
        return any(not line.strip() for line in between.splitlines(keepends=True) if line.endswith("\n"))

    def _blank_before(self, at: int) -> bool:
        return at == 0 or self._text[:at].endswith(("\n\n", "\r\n\r\n"))

    def _line_end(self, at: int) -> int:
        """Where the next line begins; a text that ends with a line break ends its line."""
        if at and self._text[at - 1] == "\n":
            return at
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found + 1


def _additions(keys: list[str], new: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The keys that come, with the place of the key before which they stand in `new`."""
    found: list[tuple[int, dict[str, Any]]] = []
    waiting: dict[str, Any] = {}
    for key, value in new.items():
        if key not in keys:
            waiting[key] = value
        elif waiting:
            found.append((keys.index(key), waiting))
            waiting = {}
    return [*found, (len(keys), waiting)] if waiting else found


# ── lists ──
def _name(value: Any) -> str:
    """What makes a member of a list the same member: the id of a record, else all of it."""
    if isinstance(value, dict) and isinstance(named := value.get("id", value.get("path")), str):
        return f"\0{named}"
    return canonical(value)


Run = tuple[str, int, int, int, int]


def _gone(runs: list[Run]) -> list[int]:
    return [place for tag, i1, i2, _, _ in runs if tag != "same" for place in range(i1, i2)]


def _alignment(old: list[Any], new: list[Any]) -> list[Run]:
    """Runs of members that stay or take another wording in their place (`same`), and that come or go (`else`)."""
    before, after = [_name(each) for each in old], [_name(each) for each in new]
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    matcher = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    runs = [("same", 0, head, 0, head)]
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        old_, new_ = (i1 + head, i2 + head), (j1 + head, j2 + head)
        records = any(each.startswith("\0") for each in (*before[slice(*old_)], *after[slice(*new_)]))
        paired = 0 if records and tag != "equal" else min(i2 - i1, j2 - j1)
        runs.append(("same", old_[0], old_[0] + paired, new_[0], new_[0] + paired))
        runs.append(("else", old_[0] + paired, old_[1], new_[0] + paired, new_[1]))
    runs.append(("same", len(before) - tail, len(before), len(after) - tail, len(after)))
    return [each for each in runs if each[1] < each[2] or each[3] < each[4]]


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, last)."""
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and runs[-1][1] == place - 1:
            runs[-1] = runs[-1][0], place
        else:
            runs.append((place, place))
    return runs
