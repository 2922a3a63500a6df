"""The built-in presenter behind the renderer contract."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from avatars.renderers.rig.data import load
from visavis.engines import Look
from visavis.words import Moment

if TYPE_CHECKING:
    from avatars.renderers.rig.picture import Picture


class RigRenderer:
    """Draws the rig in `avatar_folder`. Skia is loaded with the first picture.

    `actions` are the actions that the rig has with their length in samples. Raises ConfigError for a broken rig.
    """

    def __init__(self, avatar_folder: Path, look: Look) -> None:
        self.look = look
        self.rig = load(Path(avatar_folder))
        self.actions = self.rig.lengths()
        self._picture: Picture | None = None

    def draw(self, moment: Moment, out: NDArray[np.uint8]) -> None:
        """Paint the moment into `out`: BGRA, shape (height, width, 4), premultiplied where it is transparent."""
        if self._picture is None:
            from avatars.renderers.rig.picture import Picture

            self._picture = Picture(self.rig, self.look)
        self._picture.draw(moment, out)

    def hand_boxes(self, moment: Moment) -> dict[str, tuple[float, float, float, float]]:
        """What each hand covers when `moment` comes next, in pixels: left, top, right, bottom. Draws nothing."""
        from avatars.renderers.rig.picture import Picture

        picture: Any = self._picture or Picture(self.rig, self.look)
        self._picture = picture
        boxes: dict[str, tuple[float, float, float, float]] = picture.hand_boxes(moment)
        return boxes
