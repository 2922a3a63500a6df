"""Layers and bones made ready for Skia, and drawn for a pose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from avatars.renderers.rig.data import Bone, Gradient, Layer
from avatars.renderers.rig.paths import Segment, outline, path, segments, skia
from avatars.renderers.rig.pose import Channels, Pose

Draw = Callable[[Any], None]


class Palette:
    """Colours by their names in the rig; a name may also be a colour itself (`#rrggbb`)."""

    def __init__(self, colors: Mapping[str, str]) -> None:
        self._colors = colors

    def argb(self, name: str, opacity: float = 1.0) -> int:
        value = int(self._colors.get(name, name).lstrip("#"), 16)
        return (round(255 * opacity) << 24) | value

    def paint(self, fill: str | Gradient, opacity: float = 1.0) -> Any:
        paint = skia.Paint(AntiAlias=True)
        if isinstance(fill, str):
            paint.setColor(self.argb(fill, opacity))
            return paint
        colors = [self.argb(*_faded(name)) for name in fill.colors]
        stops = list(fill.stops) if fill.stops else None
        if fill.line is not None:
            x0, y0, x1, y1 = fill.line
            paint.setShader(skia.GradientShader.MakeLinear([(x0, y0), (x1, y1)], colors, stops))
        elif fill.centre is not None:
            x, y, r = fill.centre
            paint.setShader(skia.GradientShader.MakeRadial((x, y), r, colors, stops))
        paint.setAlphaf(opacity)
        return paint

    def stroke(self, color: str, width: float, opacity: float = 1.0) -> Any:
        paint = self.paint(color, opacity)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        return paint


def _faded(name: str) -> tuple[str, float]:
    """`name/0.4` is a colour at 40 %."""
    color, _, opacity = name.partition("/")
    return color, float(opacity or 1.0)


class Skeleton:
    """The matrices of the bones for a pose."""

    def __init__(self, bones: Mapping[str, Bone], channels: Channels) -> None:
        self._bones = [(name, bone, self._drives(bone, channels)) for name, bone in bones.items()]

    @staticmethod
    def _drives(bone: Bone, channels: Channels) -> tuple[tuple[tuple[int, float], ...], ...]:
        sets = (bone.x, bone.y, bone.rotate, bone.sx, bone.sy)
        return tuple(tuple((channels.index[name], factor) for name, factor in drive.items()) for drive in sets)

    def solve(self, pose: Pose, base: Any) -> dict[str, Any]:
        """A matrix for every bone; `base` maps the rig's units to pixels. Parents stand before children."""
        out: dict[str, Any] = {}
        values = pose.tolist()
        for name, bone, drives in self._bones:
            x, y, turn, sx, sy = [sum([values[at] * factor for at, factor in drive]) for drive in drives]
            above = out[bone.parent] if bone.parent else base
            if not (x or y or turn or sx or sy):
                out[name] = above
                continue
            px, py = bone.pivot
            own = skia.Matrix()
            if sx or sy:
                own.setScale(1 + sx, 1 + sy, px, py)
            if turn:
                own.postRotate(turn, px, py)
            own.postTranslate(x, y)
            out[name] = skia.Matrix.Concat(above, own)
        return out


@dataclass(slots=True)
class Shape:
    """A layer made ready."""

    bone: str
    path: Any
    paint: Any
    opacity: float
    fade: int | None
    jaw: list[Segment] | None
    part: Draw | None


class Stage:
    """A list of layers that are drawn together."""

    def __init__(
        self,
        layers: Iterable[Layer],
        palette: Palette,
        channels: Channels,
        *,
        parts: Mapping[str, Draw] | None = None,
        jaw: tuple[float, float, float] = (0, 1, 0),
    ) -> None:
        self._jaw = jaw
        self._shapes: list[Shape] = []
        last: Layer | None = None
        for layer in layers:
            shape = self._shape(layer, palette, channels, parts or {})
            own = [shape] if layer.mirror is None else [shape, self._mirrored(shape, layer.mirror)]
            alike = layer.alike(last)
            last = layer
            if alike:
                self._shapes[-1].path = skia.Op(self._shapes[-1].path, shape.path, skia.kUnion_PathOp)
            else:
                self._shapes.extend(own)

    def _shape(self, layer: Layer, palette: Palette, channels: Channels, parts: Mapping[str, Draw]) -> Shape:
        paint = None
        if layer.stroke is not None:
            paint = palette.paint(layer.stroke, layer.opacity)
        elif layer.fill is not None:
            paint = palette.paint(layer.fill, layer.opacity)
        if paint is not None and layer.blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, layer.blur))
        return Shape(
            bone=layer.bone,
            path=outline(layer),
            paint=paint,
            opacity=layer.opacity,
            fade=channels.index[layer.fade] if layer.fade else None,
            jaw=segments(layer.d) if layer.jaw and layer.d else None,
            part=parts[layer.part] if layer.part else None,
        )

    @staticmethod
    def _mirrored(shape: Shape, bone: str) -> Shape:
        flip = skia.Matrix()
        flip.setScale(-1, 1, 270, 0)
        other = skia.Path(shape.path)
        other.transform(flip)
        return Shape(bone, other, shape.paint, shape.opacity, shape.fade, None, None)

    def bounds(self) -> Any:
        """What the layers cover at rest, in the rig's units."""
        out = skia.Rect.MakeEmpty()
        for shape in self._shapes:
            if shape.part is None:
                out.join(shape.path.getBounds())
        return out

    def near(self, box: Any, part: Draw) -> Stage:
        """The layers that may reach into `box`, and of the parts `part` alone."""
        out = copy(self)
        out._shapes = [
            shape
            for shape in self._shapes
            if (shape.part == part if shape.part is not None else skia.Rect.Intersects(shape.path.getBounds(), box))
        ]
        return out

    def draw(self, canvas: Any, matrices: Mapping[str, Any], pose: Pose, open_: float = 0.0) -> None:
        """Draw every layer; `open_` is how far the jaw is down, 0..1."""
        bone = None
        for shape in self._shapes:
            if shape.bone != bone:
                canvas.setMatrix(matrices[shape.bone])
                bone = shape.bone
            if shape.part is not None:
                shape.part(canvas)
                bone = None
                continue
            if shape.fade is not None:
                paint = shape.paint
                paint.setAlphaf(min(1.0, max(0.0, shape.opacity * float(pose[shape.fade]))))
            outline_ = self._lowered(shape.jaw, open_) if shape.jaw and open_ > 0.01 else shape.path
            canvas.drawPath(outline_, shape.paint)

    def _lowered(self, parts: list[Segment], open_: float) -> Any:
        begin, full, far = self._jaw
        out: list[Segment] = []
        for verb, values in parts:
            moved = list(values)
            for at in range(1, len(moved), 2):
                k = min(1.0, max(0.0, (moved[at] - begin) / (full - begin)))
                moved[at] += k * far * open_
            out.append((verb, moved))
        return path(out)
