"""A rig's folder as checked data: `rig.yaml` (bones, layers), `face.yaml`, `hands.yaml`, `actions.yaml`, `scene.yaml`.

A folder that `extends` another takes what it does not have itself from there; palettes are merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from visavis.config import Document, Strict, read
from visavis.errors import ConfigError
from visavis.words import RATE, Emotion, Mood, Viseme

Point = tuple[float, float]
HOME = Path(__file__).resolve().parents[2]
PARTS = ("rig", "face", "hands", "actions", "scene")


class Gradient(Strict):
    """Colours along `line` [x0, y0, x1, y1], or out from `centre` [x, y, r]."""

    colors: tuple[str, ...]
    line: tuple[float, float, float, float] | None = None
    centre: tuple[float, float, float] | None = None
    stops: tuple[float, ...] | None = None


class Layer(Strict):
    """One drawn shape, or the place where a `part` that the code shapes is drawn."""

    bone: str = "root"
    part: str | None = None
    fill: str | Gradient | None = None
    stroke: str | None = None
    width: float = 1.0
    opacity: float = 1.0
    fade: str | None = None
    d: str | None = None
    circle: tuple[float, float, float] | None = None
    ellipse: tuple[float, float, float, float] | None = None
    dots: tuple[tuple[float, float, float], ...] = ()
    blur: float = 0.0
    jaw: bool = False
    mirror: str | None = None
    within: tuple[float, float, float] | None = None
    """A circle outside of which nothing of it is drawn."""

    def alike(self, other: Layer | None) -> bool:
        """Whether both can be drawn as one shape: same bone and paint, nothing that changes."""
        if other is None or any(layer.part or layer.fade or layer.jaw or layer.mirror for layer in (self, other)):
            return False
        same = self.bone == other.bone and self.opacity == other.opacity and self.blur == other.blur
        return same and isinstance(self.color, str) and self.color == other.color

    @property
    def color(self) -> str | Gradient | None:
        return self.stroke if self.stroke is not None else self.fill


class Bone(Strict):
    """A joint: turned about `pivot`, moved and stretched by channels of the pose, each with its factor."""

    parent: str | None = None
    pivot: Point = (270, 480)
    x: dict[str, float] = Field(default_factory=dict)
    y: dict[str, float] = Field(default_factory=dict)
    rotate: dict[str, float] = Field(default_factory=dict)
    sx: dict[str, float] = Field(default_factory=dict)
    sy: dict[str, float] = Field(default_factory=dict)


class Cuff(Strict):
    """The end of a sleeve."""

    length: float
    radius: float
    fill: str
    shade: str


class Arms(Strict):
    """Measures of the arm at the picture's right; the other one mirrors it."""

    bone: str
    shoulder: Point
    upper: float
    fore: float
    radius: tuple[float, float, float]
    cuff: Cuff
    fill: str
    shade: str
    fold: str
    hand: float
    shadow_on: tuple[float, float, float, float]
    """Where arms throw a shadow on the body: left, top, right, bottom."""


class Body(Strict):
    """`rig.yaml`: the size of the drawing in its own units, colours, bones and layers."""

    size: tuple[int, int]
    palette: dict[str, str]
    bones: dict[str, Bone]
    arms: Arms
    body: dict[str, tuple[Layer, ...]]
    """Groups of layers, from the back to the front; arms are drawn over them."""
    head: dict[str, tuple[Layer, ...]]


class Lips(Strict):
    """One mouth shape. Figures go from 0 to 1, `wide` from -1; `hold` is how firmly it resists its neighbours.

    `corners` is the same for the lips' width and rounding, which many consonants leave to the vowels about them.
    """

    open: float = 0.0
    wide: float = 0.0
    round: float = 0.0
    upper: float = 0.0
    lower: float = 0.0
    teeth: float = 0.0
    under: float = 0.0
    tongue: float = 0.0
    bite: float = 0.0
    press: float = 0.0
    hold: float = 1.0
    corners: float = 1.0


class Mouth(Strict):
    """Where the mouth lies, half its width, how far it opens, and the thickness of the lips."""

    centre: Point
    half: float
    drop: float
    upper_lip: float
    lower_lip: float
    region: tuple[float, float, float, float]
    """What changes when the mouth moves, in the head's units: left, top, right, bottom."""


class Eye(Strict):
    """The eye at the picture's right: half its width, the height of its lids, its iris and how far that moves."""

    centre: Point
    half: float
    upper: float
    lower: float
    iris: float
    reach: Point


class Brow(Strict):
    """The brow at the picture's right: half its width, its arch and thickness."""

    centre: Point
    half: float
    arch: float
    thick: float


class Face(Strict):
    """`face.yaml`: what is drawn by code, and how it looks with each mouth shape, emotion and mood."""

    mouth: Mouth
    eye: Eye
    brow: Brow
    jaw: tuple[float, float, float]
    """Where the face begins to follow the jaw, where it follows fully, and how far (y, y, units)."""
    visemes: dict[Viseme, Lips]
    emotions: dict[Emotion, dict[str, float]]
    moods: dict[Mood, dict[str, float]]


class Hand(Strict):
    """A hand with its fingers up and its wrist at 0, 0.

    A finger: base, joint and tip (x, y each), width, and 1 if it lies in front of the palm.
    """

    palm: tuple[Point, ...]
    fingers: tuple[tuple[float, ...], ...]


class Hands(Strict):
    """`hands.yaml`: the shapes by name, the colour of their line, and how arm and hand rest."""

    shapes: dict[str, Hand]
    line: str
    rest: dict[str, Any]


class Key(BaseModel):
    """A pose at `t` seconds; what it does not name is at rest."""

    model_config = ConfigDict(extra="allow", frozen=True)
    t: float


class Actions(Strict):
    """`actions.yaml`: key poses in order of time, and other names for the same action."""

    actions: dict[str, tuple[Key, ...]]
    alias: dict[str, str] = Field(default_factory=dict)


class Scene(Strict):
    """`scene.yaml`: what stands behind the avatar."""

    background: dict[str, tuple[Layer, ...]]


class Rig(Strict):
    """All five files of a folder."""

    rig: Body
    face: Face
    hands: Hands
    actions: Actions
    scene: Scene

    def lengths(self) -> dict[str, int]:
        """Every action with its length in samples; `idle` is one second of rest."""
        own = {name: round(keys[-1].t * RATE) for name, keys in self.actions.actions.items()}
        return {"idle": RATE} | own | {name: own[other] for name, other in self.actions.alias.items()}


@dataclass(frozen=True, slots=True)
class Sources:
    """The parts of a rig as plain data, and the files that they come from, nearest first."""

    parts: dict[str, dict[str, Any]]
    files: dict[str, tuple[Document, ...]]

    def error(self, location: tuple[int | str, ...], problem: str) -> ConfigError:
        """An error at a key of the file that wrote it."""
        part = str(location[0])
        key = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in location[1:]).lstrip(".")
        files = self.files[part]
        top = str(location[1]) if len(location) > 1 else ""
        written = [file for file in files if top in file.data] or list(files)
        return written[0].error(key, problem, "correct it")


def _gather(folder: Path, seen: tuple[Path, ...] = ()) -> Sources:
    """The files of a folder over those of the one that it extends; top-level mappings are merged."""
    own = {part: read(folder / f"{part}.yaml") for part in PARTS if (folder / f"{part}.yaml").exists()}
    base = own["rig"].data.get("extends") if "rig" in own and isinstance(own["rig"].data, dict) else None
    if base is None:
        parts = {part: dict(_mapping(document)) for part, document in own.items()}
        return Sources(parts, {part: (document,) for part, document in own.items()})
    if folder in seen or not isinstance(base, str) or Path(base).name != base:
        raise own["rig"].error(
            "extends", f"{base!r} cannot be extended", "name another avatar's folder beside this one"
        )
    below = _gather(folder.parent / base if (folder.parent / base).is_dir() else HOME / base, (*seen, folder))
    parts, files = dict(below.parts), dict(below.files)
    for part, document in own.items():
        merged = dict(parts.get(part, {}))
        for key, value in _mapping(document).items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
        merged.pop("extends", None)
        parts[part], files[part] = merged, (document, *files.get(part, ()))
    return Sources(parts, files)


def layers(groups: dict[str, tuple[Layer, ...]]) -> list[Layer]:
    """The layers of all groups in their order."""
    return [layer for group in groups.values() for layer in group]


def _mapping(document: Document) -> dict[str, Any]:
    if not isinstance(document.data, dict):
        raise document.error("", "the file holds no keys", "write `key: value` lines")
    return document.data


@lru_cache(maxsize=8)
def load(folder: Path) -> Rig:
    """The rig in `folder`. Raises ConfigError naming file, line and key."""
    found = _gather(folder.resolve())
    missing = [part for part in PARTS if part not in found.parts]
    if missing:
        raise ConfigError(folder / f"{missing[0]}.yaml", 1, "", "is missing", "add it, or `extends:` another rig")
    try:
        return Rig.model_validate(found.parts)
    except ValidationError as error:
        first = error.errors()[0]
        raise found.error(first["loc"], first["msg"]) from error
