"""Avatar packages: a folder with a manifest that says who it is and how it is drawn.

The built-in ones lie beside this module; a user's own lie in `<configs>/avatars/` and, under the same name, replace
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from visavis.config import Document, Strict, build, read, suggest
from visavis.errors import ConfigError, SetupError
from visavis.words import ACTIONS

MANIFEST = "manifest.yaml"
BUILT_IN = Path(__file__).resolve().parent


class Voice(Strict):
    """The voice that suits the avatar; a dialog may choose another."""

    engine: str = "espeak"
    voice: str = "en-us"


def _action(name: str) -> str:
    if name not in ACTIONS:
        raise ValueError(f"there is no action {name!r}: {suggest(name, ACTIONS)}")
    return name


Seconds = Annotated[float, Field(ge=0, le=600)]


class Gestures(Strict):
    """How the avatar moves while it speaks, in seconds; what is not given is usual for its kind.

    `stroke`: from an action's beginning to its stroke, that belongs to the stressed word. `apart`: from one action's
    end to the next one's beginning. `again`: between two of the same. `longest`: an action is over by then.
    """

    stroke: dict[Annotated[str, AfterValidator(_action)], Annotated[float, Field(ge=0, le=10)]] = Field(
        default_factory=dict
    )
    apart: Seconds | None = None
    again: Seconds | None = None
    longest: Annotated[float, Field(gt=0, le=10)] = 10.0


class Manifest(Strict):
    """What `manifest.yaml` says. `synthetic`: whether the likeness is drawn, or taken from recordings of a person."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    renderer: str
    languages: tuple[str, ...] = ("*",)
    voice: Voice = Voice()
    actions: tuple[str, ...] = ("idle",)
    gestures: Gestures = Gestures()
    licence: str
    synthetic: Literal["drawn", "recorded"]


@dataclass(frozen=True, slots=True)
class Avatar:
    """An avatar that can be used: its manifest and where it lies."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def title(self) -> str:
        return self.manifest.title

    @property
    def renderer(self) -> str:
        """The entry point of `visavis.renderer` that draws it."""
        return self.manifest.renderer

    @property
    def actions(self) -> tuple[str, ...]:
        return self.manifest.actions

    @property
    def gestures(self) -> Gestures:
        return self.manifest.gestures

    @property
    def recorded(self) -> bool:
        """Whether its actions are footage of a person."""
        return self.manifest.synthetic == "recorded"

    @property
    def voice(self) -> Voice:
        return self.manifest.voice


def find(name: str, configs_dir: Path) -> Avatar:
    """The avatar called `name`. Raises SetupError naming those that exist, ConfigError if its manifest is broken."""
    folders = _folders(configs_dir)
    if name not in folders:
        raise SetupError(f"there is no avatar named {name!r}", suggest(name, sorted(folders)))
    return load(folders[name])


def available(configs_dir: Path) -> list[Avatar]:
    """Every avatar, the built-in ones first. Raises ConfigError for the first broken manifest."""
    return [load(folder) for folder in _folders(configs_dir).values()]


def load(folder: Path) -> Avatar:
    """The avatar in `folder`. Raises ConfigError."""
    document = read(folder / MANIFEST)
    manifest = build(Manifest, document)
    if manifest.name != folder.name:
        raise _misnamed(document, manifest.name, folder.name)
    return Avatar(folder, manifest)


def _misnamed(document: Document, name: str, folder: str) -> ConfigError:
    return document.error("name", f"{name!r} lies in a folder named {folder!r}", f"rename the folder to {name!r}")


def _folders(configs_dir: Path) -> dict[str, Path]:
    """Names to folders; a user's own replace the built-in ones of the same name."""
    found: dict[str, Path] = {}
    for place in (BUILT_IN, configs_dir / "avatars"):
        if place.is_dir():
            found |= {each.name: each for each in sorted(place.iterdir()) if (each / MANIFEST).is_file()}
    return found
