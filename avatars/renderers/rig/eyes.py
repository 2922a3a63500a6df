"""Eyes and brows, drawn from a pose."""

from __future__ import annotations

from typing import Any

from avatars.renderers.rig.data import Brow, Eye
from avatars.renderers.rig.figure import Palette
from avatars.renderers.rig.paths import oval, path, segments, skia, stroked

MIDDLE = 270.0


Look = tuple[Any, Any, list[tuple[Any, Any]]]
"""Both eyes' whites, the shade on them, and the lids and lines over them with their paints."""


class EyePart:
    """Both eyes, drawn together: each colour is one path.

    One eye is described about its centre with its outer corner at +x; the other mirrors it.
    """

    def __init__(self, how: Eye, palette: Palette) -> None:
        self.how = how
        self._white = palette.paint("white")
        self._shadow = palette.paint("hair", 0.16)
        self._lash = palette.paint("lash")
        self._lid = palette.paint("lid")
        self._skin = palette.paint("skin")
        self._crease = palette.paint("skin_line", 0.75)
        self._bag = palette.paint("skin_shade", 0.8)
        r = how.iris
        self._iris = [
            (self._round(0, 0, r, r), palette.paint("iris_deep")),
            (self._round(0, 0, r - 1.8, r - 1.8), palette.paint("iris")),
            (self._round(0, r * 0.46, r * 0.66, r * 0.42), palette.paint("iris_light", 0.85)),
            (self._round(0, 0, r * 0.47, r * 0.47), palette.paint("iris_deep")),
            (self._sparks(), palette.paint("#ffffff")),
        ]
        self._made: dict[tuple[float, float], Look] = {}

    def draw(self, canvas: Any, shut: float, lid: float, squint: float, look: tuple[float, float]) -> None:
        """`shut` is 0..1; `lid` lifts the upper lids; `look` is where the eyes look, -1..1."""
        opened = max(0.0, (1.0 + 0.28 * lid - 0.12 * squint) * (1.0 - shut))
        key = (round(opened, 2), round(squint, 2))
        if key not in self._made:
            if len(self._made) > 256:
                self._made.clear()
            self._made[key] = self._lines(*key)
        white, shade, lines = self._made[key]
        if opened > 0.06:
            canvas.drawPath(white, self._white)
            x, y = look[0] * self.how.reach[0], look[1] * self.how.reach[1] - 1.2
            canvas.translate(x, y)
            for part, paint in self._iris:
                canvas.drawPath(part, paint)
            canvas.translate(-x, -y)
            canvas.drawPath(shade, self._shadow)
        for line, paint in lines:
            canvas.drawPath(line, paint)

    def _round(self, x: float, y: float, rx: float, ry: float) -> Any:
        """An oval in both eyes."""
        out = skia.Path()
        for side in (-1, 1):
            out.addOval(oval(MIDDLE + side * self.how.centre[0] + x, self.how.centre[1] + y, rx, ry))
        return out

    def _sparks(self) -> Any:
        """The light in the eyes comes from one side, so it is not mirrored."""
        out = self._round(-4.6, -5.6, 4.3, 4.3)
        out.addPath(self._round(4.8, 5.4, 2.0, 2.0))
        return out

    def _both(self, *parts: Any) -> Any:
        """The union of parts of one eye, in both eyes."""
        one = parts[0]
        for part in parts[1:]:
            one = skia.Op(one, part, skia.kUnion_PathOp)
        out = skia.Path()
        for side in (-1, 1):
            place = skia.Matrix()
            place.setScale(side, 1)
            place.postTranslate(MIDDLE + side * self.how.centre[0], self.how.centre[1])
            moved = skia.Path(one)
            moved.transform(place)
            out.addPath(moved)
        return out

    def _lines(self, opened: float, squint: float) -> Look:
        """The white, the shade on it, then lids and lines in the order in which they are drawn."""
        a = self.how.half
        top = self.how.upper * opened - 4.5 * (1.0 - min(1.0, opened))
        low = self.how.lower * (1.0 - 0.55 * squint)
        up = f"C {-a * 0.62} {-top * 1.12} {a * 0.42} {-top * 1.42} {a} -4"
        down = f"C {-a * 0.36} {low * 1.36} {a * 0.72} {low * 1.12} {a} -4"
        back = f"C {a * 0.72} {low * 1.12} {-a * 0.36} {low * 1.36} {-a} 4 Z"
        under = f"C {a * 0.42} {-top * 1.42 + 8} {-a * 0.62} {-top * 1.12 + 8} {-a} 4 Z"
        reach = max(self.how.upper * 1.05 + 12, top * 1.3 + 4)
        creases = [_stroke(self._crease_line(top), 2.0)]
        if opened > 0.1:
            edge = f"M {a - 1} -2 C {a * 0.72} {low * 1.12} {a * 0.1} {low * 1.32} {-a * 0.3} {low * 1.02}"
            creases.append(_stroke(edge, 1.7))
        flick = f"M {a - 3.5} {-top * 0.34 - 6} Q {a + 1.5} {-top * 0.42 - 8} {a + 4.5} {-top * 0.46 - 12}"
        lines = [
            (self._both(_area(f"M {-a} 4 {down} C {a * 0.9} 32 {-a * 0.7} 34 {-a} 4 Z")), self._skin),
            (
                self._both(_area(f"M {-a - 0.4} 4.4 {up} C {a * 0.86} {-reach} {-a * 0.62} {-reach} {-a} 4.4 Z")),
                self._lid,
            ),
            (self._both(_area(self._lash_line(top)), _stroke(flick, 2.4)), self._lash),
            (self._both(*creases), self._crease),
        ]
        if squint > 0.12:
            fold = f"M {-a * 0.5} {low + 7} Q {a * 0.15} {low + 9.5 - squint * 2} {a * 0.7} {low + 4}"
            lines.append((self._both(_stroke(fold, 2.0)), self._bag))
        return self._both(_area(f"M {-a} 4 {up} {back}")), self._both(_area(f"M {-a} 4 {up} {under}")), lines

    def _crease_line(self, top: float) -> str:
        a, lift = self.how.half, self.how.upper * 0.42 + 0.58 * max(top, 0.0)
        return (
            f"M {-a * 0.72} {-lift * 0.78 - 5.5} "
            f"C {-a * 0.2} {-lift * 1.22 - 6.5} {a * 0.5} {-lift * 1.22 - 7.5} {a * 0.98} {-lift * 0.62 - 8.0}"
        )

    def _lash_line(self, top: float) -> str:
        a = self.how.half
        return (
            f"M {-a - 0.5} 4.4 C {-a * 0.62} {-top * 1.12 - 0.6} {a * 0.42} {-top * 1.42 - 0.6} {a + 0.5} -4 "
            f"Q {a + 4.5} -6.5 {a + 8.5} -10.5 "
            f"C {a * 0.86} {-top * 0.6 - 9.0} {a * 0.34} {-top * 1.42 - 6.6} {-a * 0.2} {-top * 1.08 - 3.6} "
            f"C {-a * 0.5} {-top * 0.9 - 2.6} {-a * 0.85} {-top * 0.3 - 0.5} {-a - 0.5} 4.4 Z"
        )


def _area(d: str) -> Any:
    return path(segments(d))


def _stroke(d: str, width: float) -> Any:
    return stroked(path(segments(d)), width)


class BrowPart:
    """A brow: a tapering stroke from its inner to its outer end."""

    def __init__(self, how: Brow, palette: Palette) -> None:
        self.how = how
        self._paint = palette.paint("hair")

    def draw(self, canvas: Any, side: int, inner: float, outer: float) -> None:
        """`inner` and `outer` lift the ends, -1..1."""
        x, y = self.how.centre
        canvas.translate(MIDDLE + side * x, y)
        canvas.scale(side, 1)
        a, thick = self.how.half, self.how.thick
        i, o = -9.0 * inner + 3.0, -8.0 * outer + 3.5
        arch = (i + o) / 2 - self.how.arch - 1.5 * outer
        out = skia.Path()
        out.moveTo(-a, i - thick * 0.28)
        out.cubicTo(-a * 0.35, arch - thick * 0.30, a * 0.3, arch - thick * 0.62, a, o)
        out.cubicTo(a * 0.36, arch + thick * 0.34, -a * 0.25, arch + thick * 0.72, -a + 2.0, i + thick * 0.66)
        out.quadTo(-a - 3.5, i + thick * 0.5, -a, i - thick * 0.28)
        out.close()
        canvas.drawPath(out, self._paint)
