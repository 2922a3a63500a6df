"""The pictures, films and sounds that lie ready beside a knowledge base: the files of its folder `media`."""

from __future__ import annotations

import os
from pathlib import Path

PICTURES = frozenset([".png", ".jpg", ".jpeg", ".webp", ".svg"])
OTHERS = frozenset([".gif", ".mp4", ".webm", ".mp3", ".ogg", ".wav"])
MOST = 2_000
"""Files that are looked at."""


def media_of(folder: Path) -> dict[str, Path]:
    """The files by the name that cards have for them (`media/plan.png`); of links none."""
    found: dict[str, Path] = {}
    try:
        with os.scandir(folder / "media") as entries:
            for entry in entries:
                known = Path(entry.name).suffix.lower() in PICTURES | OTHERS
                if known and entry.is_file(follow_symlinks=False):
                    found[f"media/{entry.name}"] = Path(entry.path)
                if len(found) >= MOST:
                    break
    except OSError:
        return found
    return found


def is_picture(name: str) -> bool:
    """Whether a file of that name holds a still picture."""
    return Path(name).suffix.lower() in PICTURES
