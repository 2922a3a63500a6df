"""The parameters of a green or blue screen, under the names by which they are documented and copied.

The names and defaults are those of the capture standard's "copy parameters" button, with or without its prefix
`greenParams`; what this keyer adds is listed last and may be left out.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from visavis.config import Document, Strict, build, contents, parsed
from visavis.errors import ConfigError

PREFIX = "greenParams"
LIMIT = 64 * 1024
"""Bytes that a file of parameters may have."""
LEAST_APART = 20
"""By how much the screen's own channel must stand above the two others in a sampled colour."""

Byte = Annotated[int, Field(ge=0, le=255)]
Share = Annotated[float, Field(ge=0, le=1)]
Colour = tuple[Byte, Byte, Byte]
_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*')


class Background(Strict):
    """What a preview shows behind the person: red, green, blue."""

    color: Colour = (255, 0, 0)


class Parameters(Strict):
    """How a screen is keyed. Closeness to the screen's colour runs from 0 (grey, skin) to 255 (the screen itself)."""

    model_config = ConfigDict(populate_by_name=True, validate_default=True)

    high: Annotated[float, Field(gt=0, le=255)] = Field(default=160, alias="RefinethHBgr")
    """Background retention level: from this closeness on a pixel is all background. Lower keys more."""
    low: Annotated[float, Field(ge=0, lt=255)] = Field(default=40, alias="RefinethLBgr")
    """Edge retention width: up to this closeness a pixel is all person; between the two it is both. Lower keys more."""
    blur: Annotated[int, Field(ge=0, le=31)] = Field(default=3, alias="BlurKs")
    """Smoothness: side in pixels of the window in which the matte is averaged; odd, 0 or 1 for none."""
    removal: Annotated[float, Field(ge=0, le=100)] = Field(default=100, alias="Colorbalance")
    """Green removal level: 100 lets green be the mean of red and blue, 1 the larger of them, which keeps yellow."""
    spill: Share = Field(default=0.5, alias="SpillByalpha")
    """Share of the excess green that is taken from the person; at her edge, what exceeds that inside goes wholly."""
    sample_bgr: Colour = Field(default=(0, 255, 0), alias="SamplePointBgr")
    """The screen's colour as blue, green, red. It tells which hue is screen; how bright is measured in each picture."""
    background: Background = Field(default=Background(), alias="SampleBackground")
    """What a preview shows behind the person where nothing else is asked for."""
    sample: Literal["auto"] | None = Field(default=None, alias="SamplePoint")
    """`auto`: the median of the picture's border takes the place of `SamplePointBgr`."""
    box: tuple[Share, Share, Share, Share] = Field(default=(0.0, 0.0, 1.0, 1.0), alias="Box")
    """Left, top, right, bottom as shares of the picture; what lies outside is background."""
    erode: Annotated[int, Field(ge=0, le=10)] = Field(default=0, alias="Erode")
    """Pixels that are taken from the edge."""
    feather: Annotated[int, Field(ge=0, le=31)] = Field(default=0, alias="Feather")
    """Pixels over which the edge, once it is found, is softened inwards."""

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.low >= self.high:
            problem = f"RefinethLBgr {self.low:g} is not below RefinethHBgr {self.high:g}"
            raise ValueError(f"{problem}; lower it, or raise RefinethHBgr")
        if self.blur > 1 and self.blur % 2 == 0:
            raise ValueError(f"BlurKs {self.blur} is even; write {self.blur - 1} or {self.blur + 1}")
        if not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError("Box holds nothing; write [left, top, right, bottom] as shares from 0 to 1")
        if self.sample is None and _apart(self.sample_bgr) < LEAST_APART:
            problem = f"SamplePointBgr {list(self.sample_bgr)} is neither green nor blue"
            raise ValueError(f"{problem}; write blue, green, red of the screen, such as [0, 255, 0]")
        return self

    def as_json(self) -> dict[str, Any]:
        """What is copied: the documented keys, and of the added ones those that were set."""
        told = self.model_dump(mode="json", by_alias=True)
        added = {key: told.pop(key) for key in ("SamplePoint", "Box", "Erode", "Feather")}
        defaults = Parameters().model_dump(mode="json", by_alias=True)
        return {PREFIX + key: _short(value) for key, value in (told | _changed(added, defaults)).items()}


def load(path: Path) -> Parameters:
    """The parameters in a JSON file, whose `//` comments count as nothing. Raises ConfigError."""
    raw = contents(path, LIMIT)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(path, 1, "", "this is no text", "name a JSON file of parameters") from error
    document = parsed(path, _COMMENT.sub(lambda found: found[1] or "", text).encode(), LIMIT)
    return build(Parameters, _plain(document))


def of(given: dict[str, Any]) -> Parameters:
    """The parameters of a decoded JSON object. Raises pydantic's ValidationError."""
    return Parameters.model_validate({key.removeprefix(PREFIX): value for key, value in given.items()})


def text(parameters: Parameters) -> str:
    """The JSON to copy."""
    return json.dumps(parameters.as_json(), indent=2)


def _plain(document: Document) -> Document:
    """The same without the prefix of its keys. Raises ConfigError where a key stands with and without it."""
    if not isinstance(document.data, dict):
        return document
    data: dict[str, Any] = {}
    for key, value in document.data.items():
        name = str(key).removeprefix(PREFIX)
        if name in data:
            raise document.error(str(key), f"{name} is given twice", "keep one of them")
        data[name] = value
    return Document(document.path, data, {key.removeprefix(PREFIX): line for key, line in document.lines.items()})


def _changed(values: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value != defaults[key]}


def _short(value: Any) -> Any:
    """160 rather than 160.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _apart(bgr: tuple[int, int, int]) -> int:
    blue, green, red = bgr
    return max(green - max(blue, red), blue - max(green, red))
