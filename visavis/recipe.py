"""What made a result that is kept, in a word: it is made anew when the code behind it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def recipe(folder: Path, modules: Iterable[str]) -> str:
    """Eight hexadecimal digits that belong to these modules of `folder` as they are written; part of a `version`."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update((folder / f"{module}.py").read_bytes())
    return digest.hexdigest()[:8]
