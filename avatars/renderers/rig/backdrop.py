"""What stands behind the avatar in place of its own scene: a colour, or a picture that fills the frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from avatars.renderers.rig.paths import skia
from visavis.engines import Look
from visavis.errors import EngineError

BYTES, PIXELS = 16 * 1024 * 1024, 50_000_000
"""The largest picture that is read."""
NO_PICTURE = f"it is no PNG, JPEG or WebP of at most {PIXELS // 1_000_000} million pixels"
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_VIEW_BOX = re.compile(rb"""viewBox\s*=\s*["']\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.]+)[\s,]+([\d.]+)""")


def draw(canvas: Any, look: Look) -> bool:
    """Paint the look's background; False where it has none. Raises EngineError for one that cannot be used."""
    wanted = look.background
    if not wanted:
        return False
    if wanted.startswith("#"):
        if not _COLOUR.fullmatch(wanted):
            raise EngineError("rig", f"{wanted!r} is no colour", "write it as #rrggbb")
        canvas.clear(0xFF000000 | int(wanted[1:], 16))
        return True
    path = Path(wanted)
    canvas.clear(0xFFFFFFFF)
    canvas.save()
    (_draw_svg if path.suffix.lower() == ".svg" else _draw_image)(canvas, _read(path), path.name, look)
    canvas.restore()
    return True


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > BYTES:
            raise _useless(path.name, f"it has more than {BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise _useless(path.name, f"it cannot be read: {error.strerror}") from error


def _draw_image(canvas: Any, data: bytes, name: str, look: Look) -> None:
    held = skia.Data.MakeWithCopy(data)
    try:
        codec = skia.Codec.MakeFromData(held)
        size = codec.dimensions() if codec is not None else None
        if size is None or size.width() * size.height() > PIXELS:
            raise _useless(name, NO_PICTURE)
        image = skia.Image.MakeFromEncoded(held)
    except (RuntimeError, ValueError) as error:
        raise _useless(name, NO_PICTURE) from error
    if image is None:
        raise _useless(name, NO_PICTURE)
    _fill(canvas, image.width(), image.height(), look)
    canvas.drawImage(image, 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear, skia.MipmapMode.kLinear))


def _draw_svg(canvas: Any, data: bytes, name: str, look: Look) -> None:
    try:
        drawing = skia.SVGDOM.MakeFromStream(skia.MemoryStream(skia.Data.MakeWithCopy(data)))
    except (RuntimeError, ValueError) as error:
        raise _useless(name, "it cannot be drawn") from error
    if drawing is None:
        raise _useless(name, "it cannot be drawn")
    box = _VIEW_BOX.search(data[:4096])
    size = drawing.containerSize()
    wide, high = (float(box[1]), float(box[2])) if box else (size.width(), size.height())
    if not (0 < wide < PIXELS and 0 < high < PIXELS):
        raise _useless(name, "it has no size; give the svg a viewBox")
    _fill(canvas, wide, high, look)
    drawing.setContainerSize(skia.Size(wide, high))
    drawing.render(canvas)


def _fill(canvas: Any, wide: float, high: float, look: Look) -> None:
    """Let what is so large cover the whole frame, its middle in the middle."""
    scale = max(look.width / wide, look.height / high)
    canvas.translate((look.width - wide * scale) / 2, (look.height - high * scale) / 2)
    canvas.scale(scale, scale)


def _useless(name: str, why: str) -> EngineError:
    return EngineError("rig", f"the background {name!r} cannot be used: {why}", "use another picture, or a colour")
