"""The visible label of every picture: this person is drawn by a machine."""

from __future__ import annotations

from typing import Any

from avatars.renderers.rig.paths import skia

_FAMILIES = ("Inter", "Noto Sans CJK SC", "Noto Sans", "DejaVu Sans", "Liberation Sans", "")


def _typeface(text: str) -> Any:
    """A bold face that has every character of the text; the system's own if none does."""
    manager = skia.FontMgr()
    for family in _FAMILIES:
        face = manager.matchFamilyStyle(family, skia.FontStyle.Bold())
        if face is not None and 0 not in face.unicharsToGlyphs([ord(c) for c in text]):
            return face
    return manager.matchFamilyStyleCharacter("", skia.FontStyle.Bold(), [], ord(text[0]))


def draw(canvas: Any, text: str, width: int, height: int) -> None:
    """A dark pill with light letters in the upper left corner; its size follows the picture's shorter side."""
    if not text:
        return
    unit = min(width, height) / 540
    left, top, high, pad = 18 * unit, 18 * unit, 36 * unit, 15 * unit
    font = skia.Font(_typeface(text), 21 * unit)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    room = width - 2 * (left + pad)
    if font.measureText(text) > room:
        font.setSize(font.getSize() * room / font.measureText(text))
    wide = font.measureText(text)
    pill = skia.Rect.MakeXYWH(left, top, wide + 2 * pad, high)
    canvas.drawRoundRect(pill, high / 2, high / 2, skia.Paint(AntiAlias=True, Color=0xD9221A22))
    letters = skia.Paint(AntiAlias=True, Color=0xFFFFFFFF)
    canvas.drawString(text, left + pad, top + high / 2 + 0.36 * font.getSize(), font, letters)
