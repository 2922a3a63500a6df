"""`shapes.yaml` as arrays: rows are mouth shapes or rules, columns the blendshapes of `NAMES`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avatars.blendshapes.names import NAMES, places
from visavis.config import Strict, build, read
from visavis.words import Viseme

HERE = Path(__file__).with_name("shapes.yaml")
Weights = NDArray[np.float64]
"""A value of 0 to 1 for each of `NAMES`."""


class MouthShape(Strict):
    to: dict[str, float]
    hold: float
    corners: float


class Rule(Strict):
    channel: str
    above: float = 0.0
    gain: float
    to: dict[str, float]


class Shapes(Strict):
    visemes: dict[Viseme, MouthShape]
    channels: tuple[Rule, ...]
    head: dict[str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """`shape` and `hold`: (15, 52) in the order of `Viseme`; the rules' `effect`: (rules, 52)."""

    shape: Weights
    hold: Weights
    rules: tuple[Rule, ...]
    effect: Weights
    head: Mapping[str, float]


CORNERS = [at for name in ("mouthFunnel", "mouthPucker", "mouthStretch", "mouthSmile") for at in places(name)]
"""What a consonant leaves to the vowels about it."""


def row(weights: Mapping[str, float]) -> Weights:
    """Weights by name as one row. Raises KeyError for a shape that ARKit does not have."""
    out = np.zeros(len(NAMES))
    for name, value in weights.items():
        out[places(name)] = value
    return out


@lru_cache(maxsize=1)
def table() -> Table:
    """The published table. It is read from the disk once."""
    shapes = build(Shapes, read(HERE))
    hold = np.zeros((len(Viseme), len(NAMES)))
    for at, name in enumerate(Viseme):
        hold[at] = shapes.visemes[name].hold
        hold[at, CORNERS] = shapes.visemes[name].corners
    mouths: list[Any] = [row(shapes.visemes[name].to) for name in Viseme]
    effects = [row(rule.to) for rule in shapes.channels]
    return Table(np.array(mouths), hold, shapes.channels, np.array(effects), shapes.head)
