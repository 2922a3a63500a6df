"""What a screen is like: how even, of how many greens, with which shadows and borders, how much shines back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from avatars.keying.border import foreign_rows
from avatars.keying.chroma import ChromaKeyer, closeness, shrunk
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Floats, Pixels
from avatars.keying.screen import Screen, chroma_of, found
from avatars.keying.spill import spill_share

SECOND_HUE, SECOND_SHARE = 9.0, 0.03
"""A second green is this many degrees away and has this share of the screen."""
SHADOW = 0.62
"""Below this share of the screen's middle brightness it counts as shadow."""
_WIDEST = 64
_SAME_FAMILY = 0.77
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class ScreenFacts:
    """Measures of the screen in one picture; those of a good one in brackets.

    `share` of the picture that is screen; `evenness`, the dark end of its brightness against the bright end (> 0.7);
    `hues`, degrees and shares of its greens (one); `shadow`, share of it in shadow (< 0.01); `border`, foreign rows at
    each side (0); `edge_spill` and `body_spill`, shares of the person's rim and inside with a tint (< 0.25, < 0.02).
    """

    share: float
    evenness: float
    hues: tuple[tuple[float, float], ...]
    shadow: float
    border: dict[str, int]
    edge_spill: float
    body_spill: float

    @property
    def second_green(self) -> bool:
        """Whether two greens can be told apart."""
        return len(self.hues) > 1


def measured(picture: Pixels, parameters: Parameters | None = None) -> ScreenFacts | None:
    """The facts of the screen in `picture`, uint8 (h, w, 3); None where there is no screen. Raises EngineError."""
    parameters = parameters or Parameters()
    picture = np.ascontiguousarray(picture[..., :3])
    small = shrunk(picture)
    screen = found(small, parameters)
    if screen is None:
        return None
    values = small.astype(np.float32)
    sure = cv2.erode(screen.seen.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1) > 0
    sure = sure if sure.any() else screen.seen
    luma = (values @ _LUMA)[sure]
    middle = float(np.median(luma))
    dark, bright = np.percentile(luma, (5, 95))
    edge, body = _spills(picture, parameters, screen)
    return ScreenFacts(
        share=float(screen.seen.mean()),
        evenness=float(dark / max(bright, 1.0)),
        hues=tuple(_hues(_greens(chroma_of(values), screen))),
        shadow=float((luma < SHADOW * middle).mean()),
        border=foreign_rows(closeness(picture, screen.axes), _WIDEST),
        edge_spill=edge,
        body_spill=body,
    )


def _spills(picture: Pixels, parameters: Parameters, screen: Screen) -> tuple[float, float]:
    """Before anything is taken away: the rim of the opaque person, and what lies further inside."""
    opaque = (ChromaKeyer(parameters).key(picture).alpha == 255).astype(np.uint8)
    wide = max(2, round(0.01 * picture.shape[0]))
    inside = cv2.erode(opaque, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8)) > 0
    rim = (opaque > 0) & ~inside
    return spill_share(picture, rim, screen.channel), spill_share(picture, inside, screen.channel)


def _greens(chroma: Floats, screen: Screen) -> Floats:
    """Shape (n, 2): the colours of roughly the screen's hue, on it or not."""
    key = np.array(screen.chroma, np.float32)
    size = np.hypot(chroma[..., 0], chroma[..., 1])
    long = float(np.hypot(*screen.chroma))
    return np.asarray(chroma[(chroma @ key > _SAME_FAMILY * size * long) & (size > 0.4 * long)])


def _hues(chroma: Floats) -> list[tuple[float, float]]:
    """Clusters of hue on the screen, the largest first: degrees in the chroma plane and share."""
    degrees = np.degrees(np.arctan2(chroma[:, 1], chroma[:, 0])) % 360
    centre = float(np.median((degrees + 180 - degrees[0]) % 360)) - 180 + float(degrees[0])
    away = (degrees - centre + 180) % 360 - 180
    counts, edges = np.histogram(away, bins=90, range=(-45, 45))
    smooth = np.convolve(counts, [0.25, 0.5, 0.25], "same")
    peaks = [at for at in range(1, 89) if smooth[at] >= smooth[at - 1] and smooth[at] > smooth[at + 1]]
    found: list[tuple[float, float]] = []
    for at in sorted(peaks, key=lambda peak: -smooth[peak]):
        mine = float(edges[at] + 0.5)
        share = float((np.abs(away - mine) < SECOND_HUE / 2).mean())
        if share >= SECOND_SHARE and all(abs(mine - each[0]) >= SECOND_HUE for each in found):
            found.append((mine, share))
    return [(round((mine + centre) % 360, 1), round(share, 3)) for mine, share in found]
