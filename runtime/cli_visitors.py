"""`visavis visitors forget ID`: delete what is kept of a visitor, with or without a server."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from runtime.console import Verb, config, show


def register(group: Any, verb: Verb) -> None:
    """Add the verb to the parser's group."""
    verb(group, "forget", _forget, "Delete what is kept of a visitor.").add_argument(
        "id", help="the client's id of him"
    )


def _forget(options: argparse.Namespace) -> None:
    from agent.visitors import Visitors
    from runtime.keeping import VISITORS
    from runtime.settings import Installation

    installation = Installation(config(options), required=False, with_dialogs=False)
    folder = installation.app.cache.dir.parent / VISITORS
    deleted = folder.is_dir() and asyncio.run(Visitors(folder, days=0).delete(options.id))
    show(options, {"deleted": deleted}, lambda row: "forgotten" if row["deleted"] else "nobody is known by that id")
