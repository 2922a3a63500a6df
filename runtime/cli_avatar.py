"""The verbs of `visavis avatar`: which avatars there are, and what is done with them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from runtime import avatar_cuts, avatar_inspect, avatar_key
from runtime.console import Verb, config, ends, show, table, working


def register(group: Any, verb: Verb) -> None:
    """Add the verbs to the parser's group."""
    verb(group, "list", _list, "List the avatars that can be used.")
    export = verb(group, "export", _export, "Write an avatar's package to a zip file.")
    export.add_argument("name", metavar="NAME")
    export.add_argument("--out", type=Path, required=True, metavar="NAME.zip")
    export.add_argument("--replace", action="store_true", help="write over a file that is there")
    taken = verb(group, "import", _import, "Take a package from a zip file, with every check.")
    taken.add_argument("archive", type=Path, metavar="NAME.zip")
    taken.add_argument("--replace", action="store_true", help="put it in the place of the avatar of that name")
    approve = verb(group, "approve", _approve, "Say that a person's consent to an avatar is right, having seen it.")
    approve.add_argument("name", metavar="NAME")
    approve.add_argument("--by", required=True, metavar="PERSON", help="who has looked at what was signed")
    revoke = verb(group, "revoke", _revoke, "Take a recorded avatar back: all of it is deleted.")
    revoke.add_argument("name", metavar="NAME")
    avatar_cuts.register(group, verb)
    avatar_inspect.register(group, verb)
    avatar_key.register(group, verb)


def _list(options: argparse.Namespace) -> None:
    from avatars.package import available
    from runtime.avatar_packages import described

    found = [described(each) for each in available(config(options))]
    show(options, found, lambda rows: table([_row(row) for row in rows], right=(3,)))


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    return row["name"], row["title"], row["kind"], f"{row['bytes'] / 1e6:.1f} MB", row["consent"]


def _export(options: argparse.Namespace) -> None:
    ends(options, "out", ".zip")
    from runtime.avatar_packages import exported

    with working(f"exporting {options.name}"):
        found = exported(config(options), options.name, options.out, replace=options.replace)
    show(
        options, found, lambda row: f"{row['name']}: {row['files']} files, {row['bytes'] / 1e6:.1f} MB → {options.out}"
    )


def _import(options: argparse.Namespace) -> None:
    from runtime.avatar_packages import imported

    with working(f"importing {options.archive}"):
        found = imported(config(options), options.archive, replace=options.replace)
    show(options, found, lambda row: f"{row['name']} ({row['kind']}) is there; consent: {row['consent']}")


def _approve(options: argparse.Namespace) -> None:
    from avatars.package import named
    from avatars.packages.consent import approve

    avatar = named(options.name, config(options))
    given = approve(avatar.folder, avatar.manifest, options.by)
    found = {"name": avatar.name, "approved": True, **given.model_dump(mode="json")}
    show(options, found, lambda row: f"{row['name']}: approved by {row['by']}; it can be used")


def _revoke(options: argparse.Namespace) -> None:
    from avatars.package import named
    from avatars.packages.consent import revoke

    avatar = named(options.name, config(options))
    stone = revoke(avatar.folder, avatar.manifest)
    found = {"name": avatar.name, "revoked": True, **(stone.model_dump(mode="json") if stone is not None else {})}
    show(options, found, lambda row: f"{row['name']} is taken back; all of it is deleted")
