"""The mouth, drawn from the figures of a mouth shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from avatars.renderers.rig.data import Mouth
from avatars.renderers.rig.figure import Palette
from avatars.renderers.rig.paths import oval, skia
from avatars.renderers.rig.speech import FIELDS, Shape


@dataclass(slots=True)
class Form:
    """The figures of one mouth in units about its centre; y points down."""

    half: float
    inner: float
    corner: float
    top: float
    bottom: float
    upper: float
    lower: float
    bend: float
    gap: float
    round: float


def form(shape: Shape, smile: float, part: float, pout: float, how: Mouth) -> Form:
    """Where the lips lie. `smile` lifts the corners (-1..1), `part` opens the mouth a little, `pout` rounds it."""
    v = dict(zip(FIELDS, shape.tolist(), strict=True))
    smile = max(-1.0, min(1.2, smile))
    press = v["press"]
    open_ = max(v["open"], part * (1.0 - press) * (1.0 - v["open"]))
    round_ = min(1.0, v["round"] + pout * (1.0 - press))
    half = how.half * (1.0 + 0.16 * v["wide"] + 0.13 * smile - 0.46 * round_ - 0.06 * open_)
    corner = -10.0 * smile * (1.0 - 0.8 * round_) + 2.5 * open_ * (1.0 - round_)
    gap = open_ * how.drop
    top = -(0.24 + 0.2 * round_) * gap - 2.6 * v["upper"] * min(1.0, open_ * 4) + 1.8 * smile
    bottom = top + gap + 2.6 * v["upper"] * min(1.0, open_ * 4) + 2.4 * v["lower"] * min(1.0, open_ * 4)
    upper = how.upper_lip * (1.0 + 0.30 * round_ - 0.48 * press - 0.16 * open_ - 0.12 * max(0.0, v["wide"]))
    lower = how.lower_lip * (1.0 + 0.24 * round_ - 0.42 * press - 0.10 * open_ - 0.22 * v["bite"])
    inner = half - 2.4 - 3.4 * round_
    bend = 0.54 + 0.42 * round_ + 0.14 * open_ * (1.0 - round_)
    return Form(half, inner, corner, top, bottom, upper, lower, bend, bottom - top, round_)


class MouthPart:
    """Draws the mouth at its place on the face."""

    def __init__(self, how: Mouth, palette: Palette) -> None:
        self.how = how
        self._upper = palette.paint("lip_deep")
        self._lower = palette.paint("lip")
        self._light = palette.paint("lip_light", 0.75)
        self._cavity = palette.paint("cavity")
        self._teeth = palette.paint("white")
        self._shade = palette.paint("cavity", 0.28)
        self._tongue = palette.paint("tongue")
        self._line = palette.stroke("cavity", 2.0, 0.9)
        self._dimple = palette.stroke("skin_shade", 1.9)
        self._under = palette.paint("skin_shade", 0.55)

    def draw(self, canvas: Any, shape: Shape, smile: float, part: float, pout: float) -> None:
        f = form(shape, smile, part, pout, self.how)
        v = dict(zip(FIELDS, shape.tolist(), strict=True))
        canvas.translate(*self.how.centre)
        self._below(canvas, f)
        canvas.drawPath(self._lower_lip(f), self._lower)
        canvas.drawPath(self._upper_lip(f), self._upper)
        self._gloss(canvas, f)
        if f.gap > 0.8:
            opening = self._opening(f)
            canvas.drawPath(opening, self._cavity)
            canvas.save()
            canvas.clipPath(opening, skia.ClipOp.kIntersect, True)
            self._inside(canvas, f, v)
            canvas.restore()
            if v["bite"] > 0.05:
                self._bitten(canvas, f, v["bite"])
        if f.gap < 2.2:
            canvas.drawPath(self._seam(f), self._line)
        self._corners(canvas, f, smile)

    def _opening(self, f: Form) -> Any:
        out = skia.Path()
        out.moveTo(-f.inner, f.corner)
        up, down = _control(f.top, f.corner), _control(f.bottom, f.corner)
        out.cubicTo(-f.inner * f.bend, up, f.inner * f.bend, up, f.inner, f.corner)
        out.cubicTo(f.inner * f.bend, down, -f.inner * f.bend, down, -f.inner, f.corner)
        out.close()
        return out

    def _upper_lip(self, f: Form) -> Any:
        """From corner to corner over the bow, back through the middle of the opening."""
        peak, dip = f.top - f.upper, f.top - f.upper + 2.4 - 1.2 * f.round
        bow = min(8.0, f.half * (0.3 + 0.1 * f.round))
        flank = 0.62 + 0.34 * f.round
        rise = (peak - f.corner) * (0.72 + 0.1 * f.round)
        out = skia.Path()
        out.moveTo(-f.half, f.corner)
        out.cubicTo(-f.half * flank, f.corner + rise, -bow * 1.9, peak, -bow, peak)
        out.quadTo(-bow * 0.4, peak, 0, dip)
        out.quadTo(bow * 0.4, peak, bow, peak)
        out.cubicTo(bow * 1.9, peak, f.half * flank, f.corner + rise, f.half, f.corner)
        middle = _control((f.top + f.bottom) / 2, f.corner)
        out.cubicTo(f.half * f.bend, middle, -f.half * f.bend, middle, -f.half, f.corner)
        out.close()
        return out

    def _lower_lip(self, f: Form) -> Any:
        low, middle = _control(f.bottom + f.lower, f.corner), _control((f.top + f.bottom) / 2 - 1, f.corner)
        width = f.half * (f.bend + 0.06)
        out = skia.Path()
        out.moveTo(-f.half, f.corner)
        out.cubicTo(-f.half * f.bend, middle, f.half * f.bend, middle, f.half, f.corner)
        out.cubicTo(width, low, -width, low, -f.half, f.corner)
        out.close()
        return out

    def _inside(self, canvas: Any, f: Form, v: dict[str, float]) -> None:
        tongue = v["tongue"]
        if f.gap > 5 and f.round < 0.6:
            rise = f.bottom - (0.20 + 0.42 * min(1.0, tongue * 1.4)) * f.gap
            canvas.drawOval(oval(0, rise + 11, f.inner * 0.72, 11), self._tongue)
        if v["under"] > 0.05:
            edge = f.bottom + 2 - 4.5 * v["under"]
            canvas.drawRoundRect(oval(0, edge + 5, f.inner * 0.74, 5), 4, 4, self._teeth)
        if v["teeth"] > 0.05:
            edge = f.top + 1.2 + min(7.5 * v["teeth"], f.gap * 0.72)
            canvas.drawRoundRect(oval(0, edge - 11, f.inner * 0.9, 11), 5, 5, self._teeth)
            canvas.drawRect(oval(0, f.top + 0.4, f.inner, 1.4), self._shade)
        if tongue > 0.75:
            edge = f.top + f.gap * 0.42
            canvas.drawOval(oval(0, edge + 8, f.inner * 0.55, 8), self._tongue)

    def _bitten(self, canvas: Any, f: Form, bite: float) -> None:
        """The upper teeth, resting on the lower lip."""
        wide, top, low = f.inner * 0.66, f.top - 0.5, _control(f.bottom + 2.4 * bite, f.top + 1.0)
        out = skia.Path()
        out.moveTo(-wide, top)
        out.lineTo(wide, top)
        out.cubicTo(wide * 0.94, low, -wide * 0.94, low, -wide, top)
        out.close()
        canvas.drawPath(out, self._teeth)

    def _gloss(self, canvas: Any, f: Form) -> None:
        y = f.bottom + f.lower * 0.42
        canvas.drawOval(oval(0, y, f.half * 0.34, f.lower * 0.17), self._light)

    def _below(self, canvas: Any, f: Form) -> None:
        canvas.drawOval(oval(0, f.bottom + f.lower + 4.5, f.half * 0.42, 2.4), self._under)

    def _seam(self, f: Form) -> Any:
        y = _control((f.top + f.bottom) / 2, f.corner)
        out = skia.Path()
        out.moveTo(-f.half + 0.5, f.corner)
        out.cubicTo(-f.half * f.bend, y, f.half * f.bend, y, f.half - 0.5, f.corner)
        return out

    def _corners(self, canvas: Any, f: Form, smile: float) -> None:
        if smile < 0.3 or f.round > 0.3:
            return
        depth = 1.0 + 3.0 * smile
        for side in (-1, 1):
            x = side * (f.half + 2.6)
            out = skia.Path()
            out.moveTo(x - side, f.corner - depth)
            out.quadTo(x + side * 2.2, f.corner - 0.5, x - side * 0.6, f.corner + depth * 0.8)
            canvas.drawPath(out, self._dimple)


def _control(y: float, corner: float) -> float:
    """The control height of a cubic from `corner` to `corner` whose middle lies at `y`."""
    return (y - 0.25 * corner) / 0.75
