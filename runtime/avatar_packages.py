"""What operators do with avatar packages: see which there are, write one out, take one in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from avatars.package import BUILT_IN, Avatar, available, load, named
from avatars.packages import archive, consent
from avatars.packages.folder import members
from runtime.console import check_place
from visavis.errors import SetupError

AVATARS = "avatars"
"""The folder of a configuration that holds its own avatars."""


def described(avatar: Avatar) -> dict[str, Any]:
    """What `avatar list` shows of one."""
    manifest = avatar.manifest
    return {
        "name": avatar.name,
        "title": avatar.title,
        "renderer": avatar.renderer,
        "actions": list(avatar.actions),
        "kind": manifest.kind,
        "synthetic": manifest.synthetic,
        "looks": [look.name for look in manifest.looks],
        "bytes": sum(path.stat().st_size for _, path in members(avatar.folder)),
        "consent": _consent(avatar),
    }


def _consent(avatar: Avatar) -> str:
    """Whether a recorded avatar may be used, in a few words."""
    if not avatar.recorded:
        return "none needed"
    try:
        given = consent.record(avatar.folder, avatar.manifest)
    except SetupError as error:
        return f"missing: {error.problem}"
    found = consent.approval(avatar.folder, avatar.manifest)
    whose = f"{given.person} for {given.company}"
    return f"{whose}, approved by {found.by}" if found is not None else f"{whose}, not approved"


def exported(configs: Path, name: str, out: Path, *, replace: bool) -> dict[str, Any]:
    """Write the avatar's package to `out`. Raises SetupError, ConfigError, OSError."""
    check_place(out)
    sums = archive.export(named(name, configs).folder, out, replace=replace)
    return {"name": name, "files": len(sums), "bytes": out.stat().st_size, "sha256": sums}


def imported(configs: Path, path: Path, *, replace: bool) -> dict[str, Any]:
    """Take a package into the configuration's own avatars. Raises SetupError, ConfigError, OSError."""
    avatars = configs / AVATARS
    built_in = [each.name for each in available(BUILT_IN / "nowhere")]
    manifest = archive.take(path, avatars, replace=replace, taken=built_in)
    return described(load(avatars / manifest.name))
