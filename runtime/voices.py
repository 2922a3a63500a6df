"""The voices that an installation has: configured ones (`configs/voices/*.yaml`) and enrolled ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from avatars.voices.enrol.faults import EnrolError
from avatars.voices.enrol.record import NAME
from avatars.voices.enrol.store import SPOKEN, Store, folder_of
from runtime.choices import EngineChoice
from runtime.settings import Installation
from runtime.voice_settings import Preset, Voice


class Named(NamedTuple):
    """A voice of the house, its own language where it has one, and what tells it from an earlier one of the name."""

    choice: Voice
    language: str | None = None
    made: str = ""


def house_voice(name: str, installation: Installation) -> Named | None:
    """The configured or enrolled voice of that name. Reads the disk; raises EnrolError, also for one taken back."""
    if name in installation.presets:
        preset = installation.presets[name]
        return Named(preset.tts, preset.language or None)
    store = Store(folder_of(Path(installation.app.cache.dir)))
    if not re.fullmatch(NAME, name) or not store.known(name):
        return None
    enrolled = store.load(name)
    return Named(installation.voice(name), enrolled.language, enrolled.qid)


def voice_named(name: str, installation: Installation, usual: EngineChoice) -> tuple[Voice, str | None]:
    """A voice of the house, or the usual engine's of that name, and its language where it has one of its own."""
    found = house_voice(name, installation)
    if found is not None:
        return found.choice, found.language
    return Voice(engine=usual.engine, **usual.options | {"voice": name}), None


def spoken_folder(cache: Path, voices: Sequence[EngineChoice]) -> Path | None:
    """Where what a dialog says is kept when an enrolled voice says it: in that voice's folder, to go with it."""
    for each in voices:
        name = str(each.options.get("voice", ""))
        if each.engine == "enrolled" and re.fullmatch(NAME, name):
            return folder_of(cache) / name / SPOKEN
    return None


def told(store: Store, presets: Mapping[str, Preset]) -> list[dict[str, Any]]:
    """What people are told of every voice."""
    rows: list[dict[str, Any]] = [
        {
            "name": name, "kind": "preset", "engine": each.tts.engine,
            "languages": [each.language] if each.language else [],
            "state": "ready", "similarity": None, "consent": None, "approved_by": None,
        }
        for name, each in presets.items()
    ]  # fmt: skip
    for name in store.names():
        try:
            voice = store.load(name)
            if voice.usable:
                store.usable(name)
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
