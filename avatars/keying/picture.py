"""What keying takes and gives."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Shape (height, width, 3), red green blue; or (height, width, 4), with alpha that is not multiplied in."""
Matte = NDArray[np.uint8]
"""Shape (height, width): 0 is background, 255 the person."""
Floats = NDArray[np.float32]


class Keyed(NamedTuple):
    """A person without what was behind her. The colours are not multiplied with alpha and go on beyond the edge."""

    rgb: Pixels
    alpha: Matte

    @property
    def rgba(self) -> Pixels:
        """Shape (height, width, 4)."""
        return np.dstack([self.rgb, self.alpha])


class Keyer(Protocol):
    """Keys one picture; it keeps nothing, so that the same picture always gives the same result."""

    def key(self, picture: Pixels) -> Keyed: ...


def over(keyed: Keyed, behind: Pixels) -> Pixels:
    """The person before another picture of the same size, shape (height, width, 3)."""
    alpha = keyed.alpha[..., None].astype(np.uint16)
    mixed = keyed.rgb * alpha + behind * (255 - alpha) + 127
    return np.asarray((mixed + (mixed >> 8) + 1) >> 8, np.uint8)
