"""The ways of keying, by name."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np

from avatars.keying.parameters import Parameters
from avatars.keying.picture import Keyed, Keyer, Pixels

Method = Literal["none", "green", "blue", "alpha", "portrait", "green-after-lips"]
METHODS: Final[tuple[str, ...]] = get_args(Method)
BLUE_BGR = (255, 0, 0)


class Opaque:
    """Leaves the picture as it is."""

    def key(self, picture: Pixels) -> Keyed:
        return Keyed(picture[..., :3].copy(), np.full(picture.shape[:2], 255, np.uint8))


class OwnAlpha:
    """Takes the alpha that a recording which was keyed elsewhere brings along; all opaque where it has none."""

    def key(self, picture: Pixels) -> Keyed:
        if picture.shape[2] < 4:
            return Opaque().key(picture)
        return Keyed(picture[..., :3].copy(), picture[..., 3].copy())


def keyer(method: Method, parameters: Parameters) -> Keyer:
    """The keyer of that name. Raises SetupError where `portrait` lacks its weights."""
    match method:
        case "none":
            return Opaque()
        case "alpha":
            return OwnAlpha()
        case "portrait":
            from avatars.keying.portrait import PortraitKeyer

            return PortraitKeyer(parameters)
        case _:
            from avatars.keying.chroma import ChromaKeyer

            return ChromaKeyer(settled(method, parameters))


def settled(method: Method, parameters: Parameters) -> Parameters:
    """The parameters as the method uses them: a blue screen is sampled as blue unless another colour was given."""
    if method == "blue" and parameters.sample_bgr == (0, 255, 0):
        return parameters.model_copy(update={"sample_bgr": BLUE_BGR})
    return parameters


def after_lips(method: Method) -> bool:
    """Whether the pictures are stored with their screen and keyed once the lips are rendered."""
    return method == "green-after-lips"
