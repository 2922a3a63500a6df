"""`visavis kb gaps`: what visitors asked and the knowledge base did not answer, from a dialog's journal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from agent.journal import Asked, read
from knowledge.gaps import Gap, gaps
from knowledge.knowledge import Knowledge
from runtime.keeping import JOURNAL
from runtime.opened import embedder_for
from runtime.settings import Dialog, Installation

OPEN = ("fallback", "suggest")
"""Decisions that leave a question unanswered."""


async def unanswered(folder: Path, name: str | None, days: int, done: Callable[[int, int], None]) -> dict[str, Any]:
    """The gaps of a dialog, the first one without a name, in its journal's last `days`. Raises VisavisError."""
    installation = Installation(folder)
    dialog = installation.dialog(name)
    place = Path(installation.app.cache.dir).parent / JOURNAL / dialog.dialog
    since = (datetime.now() - timedelta(days=days)).isoformat(timespec="seconds")
    asked = [each for each in read(place) if isinstance(each.at, str) and each.at >= since]
    missing = [each.text for each in asked if _open(each)]
    found: list[Gap] = []
    if missing:
        async with embedder_for(installation, dialog.language) as (context, embedder):
            knowledge = await Knowledge.open(dialog.knowledge, folder / "knowledge", context, embedder)
            found = await gaps(knowledge, embedder, missing, done)
    return {
        "dialog": dialog.dialog,
        "days": days,
        "keep_text": dialog.privacy.keep_text,
        "note": _note(installation, dialog, place),
        "asked": len(asked),
        "unanswered": len(missing),
        "gaps": [_written(each) for each in found],
    }


def _open(asked: Asked) -> bool:
    return asked.decision in OPEN and asked.source != "review" and isinstance(asked.text, str)


def _note(installation: Installation, dialog: Dialog, place: Path) -> str:
    """Why there is nothing to read; empty where there is."""
    file = installation.documents[dialog.dialog].path
    if dialog.privacy.keep_text == "off":
        return (
            f"{file}: privacy.keep_text is off, so nothing of what visitors ask is kept; "
            "with `privacy: {keep_text: redacted}` questions are kept without personal data, from then on"
        )
    return "" if place.is_dir() else f"nothing has been asked yet: there is no {place}"


def _written(gap: Gap) -> dict[str, Any]:
    return {
        "count": gap.count,
        "texts": list(gap.texts),
        "nearest": asdict(gap.nearest) if gap.nearest else None,
        "advice": "phrasing" if gap.near else "entry",
        "yaml": gap.yaml,
    }
