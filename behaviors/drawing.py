"""A tree to look at: as lines with branches, as a picture, as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from behaviors.trees.schema import Node

SIGNS = {"selector": "?", "sequence": "→", "parallel": "⇉"}
_LEAF, _CONDITION, _ROUND = "•", "◇", "○"


def data(node: Node, ident: str = "0") -> dict[str, Any]:
    """A node and all below it; `parameters` are those that the file sets."""
    found = {"id": ident, "name": node.called, "type": node.type}
    if (memory := getattr(node, "memory", None)) is not None:
        found["memory"] = memory
    return found | {
        "parameters": node.settings.model_dump(mode="json", exclude_unset=True),
        "children": [data(child, f"{ident}.{n}") for n, child in enumerate(node.held)],
    }


def sign(node: Node) -> str:
    """What stands for its type: ? the first that does not fail, → in turn, ⇉ at once, ◇ a condition, • does."""
    return SIGNS.get(node.type) or (_CONDITION if node.type == "when" else _ROUND if node.held else _LEAF)


def about(node: Node) -> str:
    """Its type where the name does not tell it, its memory, and the parameters that the file sets."""
    plain = node.type.replace("_", " ")
    told = [] if plain in (node.called, "when") or node.type in SIGNS else [plain]
    told += ["with memory"] if getattr(node, "memory", False) else []
    settings = node.settings.model_dump(mode="json", exclude_unset=True)
    return ", ".join([*told, *(f"{name} {_short(value)}" for name, value in settings.items())])


def _short(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case list():
            return "/".join(_short(each) or "nothing" for each in value)
        case dict():
            return " ".join(f"{name}:{_short(each)}" for name, each in value.items())
    return str(value)


# ── as lines ──
def lines(node: Node) -> Iterator[str]:
    """The tree with branches, one node a line, in the order in which they are asked."""
    yield _line(node)
    yield from _below(node, "")


def _below(node: Node, indent: str) -> Iterator[str]:
    for child in node.held:
        last = child is node.held[-1]
        yield f"{indent}{'└─ ' if last else '├─ '}{_line(child)}"
        yield from _below(child, indent + ("   " if last else "│  "))


def _line(node: Node) -> str:
    detail = about(node)
    return f"{sign(node)} {node.called}" + (f"  ({detail})" if detail else "")


# ── as a picture ──
ROW, HIGH, GAP, EDGE = 46, 34, 44, 20
CHARACTER, SMALL, PAD = 7.6, 6.1, 42
LONGEST = 110
COLOURS = {
    "?": ("#e8eefc", "#3c5fb4"),
    "→": ("#e9f6ee", "#2b7a4b"),
    "⇉": ("#e9f6ee", "#2b7a4b"),
    _ROUND: ("#f4edfb", "#7448a8"),
    _CONDITION: ("#fff6e0", "#9a6a00"),
    _LEAF: ("#ffffff", "#3a3f4a"),
}
_LEGEND = "? the first that does not fail · → one after another · ⇉ at once · ◇ asks · ○ round another · • does"


@dataclass(slots=True)
class _Box:
    """A node with its place: the middle of its left edge is at (`x`, `y`)."""

    node: Node
    depth: int
    detail: str
    wide: float
    y: float = 0.0
    x: float = 0.0
    children: list[_Box] = field(default_factory=list)


def svg(tree: str, root: Node) -> str:
    """The tree from left to right; what is above goes before what is below."""
    top = EDGE + 44
    box = _boxed(root, 0)
    boxes = list(_every(box))
    rows = _rows(box, top)
    holding = [each for each in boxes if each.children]
    deepest = max(each.depth for each in boxes)
    columns = [max((each.wide for each in holding if each.depth == depth), default=0) for depth in range(deepest + 1)]
    for each in boxes:
        each.x = EDGE + sum(columns[: each.depth]) + GAP * each.depth
    wide = max(max(each.x + each.wide for each in boxes) + EDGE, 2 * EDGE + len(_LEGEND) * SMALL)
    high = top + rows * ROW + EDGE / 2
    drawn = [_edges(each) for each in boxes] + [_card(each) for each in boxes]
    return "\n".join([_head(tree, wide, high), *(each for each in drawn if each), "</svg>"]) + "\n"


def _boxed(node: Node, depth: int) -> _Box:
    detail = about(node)
    detail = detail if len(detail) <= LONGEST else detail[: LONGEST - 1] + "…"
    wide = PAD + max(_width(node.called) * CHARACTER, _width(detail) * SMALL) + 8
    return _Box(node, depth, detail, wide, children=[_boxed(child, depth + 1) for child in node.held])


def _width(text: str) -> int:
    """Characters, Chinese counted double."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _every(box: _Box) -> Iterator[_Box]:
    yield box
    for child in box.children:
        yield from _every(child)


def _rows(box: _Box, top: float, row: int = 0) -> int:
    """Give every leaf a row, and every other node that of its first child; returns the next free row."""
    box.y = top + row * ROW + HIGH / 2
    for child in box.children:
        row = _rows(child, top, row)
    return row if box.children else row + 1


def _head(tree: str, wide: float, high: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide:.0f} {high:.0f}" font-family="system-ui, sans-serif" role="img"'
        f" aria-label={quoteattr(f'The behaviour tree {tree}')}>\n"
        f'<rect width="100%" height="100%" fill="#fafbfc"/>\n'
        f'<text x="{EDGE}" y="{EDGE + 10}" font-size="17" font-weight="600" fill="#20242c">{escape(tree)}</text>\n'
        f'<text x="{EDGE}" y="{EDGE + 28}" font-size="11" fill="#5b6270">{_LEGEND}</text>'
    )


def _edges(box: _Box) -> str:
    start, paths = box.x + box.wide, []
    for child in box.children:
        middle = child.x - GAP / 2
        paths.append(f"M{start:.0f} {box.y:.1f}H{middle:.0f}V{child.y:.1f}H{child.x:.0f}")
    return f'<path d="{"".join(paths)}" fill="none" stroke="#b9c0cc" stroke-width="1.5"/>' if paths else ""


def _card(box: _Box) -> str:
    mark = sign(box.node)
    fill, ink = COLOURS[mark]
    x, y = box.x, box.y
    name_y = y - 1 if box.detail else y + 5
    detail = (
        f'<text x="{x + PAD - 4:.0f}" y="{y + 12:.1f}" font-size="11" fill="#5b6270">{escape(box.detail)}</text>'
        if box.detail
        else ""
    )
    return (
        f'<g><rect x="{x:.0f}" y="{y - HIGH / 2:.1f}" width="{box.wide:.0f}" height="{HIGH}" rx="7" fill="{fill}"'
        f' stroke="{ink}" stroke-opacity="0.45"/>'
        f'<text x="{x + 18:.0f}" y="{y + 6:.1f}" font-size="17" font-weight="600" text-anchor="middle"'
        f' fill="{ink}">{mark}</text>'
        f'<text x="{x + PAD - 4:.0f}" y="{name_y:.1f}" font-size="14" fill="#20242c">{escape(box.node.called)}</text>'
        f"{detail}</g>"
    )
