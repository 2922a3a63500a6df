"""Avatar packages: a folder with a manifest that says who it is and how it is drawn.

The built-in ones lie beside this module; a user's own lie in `<configs>/avatars/` and, under the same name, replace
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from avatars.packages import folder as folders
from avatars.packages.consent import require
from avatars.packages.manifest import MANIFEST, Gestures, Manifest, Voice
from visavis.config import Document, suggest
from visavis.errors import ConfigError, SetupError
from visavis.words import FPS

BUILT_IN = Path(__file__).resolve().parent


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
        """Of a recorded one those of its primary look."""
        if self.recorded:
            return tuple(each.name for each in self.manifest.bodies[0].actions)
        return self.manifest.actions

    @property
    def limited(self) -> bool:
        """Whether it can do no more than its actions; a manifest that names none leaves that to its renderer."""
        return self.recorded or "actions" in self.manifest.model_fields_set

    @property
    def gestures(self) -> Gestures:
        """Its manners; the strokes of footage lie where the footage says, unless the manners do."""
        own = self.manifest.gestures
        if not self.recorded:
            return own
        found = self.manifest.bodies[0].actions
        strokes = {each.name: (each.stroke - each.start) / FPS for each in found if each.stroke is not None}
        return own.model_copy(update={"stroke": strokes | own.stroke})

    @property
    def recorded(self) -> bool:
        """Whether its actions are footage of a person."""
        return self.manifest.synthetic == "recorded"

    @property
    def voice(self) -> Voice:
        return self.manifest.voice


def find(name: str, configs_dir: Path) -> Avatar:
    """The avatar called `name`, which may be used.

    Raises SetupError naming those that exist, or for a recorded one without an approved consent; ConfigError if its
    manifest is broken or a file of it is missing.
    """
    avatar = named(name, configs_dir)
    document, manifest = folders.opened(avatar.folder)
    folders.there(avatar.folder, document, manifest)
    require(avatar.folder, manifest)
    return avatar


def named(name: str, configs_dir: Path) -> Avatar:
    """The avatar called `name`, whether it may be used or not. Raises as `find`, but for consent and files."""
    found = _folders(configs_dir)
    if name not in found:
        raise SetupError(f"there is no avatar named {name!r}", suggest(name, sorted(found)))
    return load(found[name])


def available(configs_dir: Path) -> list[Avatar]:
    """Every avatar, the built-in ones first. Raises ConfigError for the first broken manifest."""
    return [load(folder) for folder in _folders(configs_dir).values()]


def load(folder: Path) -> Avatar:
    """The avatar in `folder`. Raises ConfigError."""
    document, manifest = folders.opened(folder)
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
            visible = (each for each in sorted(place.iterdir()) if not each.name.startswith("."))
            found |= {each.name: each for each in visible if (each / MANIFEST).is_file()}
    return found
