"""What a preview puts behind a person: a colour, a checker, a picture or a video that fills the frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np

from avatars.keying.picture import Pixels
from avatars.keying.preview import CHECKER, COLOUR
from avatars.keying.reading import Refused, pictures

_SQUARE, _LIGHT, _DARK = 1 / 48, 205, 110


def behind(wanted: str, height: int, width: int) -> Iterator[Pixels]:
    """Pictures (height, width, 3) without end: `checker`, `#rrggbb` or the path of a picture or a video, which loops.

    Raises Refused for a file that cannot be used.
    """
    if wanted == CHECKER or COLOUR.fullmatch(wanted):
        return _again(checker(height, width) if wanted == CHECKER else plain(wanted, height, width))
    return _looped(lambda: pictures(Path(wanted)), height, width)


def plain(colour: str, height: int, width: int) -> Pixels:
    """One colour, given as `#rrggbb`."""
    return np.full((height, width, 3), [int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)


def checker(height: int, width: int) -> Pixels:
    """Squares on which a fringe of any colour is seen."""
    side = max(4, round(_SQUARE * max(height, width)))
    rows, columns = np.ogrid[:height, :width]
    grey = np.where((rows // side + columns // side) % 2, _LIGHT, _DARK).astype(np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _again(picture: Pixels) -> Iterator[Pixels]:
    while True:
        yield picture


def _looped(source: Callable[[], Iterator[Pixels]], height: int, width: int) -> Iterator[Pixels]:
    while True:
        shown = None
        for shown in source():
            yield filling(shown[..., :3], height, width)
        if shown is None:
            raise Refused("the background has no picture", "name another file")


def filling(picture: Pixels, height: int, width: int) -> Pixels:
    """The picture scaled to cover the frame, its middle kept."""
    scale = max(height / picture.shape[0], width / picture.shape[1])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    large = np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=how), np.uint8)
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return large[top : top + height, left : left + width]
