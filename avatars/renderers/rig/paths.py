"""Outlines as they stand in a rig's files, turned into Skia paths.

A layer's outline is `d` (SVG path data: M L H V C Q Z and their relative forms), `circle` [x, y, r], `dots` (many
circles) or `ellipse` [x, y, rx, ry].
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig.data import Layer

skia: Any = importlib.import_module("skia")

_TOKEN = re.compile(r"[MLHVCQZmlhvcqz]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[^\s,]")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}
Segment = tuple[str, list[float]]


def segments(d: str) -> list[Segment]:
    """Path data as absolute M, L, C, Q and Z. Raises ValueError for anything else."""
    out: list[Segment] = []
    x = y = start_x = start_y = 0.0
    for verb, figures in _commands(d):
        upper = verb.upper()
        if upper == "Z":
            out.append(("Z", []))
            x, y = start_x, start_y
            continue
        values = _absolute(verb, figures, x, y)
        x, y = values[-2:]
        if upper == "M":
            start_x, start_y = x, y
        out.append(({"H": "L", "V": "L"}.get(upper, upper), values))
    return out


def _commands(d: str) -> Iterator[Segment]:
    """Each command with its figures as they are written; more figures repeat it, after a move as lines."""
    tokens, at, verb = _TOKEN.findall(d), 0, ""
    while at < len(tokens):
        begin = at
        if tokens[at].upper() in _COUNT:
            verb, at = tokens[at], at + 1
        count = _COUNT.get(verb.upper(), 0)
        figures = [float(token) for token in tokens[at : at + count] if token[-1].isdigit() or token[-1] == "."]
        at += count
        if len(figures) != count or at == begin:
            raise ValueError(
                f"the path cannot be drawn from {' '.join(tokens[begin : begin + 8])!r}; use M L H V C Q and Z"
            )
        yield verb, figures
        verb = {"M": "L", "m": "l"}.get(verb, verb)


def _absolute(verb: str, values: list[float], x: float, y: float) -> list[float]:
    base = (x, y) if verb.islower() else (0.0, 0.0)
    if verb in "Hh":
        return [values[0] + base[0], y]
    if verb in "Vv":
        return [x, values[0] + base[1]]
    return [value + base[at % 2] for at, value in enumerate(values)]


def path(parts: Sequence[Segment]) -> Any:
    """A Skia path of absolute segments."""
    out = skia.Path()
    add = {"M": out.moveTo, "L": out.lineTo, "C": out.cubicTo, "Q": out.quadTo}
    for verb, values in parts:
        if verb == "Z":
            out.close()
        else:
            add[verb](*values)
    return out


def outline(layer: Layer) -> Any:
    """The area that a layer fills, whichever way it is written."""
    out = _drawn(layer)
    if layer.stroke is not None:
        out = stroked(out, layer.width)
    if layer.within is not None:
        bounds = skia.Path()
        bounds.addCircle(*layer.within)
        out = skia.Op(out, bounds, skia.kIntersect_PathOp)
    return out


def _drawn(layer: Layer) -> Any:
    if layer.d is not None:
        return path(segments(layer.d))
    out = skia.Path()
    for dot in (layer.circle, *layer.dots):
        if dot is not None:
            out.addCircle(*dot)
    if layer.ellipse is not None:
        out.addOval(oval(*layer.ellipse))
    return out


def stroked(line: Any, width: float) -> Any:
    """The outline of a line with round ends, to be filled: cheaper to draw often than the line itself."""
    pen = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width)
    pen.setStrokeCap(skia.Paint.kRound_Cap)
    pen.setStrokeJoin(skia.Paint.kRound_Join)
    out = skia.Path()
    pen.getFillPath(line, out)
    return out


def oval(x: float, y: float, rx: float, ry: float) -> Any:
    """The box about a centre that holds an oval with these radii."""
    return skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry)


def smooth(points: Sequence[tuple[float, float]]) -> Any:
    """A closed curve through the midpoints of a polygon, which is its control cage."""
    out = skia.Path()
    count = len(points)
    (ax, ay), (bx, by) = points[-1], points[0]
    out.moveTo((ax + bx) / 2, (ay + by) / 2)
    for at, (x, y) in enumerate(points):
        nx, ny = points[(at + 1) % count]
        out.quadTo(x, y, (x + nx) / 2, (y + ny) / 2)
    out.close()
    return out


def canvas_on(pixels: NDArray[np.uint8]) -> Any:
    """A canvas that draws straight into a BGRA buffer, premultiplied."""
    surface = skia.Surface(pixels, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
    return surface.getCanvas()
