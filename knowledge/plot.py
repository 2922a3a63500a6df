"""Coverage against precision as a picture: an SVG file of a few lines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from knowledge.evaluate import Evaluation, Point

WIDTH, HEIGHT = 640, 460
LEFT, RIGHT, TOP, BOTTOM = 64, 32, 76, 56
LABELS = 6
"""Thresholds that are written at the curve."""
_STYLE = """\
text { font: 13px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: #333 }
.title { font-size: 16px; font-weight: 600 }
.small { font-size: 11px; fill: #666; stroke: #fff; stroke-width: 4px; paint-order: stroke }
.grid { stroke: #e4e4e4 } .axis { stroke: #888 }
.curve { fill: none; stroke: #2f6db5; stroke-width: 2.5; stroke-linejoin: round }
.dot { fill: #2f6db5 } .now { fill: #d1495b }"""


def svg(evaluation: Evaluation, title: str) -> str:
    """The curve over the threshold, and where the knowledge base stands with its own thresholds."""
    points, shares = evaluation.curve(), evaluation.shares
    now = shares["coverage"], shares["precision"]
    lowest = min([point.precision for point in points if point.coverage > 0.05] + [now[1] or 1.0], default=0.5)
    frame = _Frame(math.floor(max(0.0, lowest - 0.02) * 10) / 10)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text class="title" x="{LEFT}" y="30">{escape(title)}</text>',
        *_axes(frame),
        *_curve(frame, points),
    ]
    if now[0] is not None and now[1] is not None:
        parts += _now(frame, now[0], now[1])
    return "\n".join([*parts, "</svg>", ""])


class _Frame:
    """Where a coverage from 0 to 1 and a precision from `floor` to 1 lie on the picture."""

    def __init__(self, floor: float) -> None:
        self.floor = min(floor, 0.9)

    def x(self, coverage: float) -> float:
        return LEFT + coverage * (WIDTH - LEFT - RIGHT)

    def y(self, precision: float) -> float:
        up = (max(precision, self.floor) - self.floor) / (1 - self.floor)
        return HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def _axes(frame: _Frame) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for step in range(11):
        x = frame.x(step / 10)
        yield f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>'
        if step % 2 == 0:
            yield f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{step * 10} %</text>'
    every = 0.1 if frame.floor < 0.7 else 0.05 if frame.floor < 0.9 else 0.02
    for step in range(round((1 - frame.floor) / every) + 1):
        precision = frame.floor + step * every
        y = frame.y(precision)
        yield f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{precision * 100:.0f} %</text>'
    yield f'<path class="axis" fill="none" d="M{LEFT} {TOP}V{bottom}H{right}"/>'
    middle = (LEFT + right) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">coverage: on-topic questions answered</text>'
    yield (
        f'<text transform="translate(16 {(TOP + bottom) / 2:.0f}) rotate(-90)" text-anchor="middle">'
        "precision: answers that are right</text>"
    )


def _curve(frame: _Frame, points: Sequence[Point]) -> Iterator[str]:
    if not points:
        return
    line = " ".join(f"{frame.x(each.coverage):.1f},{frame.y(each.precision):.1f}" for each in points)
    yield f'<polyline class="curve" points="{line}"/>'
    for point in _spread(points):
        x, y = frame.x(point.coverage), frame.y(point.precision)
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        told = f"from {point.threshold:.2f}"
        yield f'<text class="small" x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{told}</text>'


def _spread(points: Sequence[Point]) -> list[Point]:
    """A few points, evenly along the coverage."""
    wanted = [(number + 0.5) / LABELS for number in range(LABELS)]
    near = (min(points, key=lambda point: abs(point.coverage - each)) for each in wanted)
    return list(dict.fromkeys(near))


def _now(frame: _Frame, coverage: float, precision: float) -> Iterator[str]:
    x, y = frame.x(coverage), frame.y(precision)
    told = f"as it stands: {coverage * 100:.1f} % answered, {precision * 100:.1f} % of the answers right"
    yield f'<circle class="now" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    yield f'<circle class="now" cx="{LEFT + 6}" cy="50" r="6"/><text x="{LEFT + 20}" y="54">{told}</text>'
