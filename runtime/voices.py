"""The voices that an installation has: configured ones (`configs/voices/*.yaml`) and enrolled ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import NAME
from avatars.voices.enrol.store import SPOKEN, Store, folder_of
from runtime.choices import EngineChoice, Name
from runtime.settings import Installation
from visavis.config import Document, build, read


class Preset(EngineChoice):
    """configs/voices/NAME.yaml: `voice` is its name, `engine` with its keys what speaks; `speaker` is the engine's own
    `voice` key, as that name is taken."""

    model_config = ConfigDict(frozen=True, extra="allow")
    voice: Name
    language: str = ""

    @property
    def choice(self) -> EngineChoice:
        """What a dialog's `tts` would say."""
        options = {key: value for key, value in self.options.items() if key not in ("style", "speaker")}
        own = self.options.get("speaker")
        return EngineChoice(engine=self.engine, **options | ({"voice": own} if own is not None else {}))


def configured(folder: Path) -> Mapping[str, tuple[Preset, Document]]:
    """The presets of a configuration folder, by name. Raises ConfigError."""
    found: dict[str, tuple[Preset, Document]] = {}
    place = folder / "voices"
    for path in sorted(place.iterdir()) if place.is_dir() else ():
        if path.suffix not in (".yaml", ".yml") or path.name.startswith("."):
            continue
        document = read(path)
        preset = build(Preset, document)
        if preset.voice != path.stem:
            problem = f"{preset.voice!r} is in a file named {path.name}"
            raise document.error("voice", problem, f"write {path.stem!r} here")
        found[preset.voice] = (preset, document)
    return found


def voice_named(name: str, installation: Installation, usual: EngineChoice) -> tuple[EngineChoice, str | None]:
    """An enrolled voice, a configured one, or the usual engine's of that name, and the language that it has."""
    store = Store(folder_of(Path(installation.app.cache.dir)))
    if re.fullmatch(NAME, name) and store.known(name):
        base = installation.app.voices.base.model_dump()
        return EngineChoice(engine="enrolled", **{"voice": name, "base": base}), store.load(name).language
    presets = configured(installation.folder)
    if name in presets:
        return presets[name][0].choice, presets[name][0].language or None
    return EngineChoice(engine=usual.engine, **usual.options | {"voice": name}), None


def spoken_folder(cache: Path, voices: Sequence[EngineChoice]) -> Path | None:
    """Where what a dialog says is kept when an enrolled voice says it: in that voice's folder, to go with it."""
    for each in voices:
        name = str(each.options.get("voice", ""))
        if each.engine == "enrolled" and re.fullmatch(NAME, name):
            return folder_of(cache) / name / SPOKEN
    return None


def told(store: Store, presets: Mapping[str, tuple[Preset, Document]]) -> list[dict[str, Any]]:
    """What people are told of every voice."""
    rows: list[dict[str, Any]] = [
        {
            "name": name, "kind": "preset", "engine": each.engine,
            "languages": [each.language] if each.language else [],
            "state": "ready", "similarity": None, "consent": None, "approved_by": None,
        }
        for name, (each, _) in presets.items()
    ]  # fmt: skip
    for name in store.names():
        try:
            voice = store.load(name)
        except EnrolError as error:
            rows.append({"name": name, "kind": "enrolled", "state": "broken", "problem": str(error)})
            continue
        approval = voice.consent.approval
        rows.append(
            {
                "name": name, "kind": "enrolled", "engine": voice.spoken_by or "enrolled",
                "languages": [voice.language],
                "state": "ready" if approval is not None else "waits for a person", "similarity": voice.similarity,
                "consent": voice.consent.recorded.date().isoformat(),
                "approved_by": approval.by if approval is not None else None,
            }
        )  # fmt: skip
    return rows
