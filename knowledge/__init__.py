"""What it knows: YAML libraries, matching, calibration, passages.

knowledge = await Knowledge.open(["museum"], Path("configs/knowledge"), context, embedder)
finding = await knowledge.find("When do you open?")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.answers import Entry, Finding
    from knowledge.knowledge import Knowledge
    from knowledge.passages import Passage

__all__ = ["Entry", "Finding", "Knowledge", "Passage"]

_HOMES = {"Entry": "answers", "Finding": "answers", "Knowledge": "knowledge", "Passage": "passages"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"knowledge.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'knowledge' has no attribute {name!r}")
