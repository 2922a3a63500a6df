"""What stands behind the presenter: a colour or a picture that fills the frame, and what cannot be used."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from avatars.package import BUILT_IN
from avatars.renderers.rig.renderer import RigRenderer
from visavis.engines import Look
from visavis.errors import EngineError
from visavis.words import Moment

SIZE = (135, 240)


def drawn(background: str | Path, *, alpha: bool = False) -> np.ndarray:
    """The picture at rest, BGRA."""
    look = Look(*SIZE, label="", alpha=alpha, background=str(background))
    out = np.zeros((look.height, look.width, 4), np.uint8)
    RigRenderer(BUILT_IN / "presenter", look).draw(Moment(0), out)
    return out


def test_a_colour_fills_what_the_figure_leaves() -> None:
    picture = drawn("#204060")
    assert (picture[2, 2] == (0x60, 0x40, 0x20, 255)).all()
    same = (picture == drawn("")).all(axis=2).mean()
    assert 0.2 < same < 0.8, "the figure is the same, the rest is not"


def test_a_picture_covers_the_frame_with_its_middle_in_the_middle(tmp_path: Path) -> None:
    stripes = np.zeros((60, 120, 3), np.uint8)
    stripes[:, :40], stripes[:, 40:80], stripes[:, 80:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    path = tmp_path / "stripes.png"
    cv2.imwrite(str(path), stripes)
    top = drawn(path)[2]
    assert (top[3:-3] == (0, 255, 0, 255)).all(), "the outer stripes lie outside of the frame"


def test_a_drawing_is_scaled_by_its_view_box(tmp_path: Path) -> None:
    path = tmp_path / "half.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="1" height="1" fill="#ff0000"/></svg>'
    )
    top = drawn(path)[2]
    assert (top[2] == (0, 0, 255, 255)).all()
    assert (top[-3] == (255, 255, 255, 255)).all(), "what a drawing leaves out is white"


def test_with_alpha_nothing_stands_behind() -> None:
    assert drawn("#204060", alpha=True)[2, 2, 3] == 0


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("none.png", None, "cannot be read"),
        ("text.png", b"not a picture", "PNG, JPEG or WebP"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG, JPEG or WebP"),
        ("text.svg", b"not a drawing", "cannot be drawn"),
        ("bare.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no size"),
        ("empty.webp", b"", "PNG, JPEG or WebP"),
    ],
)
def test_what_is_no_picture_is_told(name: str, data: bytes | None, why: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(EngineError, match=why):
        drawn(path)


def test_a_colour_is_written_in_one_way() -> None:
    with pytest.raises(EngineError, match="#rrggbb"):
        drawn("#12")
