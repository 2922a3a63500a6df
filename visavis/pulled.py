"""Weights that are not part of any wheel: a path, or the name under which `visavis pull` fetched them."""

from __future__ import annotations

import re
from pathlib import Path

from visavis.errors import OptionError

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
"""What weights may be called; the name is a folder's."""


def weights_folder(cache: Path) -> Path:
    """Where pulled weights lie: beside the cache, as they are kept when it is emptied."""
    return cache.parent / "weights"


def pulled(named: str, cache: Path, *, key: str = "model") -> Path:
    """The file or folder that an engine's option `key` names. Raises OptionError where there is neither."""
    path = Path(named).expanduser()
    if path.exists():
        return path
    if NAME.fullmatch(named):
        folder = weights_folder(cache) / named
        if folder.is_dir():
            return folder
        raise OptionError(key, f"no weights named {named!r} were pulled", f"run: visavis pull {named}")
    raise OptionError(
        key, f"there is nothing at {named}", "name a folder of weights, or pulled ones: visavis pull --list"
    )
