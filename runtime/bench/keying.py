"""How well and how fast screens are keyed, on a drawn hostess filmed before screens that are not perfect.

`python -m runtime.bench.keying [PICTURE.jpg]`: a table, and what the picture in docs/keying.md shows.
"""

from __future__ import annotations

import sys
import time
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from avatars.keying.chroma import ChromaKeyer
from avatars.keying.methods import Method, settled
from avatars.keying.parameters import Parameters
from avatars.keying.picture import Keyed, Pixels, over
from avatars.keying.spill import spill_share
from avatars.package import BUILT_IN
from avatars.renderers.rig import RigRenderer
from runtime.console import table, tell
from visavis.engines import Look
from visavis.words import Moment

Colour = tuple[int, int, int]
STUDIO, MATTE, PURE, BLUE = (40, 175, 70), (70, 151, 105), (0, 255, 0), (30, 60, 190)
SIZE = (384, 216)


@lru_cache
def hostess(size: tuple[int, int] = SIZE) -> tuple[Pixels, Pixels]:
    """Her own colours and her true matte, of height and width `size`."""
    look = Look(size[1], size[0], alpha=True, label="")
    drawn = np.zeros((*size, 4), np.uint8)
    RigRenderer(BUILT_IN / "hostess", look).draw(Moment(0), drawn)
    alpha = drawn[..., 3]
    rgb = drawn[..., 2::-1].astype(np.float32) * 255 / np.maximum(alpha, 1)[..., None]
    return np.clip(rgb, 0, 255).astype(np.uint8), alpha


def shot(
    colour: Colour = STUDIO, *, light: float = 0.25, spill: float = 0.06, noise: float = 2.0, shadow: float = 0.0,
    size: tuple[int, int] = SIZE,
) -> Pixels:  # fmt: skip
    """Her before a screen: light falls off to one side, the screen shines on her, a shadow lies beside her."""
    rgb, alpha = hostess(size)
    rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32) / np.float32(size[0])
    wide = size[1] / size[0]
    bright = 1 + light * (1 - 2 * columns / wide)
    bright *= 1 - shadow * np.exp(-(((columns - wide * 0.85) / 0.08) ** 2 + ((rows - 0.6) / 0.16) ** 2))
    screen = bright[..., None] * np.array(colour, np.float32)
    share = alpha[..., None].astype(np.float32) / 255
    mixed = (rgb + spill * np.array(colour, np.float32)) * share + screen * (1 - share)
    mixed += np.random.default_rng(7).normal(0, noise, mixed.shape)
    return np.asarray(np.clip(np.rint(mixed), 0, 255), np.uint8)


def overlap(keyed: Keyed) -> float:
    """Intersection over union with the true matte."""
    mine, true = keyed.alpha >= 128, hostess(keyed.alpha.shape)[1] >= 128
    return float((mine & true).sum() / (mine | true).sum())


def _shots() -> dict[str, tuple[Method, Pixels]]:
    size = (960, 540)
    return {
        "studio green": ("green", shot(size=size)),
        "matte green": ("green", shot(MATTE, size=size)),
        "pure green": ("green", shot(PURE, size=size)),
        "blue": ("blue", shot(BLUE, size=size)),
        "light falls to 43 %": ("green", shot(light=0.4, size=size)),
        "half-dark shadow": ("green", shot(shadow=0.5, size=size)),
        "spill 20 %": ("green", shot(spill=0.2, size=size)),
        "noise 6 levels": ("green", shot(noise=6, size=size)),
    }


def row(name: str, method: Method, picture: Pixels) -> list[str]:
    """Name, IoU, mean error of the matte in levels, share of the rim that is tinted before and after."""
    parameters = settled(method, Parameters())
    keyed = ChromaKeyer(parameters).key(picture)
    true = hostess(keyed.alpha.shape)[1]
    rim = (true > 8) & (cv2.erode(true, np.ones((5, 5), np.uint8)) < 248)
    channel = 2 if method == "blue" else 1
    red = np.full_like(picture, (255, 0, 0))
    before, after = spill_share(picture, rim, channel), spill_share(over(keyed, red), rim, channel)
    error = float(np.abs(keyed.alpha.astype(int) - true).mean())
    return [name, f"{overlap(keyed):.4f}", f"{error:.2f}", f"{before:.1%}", f"{after:.1%}"]


def pace() -> float:
    """Milliseconds of processor time for one picture of 1080x1920, the median of nine."""
    picture, work, took = shot(size=(1920, 1080)), ChromaKeyer(Parameters()), list[float]()
    for _ in range(10):
        began = time.process_time()
        work.key(picture)
        took.append((time.process_time() - began) * 1000)
    return float(np.median(took[1:]))


def sheet() -> Pixels:
    """The shot, its matte, and the result before red and before a checker, side by side."""
    from avatars.keying.backdrop import checker

    picture = shot(shadow=0.4)
    keyed = ChromaKeyer(Parameters()).key(picture)
    red = np.full_like(picture, (255, 0, 0))
    grounds = (over(keyed, red), over(keyed, checker(*SIZE)))
    return np.hstack([picture, np.repeat(keyed.alpha[..., None], 3, axis=2), *grounds])


def main() -> None:
    """Print the table."""
    cv2.setNumThreads(1)
    head = ["screen", "IoU", "matte error", "rim tinted before", "after"]
    tell(table([head, *(row(name, *each) for name, each in _shots().items())], right=(1, 2, 3, 4)))
    tell(f"one picture of 1080x1920: {pace():.0f} ms of one processor")
    for each in sys.argv[1:]:
        Path(each).write_bytes(cv2.imencode(".jpg", sheet()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])[1].tobytes())


if __name__ == "__main__":
    main()
