"""The verbs of `visavis avatar`: which avatars there are, and what is done with them."""

from __future__ import annotations

import argparse
from typing import Any

from runtime import avatar_inspect
from runtime.console import Verb, config, show


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    avatar_inspect.register(group, verb)
    verb(group, "list", _list, "List the avatars that can be used.")


def _list(options: argparse.Namespace) -> None:
    from avatars.package import available

    found = [
        {"name": each.name, "title": each.title, "renderer": each.renderer, "actions": list(each.actions)}
        for each in available(config(options))
    ]
    show(options, found, lambda rows: "\n".join(f"{row['name']:16} {row['title']}" for row in rows))
