"""Voices as they are chosen in the files of an installation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, PrivateAttr, model_validator

from avatars.voices.speaking import BETWEEN_S, FIRST_S
from runtime.choices import EngineChoice, Name
from visavis.config import Document, Strict, build, read


class Voices(Strict):
    """How voices are enrolled."""

    asr: EngineChoice | None = Field(
        default=None, description="The full recogniser that hears spoken authorisations; null: a person has to listen."
    )
    base: EngineChoice = Field(
        default=EngineChoice(engine="espeak"),
        description="The voice that is brought near an enrolled one where nothing here can clone.",
    )


class Voice(EngineChoice):
    """How it speaks: by an engine, whose own are the keys that are not named here, or by a voice of the house."""

    engine: str = Field(
        default="", description="Without one, `voice` names a file of the folder `voices`, or an enrolled voice."
    )
    first_s: float = Field(
        default=FIRST_S, gt=0, le=60, description="After so long without a first sound the next voice speaks."
    )
    between_s: float = Field(
        default=BETWEEN_S, gt=0, le=60, description="The same for sound that follows; it goes on from the word."
    )
    _document: Document | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _chosen(self) -> Self:
        if not self.engine:
            if not isinstance(self.options.get("voice"), str):
                raise ValueError("neither an engine nor a voice is named; write `engine: espeak`, or `voice: NAME`")
            if other := [name for name in self.options if name != "voice"]:
                raise ValueError(f"`{other[0]}` is a key of engines; name an `engine` besides, or leave it out")
        return self

    @property
    def document(self) -> Document | None:
        """The file of the folder `voices` that says it, None where no such file does."""
        return self._document

    def instead_of(self, choice: Voice) -> Voice:
        """This voice for a choice that names it, with the limits that are written there."""
        written = {name: getattr(choice, name) for name in choice.model_fields_set & {"first_s", "between_s"}}
        return self.model_copy(update=written)


def enrolled(name: str, voices: Voices) -> Voice:
    """The enrolled voice of that name."""
    options: dict[str, Any] = {"voice": name, "base": voices.base.model_dump()}
    return Voice(engine="enrolled", **options)


class Preset(Strict):
    """configs/voices/NAME.yaml"""

    voice: Name
    language: str = Field(default="", description="BCP-47, where it speaks another language than who asks for it.")
    tts: Voice = Field(description="What speaks, as in a dialog.")

    @model_validator(mode="after")
    def _by_engine(self) -> Self:
        if not self.tts.engine:
            raise ValueError("`tts` names no engine; write `tts: {engine: espeak}`")
        return self


def presets(folder: Path) -> Mapping[str, Preset]:
    """What the files of a folder say, by name; nothing without the folder. Raises ConfigError."""
    found: dict[str, Preset] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        document = read(path)
        preset = build(Preset, document)
        if preset.voice != path.stem:
            problem = f"{preset.voice!r} is in a file named {path.name}"
            raise document.error("voice", problem, f"write {path.stem!r} here")
        preset.tts._document = document
        found[preset.voice] = preset
    return found
